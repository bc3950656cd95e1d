import type { SceneState } from '../sceneState';
import { BodyMeshes } from './bodyMeshes';
import type { ViewportLayer } from './layer';

/** Plain bodies: smooth, matte clay; the selected person lighter. Those whose weights are shown are left to that layer. */
export class BodyLayer implements ViewportLayer {
  private readonly meshes = new BodyMeshes(false);
  readonly object = this.meshes.object;

  update({ people, shared, colors }: SceneState): void {
    this.meshes.begin();
    if (!shared) return;
    for (const entry of people) {
      if (entry.weightsOf !== undefined) continue;
      this.meshes.show(entry, shared, entry.isSelected || people.length === 1 ? colors.clay : colors.clayQuiet);
    }
  }

  dispose(): void {
    this.meshes.dispose();
  }
}
