import {
  type Accessor,
  type AnimationSampler,
  Document,
  NodeIO,
  type Node,
  type Primitive,
} from '@gltf-transform/core';
import type { ExportClip, ExportPerson } from '../../exportClip';
import { boneNames, type JointNaming } from '../../jointNaming';
import type { MotionTrack } from '../../motionTrack';
import type { SampleGrid } from '../../sampleGrid';
import { vertexNormals } from '../../vertexNormals';
import { takeName } from '../fbx/headNodes';

/** Lowest y of the rest body, m. */
function lowest(vertices: Float32Array): number {
  let y = Infinity;
  for (let at = 1; at < vertices.length; at += 3) y = Math.min(y, vertices[at]!);
  return Number.isFinite(y) ? y : 0;
}

/** Rows of four weights that sum to 1 in single precision; unused slots are joint 0, as the specification wants. */
function cleanSkin(person: ExportPerson): { joints: Uint8Array; weights: Float32Array } {
  const count = person.skinWeights.length;
  const joints = new Uint8Array(count);
  const weights = new Float32Array(count);
  for (let row = 0; row < count; row += 4) {
    let largest = row;
    let sum = 0;
    for (let at = row; at < row + 4; at++) {
      const weight = Math.max(0, person.skinWeights[at]!);
      weights[at] = weight;
      joints[at] = weight > 0 ? person.skinJoints[at]! : 0;
      if (weight > weights[largest]!) largest = at;
    }
    for (let at = row; at < row + 4; at++) if (at !== largest) sum += weights[at]!;
    weights[largest] = 1 - sum;
  }
  return { joints, weights };
}

/** Builds one GLB file: a skin, a mesh and a joint tree per person, and one animation with the channels of all. */
export class GlbScene {
  private readonly document = new Document();
  private readonly buffer = this.document.createBuffer();
  private readonly scene = this.document.createScene('Scene');
  private readonly animation;
  private readonly times: Accessor;
  private readonly material;

  constructor(clip: ExportClip, grid: SampleGrid, provenance: Record<string, unknown>) {
    const root = this.document.getRoot();
    root.setDefaultScene(this.scene);
    Object.assign(root.getAsset(), {
      generator: `Retake ${clip.provenance.appVersion}`,
      extras: { retake: provenance, fps: grid.rate.numerator / grid.rate.denominator, units: 'metre' },
    });
    this.animation = this.document.createAnimation(takeName(clip));
    this.times = this.floats('SCALAR', Float32Array.from(grid.seconds));
    this.material = this.document
      .createMaterial('Clay')
      .setBaseColorFactor([0.72, 0.68, 0.64, 1])
      .setMetallicFactor(0)
      .setRoughnessFactor(0.85);
  }

  /** Adds a person with its motion. The rest body stands on the ground. */
  addPerson(person: ExportPerson, track: MotionTrack, naming: JointNaming, severalPeople: boolean): void {
    const lift = -lowest(person.restVertices);
    const armature = this.document.createNode(`${person.name}_Armature`);
    this.scene.addChild(armature);
    const joints = this.addJoints(person, boneNames(person, naming, severalPeople), lift, armature);
    const skin = this.document.createSkin(person.name).setInverseBindMatrices(this.inverseBind(person, lift));
    for (const joint of joints) skin.addJoint(joint);
    const root = joints[0];
    if (root) skin.setSkeleton(root);
    const mesh = this.document.createMesh(`${person.name}_Body`).addPrimitive(this.primitive(person, lift));
    // A skinned mesh below another node would be moved by nobody and is warned about, so it stands at the root.
    this.scene.addChild(this.document.createNode(`${person.name}_Body`).setMesh(mesh).setSkin(skin));
    this.addChannels(joints, track);
  }

  /** The file as bytes. */
  async encode(): Promise<Uint8Array> {
    return new NodeIO().writeBinary(this.document);
  }

  private addJoints(person: ExportPerson, names: readonly string[], lift: number, armature: Node): Node[] {
    const joints: Node[] = [];
    const rest = person.restJoints;
    person.parents.forEach((parent, joint) => {
      const place = [0, 1, 2].map((c) => rest[joint * 3 + c]! - (parent < 0 ? 0 : rest[parent * 3 + c]!));
      const [x = 0, y = 0, z = 0] = place;
      const node = this.document
        .createNode(names[joint] ?? `Joint${joint}`)
        .setTranslation([x, y + (parent < 0 ? lift : 0), z]);
      joints.push(node);
      (joints[parent] ?? armature).addChild(node);
    });
    return joints;
  }

  private inverseBind(person: ExportPerson, lift: number): Accessor {
    const count = person.parents.length;
    const matrices = new Float32Array(count * 16);
    for (let joint = 0; joint < count; joint++) {
      const [x = 0, y = 0, z = 0] = person.restJoints.subarray(joint * 3, joint * 3 + 3);
      matrices.set([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, -x, -y - lift, -z, 1], joint * 16);
    }
    return this.floats('MAT4', matrices);
  }

  private primitive(person: ExportPerson, lift: number): Primitive {
    const positions = person.restVertices.map((value, at) => value + (at % 3 === 1 ? lift : 0));
    const { joints, weights } = cleanSkin(person);
    const vertexCount = positions.length / 3;
    const indices = vertexCount < 65_535 ? Uint16Array.from(person.faces) : Uint32Array.from(person.faces);
    const accessor = (type: 'SCALAR' | 'VEC4', values: Uint8Array<ArrayBuffer> | typeof indices): Accessor =>
      this.document.createAccessor().setType(type).setArray(values).setBuffer(this.buffer);
    return this.document
      .createPrimitive()
      .setMaterial(this.material)
      .setIndices(accessor('SCALAR', indices))
      .setAttribute('POSITION', this.floats('VEC3', Float32Array.from(positions)))
      .setAttribute('NORMAL', this.floats('VEC3', Float32Array.from(vertexNormals(person.restVertices, person.faces))))
      .setAttribute('JOINTS_0', accessor('VEC4', Uint8Array.from(joints)))
      .setAttribute('WEIGHTS_0', this.floats('VEC4', Float32Array.from(weights)));
  }

  private addChannels(joints: readonly Node[], track: MotionTrack): void {
    const root = joints[0];
    if (root) this.addChannel(root, 'translation', this.floats('VEC3', Float32Array.from(track.translations)));
    joints.forEach((joint, index) => {
      const values = new Float32Array(track.count * 4);
      for (let row = 0; row < track.count; row++) {
        const at = (row * track.jointCount + index) * 4;
        values.set(track.rotations.subarray(at, at + 4), row * 4);
      }
      this.addChannel(joint, 'rotation', this.floats('VEC4', values));
    });
  }

  private addChannel(joint: Node, path: 'translation' | 'rotation', output: Accessor): void {
    const sampler: AnimationSampler = this.document
      .createAnimationSampler()
      .setInput(this.times)
      .setOutput(output)
      .setInterpolation('LINEAR');
    this.animation
      .addSampler(sampler)
      .addChannel(this.document.createAnimationChannel().setTargetNode(joint).setTargetPath(path).setSampler(sampler));
  }

  private floats(type: 'SCALAR' | 'VEC3' | 'VEC4' | 'MAT4', values: Float32Array<ArrayBuffer>): Accessor {
    return this.document.createAccessor().setType(type).setArray(values).setBuffer(this.buffer);
  }
}
