import { type Color, Group, Mesh } from 'three';
import type { ShownBody } from '../../playback/filledBodies';
import { BodyGeometry, type SharedBody } from '../bodyGeometry';
import { type BodyMaterial, createBodyMaterial, STRIPE } from '../materials/bodyMaterial';
import type { ScenePerson } from '../sceneState';
import { viewportStore } from '../viewportStore';

interface Drawn {
  geometry: BodyGeometry;
  shared: SharedBody;
  material: BodyMaterial;
  mesh: Mesh;
}

/**
 * One mesh per person, and per run where runs are compared, made once and refilled; people that are not shown are hidden, not
 * removed.
 */
export class BodyMeshes {
  readonly object = new Group();
  private readonly drawn = new Map<string, Drawn>();

  /** @param heat colour by skin weight */
  constructor(private readonly heat: boolean) {}

  /** Hides everybody; those that are shown after it come back. Whoever was hidden before goes, where the body is another now. */
  begin(current: SharedBody | undefined): void {
    for (const [key, drawn] of [...this.drawn]) {
      if (!drawn.mesh.visible && drawn.shared !== current) this.remove(key, drawn);
      drawn.mesh.visible = false;
    }
  }

  /** Shows one person's body. */
  show({ person, run, body, shared, opacity, isStriped = false }: ScenePerson, tint: Color): void {
    const key = run ? `${run} ${person.id}` : person.id;
    let drawn = this.drawn.get(key);
    if (!drawn || drawn.geometry.body !== body || drawn.shared !== shared) {
      if (drawn) this.remove(key, drawn);
      drawn = this.create(shared, body);
      this.drawn.set(key, drawn);
    }
    const { isWireframe } = viewportStore.getState();
    // Lines are there to show the triangles as they are.
    drawn.geometry.refresh(isWireframe);
    drawn.material.uniforms.tint.value.copy(tint);
    drawn.material.uniforms.opacity.value = opacity;
    drawn.material.uniforms.stripe.value = isStriped ? STRIPE * window.devicePixelRatio : 0;
    drawn.material.wireframe = isWireframe;
    drawn.mesh.visible = true;
  }

  dispose(): void {
    for (const [key, drawn] of [...this.drawn]) this.remove(key, drawn);
  }

  private create(shared: SharedBody, body: ShownBody): Drawn {
    const geometry = new BodyGeometry(shared, body);
    const material = createBodyMaterial(this.heat);
    const mesh = new Mesh(geometry.geometry, material);
    mesh.frustumCulled = false;
    mesh.matrixAutoUpdate = false;
    // Bodies are drawn after the ground, which is see-through and would else be cut out by them.
    mesh.renderOrder = 5;
    this.object.add(mesh);
    return { geometry, shared, material, mesh };
  }

  private remove(key: string, drawn: Drawn): void {
    this.drawn.delete(key);
    this.object.remove(drawn.mesh);
    drawn.geometry.dispose();
    drawn.material.dispose();
  }
}
