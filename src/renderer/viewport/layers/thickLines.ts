import { type Color, DynamicDrawUsage, Group, InterleavedBufferAttribute } from 'three';
import { LineMaterial } from 'three/addons/lines/LineMaterial.js';
import { LineSegments2 } from 'three/addons/lines/LineSegments2.js';
import { LineSegmentsGeometry } from 'three/addons/lines/LineSegmentsGeometry.js';

/** How thick lines look. */
export interface ThickLineLook {
  /** CSS px. */
  width: number;
  /** Dark line around, so that it reads on any ground. */
  casing: boolean;
  /** Drawn through bodies. */
  xray: boolean;
  opacity?: number;
}

/** Room for a number of coloured segments a few px thick, refilled without allocating. */
export class ThickLines {
  readonly object = new Group();
  private readonly geometry = new LineSegmentsGeometry();
  private readonly materials: LineMaterial[] = [];
  private readonly positions: Float32Array;
  private readonly colors: Float32Array;
  private count = 0;

  constructor(
    private readonly capacity: number,
    look: ThickLineLook,
  ) {
    this.geometry.setPositions(new Float32Array(capacity * 6));
    this.geometry.setColors(new Float32Array(capacity * 6));
    this.positions = this.interleaved('instanceStart');
    this.colors = this.interleaved('instanceColorStart');
    this.geometry.instanceCount = 0;
    if (look.casing) this.add(look, look.width + 2, true);
    this.add(look, look.width, false);
  }

  /** Begins to fill anew. */
  begin(): void {
    this.count = 0;
  }

  /** Adds a segment from point `a` to point `b` (offsets into arrays of xyz, m); beyond the capacity it is left out. */
  segment(from: ArrayLike<number>, a: number, to: ArrayLike<number>, b: number, color: Color): void {
    if (this.count >= this.capacity) return;
    const at = this.count * 6;
    for (let c = 0; c < 3; c++) {
      this.positions[at + c] = from[a + c]!;
      this.positions[at + 3 + c] = to[b + c]!;
    }
    for (let end = 0; end < 6; end += 3) {
      this.colors[at + end] = color.r;
      this.colors[at + end + 1] = color.g;
      this.colors[at + end + 2] = color.b;
    }
    this.count++;
  }

  /** Ends filling: what was added is drawn. */
  end(): void {
    this.geometry.instanceCount = this.count;
    this.object.visible = this.count > 0;
    for (const name of ['instanceStart', 'instanceColorStart'] as const) {
      const attribute = this.geometry.getAttribute(name);
      if (attribute instanceof InterleavedBufferAttribute) attribute.data.needsUpdate = true;
    }
  }

  dispose(): void {
    this.geometry.dispose();
    for (const material of this.materials) material.dispose();
  }

  private interleaved(name: string): Float32Array {
    const attribute = this.geometry.getAttribute(name);
    if (!(attribute instanceof InterleavedBufferAttribute) || !(attribute.data.array instanceof Float32Array)) {
      throw new TypeError(`three's line geometry has no ${name}`);
    }
    attribute.data.setUsage(DynamicDrawUsage);
    return attribute.data.array;
  }

  private add(look: ThickLineLook, linewidth: number, isCasing: boolean): void {
    const material = new LineMaterial({
      linewidth,
      vertexColors: !isCasing,
      color: isCasing ? 0x000000 : 0xffffff,
      transparent: true,
      opacity: (look.opacity ?? 1) * (isCasing ? 0.45 : 1),
      depthTest: !look.xray,
      depthWrite: false,
    });
    const lines = new LineSegments2(this.geometry, material);
    // Widths are in CSS px of the whole view, whatever part of the canvas is drawn into.
    lines.onBeforeRender = (renderer) => renderer.getSize(material.resolution);
    lines.frustumCulled = false;
    lines.matrixAutoUpdate = false;
    lines.renderOrder = (look.xray ? 20 : 10) + (isCasing ? 0 : 1);
    this.materials.push(material);
    this.object.add(lines);
  }
}
