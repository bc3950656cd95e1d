import { BufferAttribute, BufferGeometry, DynamicDrawUsage, Sphere, Vector3 } from 'three';
import type { BodyShape } from '../playback/meshSource';
import type { ShownBody } from '../playback/filledBodies';
import { stillness } from '../playback/stillness';
import { type WeightsShown, writeSkinColors } from './materials/skinColors';
import { isSoftwareGl } from './softwareGl';

/**
 * What bodies of one model share in one WebGL context: triangles, and the colours of one joint's weight. Owned by whoever
 * makes it; {@link dispose} frees nothing itself (buffers go with the geometries) but forgets the arrays.
 */
export class SharedBody {
  readonly index: BufferAttribute;
  private readonly coarse: BufferAttribute;
  readonly heat: BufferAttribute;
  private shown = '';

  constructor(readonly shape: BodyShape) {
    this.index = new BufferAttribute(shape.faces, 1);
    this.coarse = new BufferAttribute(shape.coarseFaces, 1);
    this.heat = new BufferAttribute(new Uint8Array(shape.vertexCount * 4), 4, true);
  }

  /** The triangles to draw now: the coarse ones of a picture that moves where the processor draws, whose time they are. */
  indexNow(): BufferAttribute {
    return isSoftwareGl() && !stillness.isStill() ? this.coarse : this.index;
  }

  /** Colours by skin weights; cheap when it is the same as before. Weights of one joint below `floor` count as none. */
  showWeights(shown: WeightsShown, floor: number): void {
    const wanted = `${shown} ${floor}`;
    const { array } = this.heat;
    if (wanted === this.shown || !(array instanceof Uint8Array)) return;
    this.shown = wanted;
    writeSkinColors(this.shape, shown, floor, array);
    this.heat.needsUpdate = true;
  }
}

/** The geometry of one person in one WebGL context: points at the person's shared buffers and uploads them when they change. */
export class BodyGeometry {
  readonly geometry = new BufferGeometry();
  private revision = -1;
  private readonly position: BufferAttribute;
  private readonly normal: BufferAttribute;

  constructor(
    private readonly shared: SharedBody,
    readonly body: ShownBody,
  ) {
    this.position = new BufferAttribute(body.positions, 3);
    this.normal = new BufferAttribute(body.normals, 4, true);
    this.position.setUsage(DynamicDrawUsage);
    this.normal.setUsage(DynamicDrawUsage);
    this.geometry.setIndex(shared.index);
    this.geometry.setAttribute('position', this.position);
    this.geometry.setAttribute('normal', this.normal);
    this.geometry.setAttribute('heat', shared.heat);
    // Bodies are never culled, so the sphere only keeps three from measuring a whole body for every frame.
    this.geometry.boundingSphere = new Sphere(new Vector3(), Number.POSITIVE_INFINITY);
  }

  /**
   * Chooses the triangles, and marks the buffers for upload when they changed since the last call. Returns whether they had.
   * @param isExact all triangles, whatever moves
   */
  refresh(isExact = false): boolean {
    this.geometry.setIndex(isExact ? this.shared.index : this.shared.indexNow());
    if (this.revision === this.body.revision) return false;
    this.revision = this.body.revision;
    this.position.needsUpdate = true;
    this.normal.needsUpdate = true;
    return true;
  }

  dispose(): void {
    this.geometry.dispose();
  }
}
