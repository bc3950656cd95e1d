import type { SceneState } from '../sceneState';
import { viewportStore } from '../viewportStore';
import type { ViewportLayer } from './layer';
import { ThickLines } from './thickLines';

/** How far from the lens the picture is drawn, m. */
const DEPTH = 0.45;

/** The video camera: its place and the edges of its picture. */
export class CameraFrustumLayer implements ViewportLayer {
  private readonly lines = new ThickLines(10, { width: 1.2, casing: false, xray: false, opacity: 0.8 });
  readonly object = this.lines.object;
  /** Lens, four corners, and the mark that says which side is up. */
  private readonly points = new Float32Array(7 * 3);

  update({ camera, colors, people }: SceneState): void {
    const right = (DEPTH * camera.width) / 2 / camera.focal;
    const down = (DEPTH * camera.height) / 2 / camera.focal;
    this.points.set([0, 0, 0, -right, -down, DEPTH, right, -down, DEPTH, right, down, DEPTH, -right, down, DEPTH]);
    this.points.set([-right * 0.3, -down * 1.08, DEPTH, right * 0.3, -down * 1.08, DEPTH], 15);
    this.lines.begin();
    // Through the camera itself its edges would only lie on the edges of the view.
    if (people.length > 0 && viewportStore.getState().direction !== 'camera') {
      for (let corner = 1; corner <= 4; corner++) {
        this.lines.segment(this.points, 0, this.points, corner * 3, colors.camera);
        this.lines.segment(this.points, corner * 3, this.points, ((corner % 4) + 1) * 3, colors.camera);
      }
      this.lines.segment(this.points, 15, this.points, 18, colors.camera);
    }
    this.lines.end();
  }

  dispose(): void {
    this.lines.dispose();
  }
}
