import type { ExportPerson } from '../../exportClip';
import { boneNames } from '../../jointNaming';
import type { FbxOptions, TargetPreset } from './presets';

/** A bone of the file. */
export interface BoneLayout {
  name: string;
  /** Index in the list of bones, -1 for the topmost. */
  parent: number;
  /** Joint of the clip, -1 for an added root bone. */
  joint: number;
  /** Global rest position, m, rest body standing on the ground. */
  rest: readonly [number, number, number];
  model: number;
  attribute: number;
  cluster: number;
}

/** An animated property: a curve node and its three curves. */
export interface ChannelLayout {
  bone: number;
  /** `T` is Lcl Translation, `R` Lcl Rotation. */
  property: 'T' | 'R';
  node: number;
  curves: readonly [number, number, number];
}

/** Ids of everything made for one person. */
export interface PersonLayout {
  person: ExportPerson;
  bones: BoneLayout[];
  /** Object above the skeleton, so that each person becomes an armature of its own in Blender; absent for Unreal. */
  armature: { model: number; attribute: number } | undefined;
  /** Absent when only the skeleton is exported. */
  mesh: { model: number; geometry: number; material: number; skin: number } | undefined;
  pose: number;
  channels: ChannelLayout[];
  /** Added to rest positions and rest vertices so that the T-pose stands on the ground, m. */
  restLift: number;
}

/** Ids of the whole file. Everything that has to be counted or connected is here before anything is written. */
export interface FileLayout {
  people: PersonLayout[];
  stack: number;
  layer: number;
}

/** Lowest y of the rest body. */
function lowest(person: ExportPerson): number {
  let y = Infinity;
  for (let at = 1; at < person.restVertices.length; at += 3) y = Math.min(y, person.restVertices[at]!);
  if (Number.isFinite(y)) return y;
  return Math.min(...person.restJoints.filter((_, at) => at % 3 === 1));
}

function layBones(
  person: ExportPerson,
  names: readonly string[],
  rootName: string | undefined,
  lift: number,
  nextId: () => number,
): BoneLayout[] {
  const ids = (): Pick<BoneLayout, 'model' | 'attribute' | 'cluster'> => ({
    model: nextId(),
    attribute: nextId(),
    cluster: nextId(),
  });
  const added = rootName === undefined ? 0 : 1;
  const bones: BoneLayout[] =
    rootName === undefined ? [] : [{ name: rootName, parent: -1, joint: -1, rest: [0, 0, 0], ...ids() }];
  person.parents.forEach((parent, joint) => {
    const [x = 0, y = 0, z = 0] = person.restJoints.subarray(joint * 3, joint * 3 + 3);
    bones.push({
      name: names[joint] ?? `Joint${joint}`,
      parent: parent < 0 ? added - 1 : parent + added,
      joint,
      rest: [x, y + lift, z],
      ...ids(),
    });
  });
  return bones;
}

/** Rotations of every joint, translation of the pelvis and of an added root bone; all else is rigid. */
function layChannels(bones: readonly BoneLayout[], nextId: () => number): ChannelLayout[] {
  const channel = (bone: number, property: 'T' | 'R'): ChannelLayout => ({
    bone,
    property,
    node: nextId(),
    curves: [nextId(), nextId(), nextId()],
  });
  return bones.flatMap(({ joint }, bone) => [
    ...(joint <= 0 ? [channel(bone, 'T')] : []),
    ...(joint >= 0 ? [channel(bone, 'R')] : []),
  ]);
}

/** Lays out a file for the given people. */
export function layOut(people: readonly ExportPerson[], options: FbxOptions, preset: TargetPreset): FileLayout {
  let last = 1_000_000;
  const nextId = (): number => ++last;
  const several = people.length > 1;
  const naming = options.boneNames === 'auto' ? preset.boneNames : options.boneNames;
  return {
    stack: nextId(),
    layer: nextId(),
    people: people.map((person) => {
      const restLift = -lowest(person);
      const rootName = preset.rootBone ? (several ? `P${person.number}_root` : 'root') : undefined;
      const bones = layBones(person, boneNames(person, naming, several), rootName, restLift, nextId);
      return {
        person,
        bones,
        armature: preset.rootBone ? undefined : { model: nextId(), attribute: nextId() },
        mesh: options.mesh ? { model: nextId(), geometry: nextId(), material: nextId(), skin: nextId() } : undefined,
        pose: nextId(),
        channels: layChannels(bones, nextId),
        restLift,
      };
    }),
  };
}

/** How many objects of each kind a file has, for its Definitions. */
export function countObjects({ people }: FileLayout): [string, number][] {
  const sum = (count: (person: PersonLayout) => number): number =>
    people.reduce((total, person) => total + count(person), 0);
  const meshes = sum(({ mesh }) => (mesh ? 1 : 0));
  const armatures = sum(({ armature }) => (armature ? 1 : 0));
  const bones = sum((person) => person.bones.length);
  const channels = sum((person) => person.channels.length);
  const counts: [string, number][] = [
    ['GlobalSettings', 1],
    ['Model', bones + armatures + meshes],
    ['NodeAttribute', bones + armatures],
    ['Geometry', meshes],
    ['Material', meshes],
    ['Deformer', sum((person) => (person.mesh ? 1 + person.bones.length : 0))],
    ['Pose', people.length],
    ['AnimationStack', 1],
    ['AnimationLayer', 1],
    ['AnimationCurveNode', channels],
    ['AnimationCurve', channels * 3],
  ];
  return counts.filter(([, count]) => count > 0);
}
