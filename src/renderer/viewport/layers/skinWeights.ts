import type { SceneState } from '../sceneState';
import { BodyMeshes } from './bodyMeshes';
import type { ViewportLayer } from './layer';

/** Bodies coloured by how much each vertex follows the picked joint: viridis, clay where it does not at all; none picked, all joints in colours that blend. */
export class SkinWeightsLayer implements ViewportLayer {
  private readonly meshes = new BodyMeshes(true);
  readonly object = this.meshes.object;

  update({ people, shared, colors }: SceneState): void {
    this.meshes.begin();
    if (!shared) return;
    for (const entry of people) {
      if (entry.weightsOf === undefined) continue;
      shared.showWeights(entry.weightsOf);
      this.meshes.show(entry, shared, colors.clay);
    }
  }

  dispose(): void {
    this.meshes.dispose();
  }
}
