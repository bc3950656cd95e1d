import { Vector2, type WebGLRenderer, Vector4 } from 'three';

const viewport = new Vector4();
const size = new Vector2();

/**
 * Draws into the lower left part of a canvas from now on, in the renderer's own px. What lies outside is neither cleared nor drawn. A canvas that
 * gets another size waits for everything drawn before, which takes many frames where the processor draws; a part does not.
 */
export function drawIntoPart(renderer: WebGLRenderer, width: number, height: number): void {
  renderer.setViewport(0, 0, width, height);
  renderer.setScissor(0, 0, width, height);
  renderer.setScissorTest(true);
}

/** px drawn for each CSS px of a renderer whose size is in CSS px, whatever part of the canvas it draws into. */
export function drawnDensity(renderer: WebGLRenderer): number {
  return renderer.getCurrentViewport(viewport).z / Math.max(1, renderer.getSize(size).x);
}
