import { viewStore } from '../../session/viewStore';
import type { SceneState } from '../sceneState';
import { BodyMeshes } from './bodyMeshes';
import type { ViewportLayer } from './layer';

/** Bodies coloured by their skin weights: one joint's in viridis with clay where there is none, or all joints' in colours of their own. */
export class SkinWeightsLayer implements ViewportLayer {
  private readonly meshes = new BodyMeshes(true);
  readonly object = this.meshes.object;

  update({ people, shared, colors }: SceneState): void {
    this.meshes.begin(shared);
    for (const entry of people) {
      if (entry.weightsOf === undefined) continue;
      entry.shared.showWeights(entry.weightsOf, viewStore.getState().weightFloor);
      this.meshes.show(entry, colors.clay);
    }
  }

  dispose(): void {
    this.meshes.dispose();
  }
}
