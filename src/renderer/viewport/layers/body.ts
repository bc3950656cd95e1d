import type { SceneState } from '../sceneState';
import { BodyMeshes } from './bodyMeshes';
import type { ViewportLayer } from './layer';

/** Plain bodies: smooth, matte clay; the selected person lighter. Those whose weights are shown are left to that layer. */
export class BodyLayer implements ViewportLayer {
  private readonly meshes = new BodyMeshes(false);
  readonly object = this.meshes.object;

  update({ people, shared, colors }: SceneState): void {
    this.meshes.begin(shared);
    for (const entry of people) {
      if (entry.weightsOf !== undefined) continue;
      const clay = entry.isSelected || people.length === 1 ? colors.clay : colors.clayQuiet;
      this.meshes.show(entry, entry.run ? entry.color : clay);
    }
  }

  dispose(): void {
    this.meshes.dispose();
  }
}
