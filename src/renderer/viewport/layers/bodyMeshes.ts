import { type Color, Group, Mesh } from 'three';
import { BodyGeometry, type SharedBody } from '../bodyGeometry';
import { type BodyMaterial, createBodyMaterial } from '../materials/bodyMaterial';
import type { ScenePerson } from '../sceneState';
import { viewportStore } from '../viewportStore';

interface Drawn {
  geometry: BodyGeometry;
  material: BodyMaterial;
  mesh: Mesh;
}

/** One mesh per person, made once and refilled; people that are not shown are hidden, not removed. */
export class BodyMeshes {
  readonly object = new Group();
  private readonly drawn = new Map<string, Drawn>();
  private shared: SharedBody | undefined;

  /** @param heat colour by skin weight */
  constructor(private readonly heat: boolean) {}

  /** Hides everybody; those that are shown after it come back. */
  begin(): void {
    for (const drawn of this.drawn.values()) drawn.mesh.visible = false;
  }

  /** Shows one person's body. */
  show({ person, body, opacity }: ScenePerson, shared: SharedBody, tint: Color): void {
    if (this.shared !== shared) this.dispose();
    this.shared = shared;
    let drawn = this.drawn.get(person.id);
    if (!drawn || drawn.geometry.body !== body) {
      if (drawn) this.remove(drawn);
      drawn = this.create(new BodyGeometry(shared, body));
      this.drawn.set(person.id, drawn);
    }
    drawn.geometry.refresh();
    drawn.material.uniforms.tint.value.copy(tint);
    drawn.material.uniforms.opacity.value = opacity;
    drawn.material.wireframe = viewportStore.getState().isWireframe;
    drawn.mesh.visible = true;
  }

  dispose(): void {
    for (const drawn of this.drawn.values()) this.remove(drawn);
    this.drawn.clear();
  }

  private create(geometry: BodyGeometry): Drawn {
    const material = createBodyMaterial(this.heat);
    const mesh = new Mesh(geometry.geometry, material);
    mesh.frustumCulled = false;
    mesh.matrixAutoUpdate = false;
    // Bodies are drawn after the ground, which is see-through and would else be cut out by them.
    mesh.renderOrder = 5;
    this.object.add(mesh);
    return { geometry, material, mesh };
  }

  private remove(drawn: Drawn): void {
    this.object.remove(drawn.mesh);
    drawn.geometry.dispose();
    drawn.material.dispose();
  }
}
