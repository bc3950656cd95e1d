import type { ChestFill } from './chest';
import { fillChest } from './chest';
import type { MushOptions } from './deltaMush';
import { captureDetail, deltaMush } from './deltaMush';
import type { Rig } from './rig';
import { boneEnds } from './rig';
import type { RigidMaps } from './skinning';
import { blendedMaps, dualQuaternions, skinDual, skinLinear } from './skinning';
import { smplJoints } from './smplJoints';
import type { SourceAssets } from './source';
import type { Topology } from './topology';
import { pick, symmetrise } from './topology';
import type { Matrix, Vector } from './vectors';
import {
  addScaled,
  align,
  apply,
  cross,
  dot,
  mirrorRotation,
  multiply,
  pointAt,
  rotation,
  subtract,
  unit,
} from './vectors';

const DEGREE = Math.PI / 180;

/** Backward lean of the upright bones, degrees: the neck then stands behind the pelvis as in SMPL. */
const LEAN: Readonly<Record<string, number>> = {
  spine04: 2,
  spine03: 4,
  spine02: 5.5,
  spine01: 5.5,
  neck01: 5,
  neck02: 4,
  neck03: 3,
  head: 2,
};

/** Where the left limbs point in the T-pose. */
const UPPER_ARM: Vector = [1, -0.045, -0.09];
const LOWER_ARM: Vector = [1, 0.02, -0.005];
const HAND: Vector = [1, -0.06, -0.06];
const THIGH: Vector = [0.06, -1, -0.012];
const SHIN: Vector = [-0.034, -1, -0.11];
const FOOT_OUT = 13.8 * DEGREE;
/** How far fingers turn towards straight, fingers 2 to 5 and thumb. */
const STRAIGHTEN = { finger: 0.55, thumb: 0.2 };
/** Share of the palm's twist that the arm takes along its length. */
const TWIST: Readonly<Record<string, number>> = { upperarm02: 0.12, lowerarm01: 0.4, lowerarm02: 0.85 };

/** A body sample in the T-pose. */
export interface TPosed {
  /** V * 3, m. */
  vertices: Float64Array;
  /** 24 * 3, the SMPL joints that the skeleton says, m. */
  joints: Float64Array;
  /** Bone maps from MakeHuman's rest pose to the T-pose. */
  maps: RigidMaps;
  /** V * 3, MakeHuman's own rest pose (arms lowered), m. */
  apose: Float64Array;
}

type Ends = ReturnType<typeof boneEnds>;

/** World rotations of the left arm, hand and leg bones. */
function limbRotations(rig: Rig, ends: Ends): Map<string, Matrix> {
  const head = (name: string): Vector => pointAt(ends.heads, rig.index.get(name) ?? 0);
  const between = (from: string, to: string): Vector => subtract(head(to), head(from));
  const turns = new Map<string, Matrix>();
  turns.set('clavicle.L', rotation([0, 0, 1], 11 * DEGREE));
  turns.set('shoulder01.L', rotation([0, 0, 1], 17 * DEGREE));
  const upper = align(between('upperarm01.L', 'lowerarm01.L'), UPPER_ARM);
  // Each part continues from the one above, so that only the twist of a natural arm is left for the palm.
  const next = (above: Matrix, direction: Vector, goal: Vector): Matrix =>
    multiply(align(apply(above, direction), goal), above);
  const lower = next(upper, between('lowerarm01.L', 'wrist.L'), LOWER_ARM);
  const hand = next(lower, between('wrist.L', 'finger3-1.L'), HAND);
  // The palm faces down when the line of knuckles, index to little finger, points backwards.
  const axis = unit(HAND);
  const across = apply(hand, between('finger2-1.L', 'finger5-1.L'));
  const flat = unit(addScaled(across, axis, -dot(across, axis)));
  const goal = unit(addScaled([0, 0, -1], axis, -dot([0, 0, -1], axis)));
  const twist = Math.atan2(dot(cross(flat, goal), axis), dot(flat, goal));
  const twisted = (name: string, direction: Vector, turn: Matrix): Matrix =>
    multiply(rotation(direction, twist * (TWIST[name] ?? 0)), turn);
  turns.set('upperarm01.L', upper);
  turns.set('upperarm02.L', twisted('upperarm02', UPPER_ARM, upper));
  turns.set('lowerarm01.L', twisted('lowerarm01', LOWER_ARM, lower));
  turns.set('lowerarm02.L', twisted('lowerarm02', LOWER_ARM, lower));
  turns.set('wrist.L', multiply(rotation(axis, twist), hand));
  const thigh = align(between('upperleg01.L', 'lowerleg01.L'), THIGH);
  const shin = align(between('lowerleg01.L', 'foot.L'), SHIN);
  for (const name of ['upperleg01.L', 'upperleg02.L']) turns.set(name, thigh);
  for (const name of ['lowerleg01.L', 'lowerleg02.L']) turns.set(name, shin);
  const toes = [1, 2, 3, 4, 5].map((toe) => head(`toe${toe}-1.L`));
  const ahead = subtract(
    toes.reduce<Vector>((sum, toe) => addScaled(sum, toe, 0.2), [0, 0, 0]),
    head('foot.L'),
  );
  turns.set('foot.L', rotation([0, 1, 0], FOOT_OUT - Math.atan2(ahead[0], ahead[2])));
  for (const [name, degrees] of Object.entries(LEAN)) turns.set(name, rotation([1, 0, 0], -degrees * DEGREE));
  return turns;
}

/** World rotation of every bone; what is not named follows its parent, fingers also turn towards straight. */
function boneRotations(rig: Rig, ends: Ends): Matrix[] {
  const named = limbRotations(rig, ends);
  const turns: Matrix[] = [];
  rig.names.forEach((name, bone) => {
    const parent = rig.parents[bone]!;
    const inherited = parent < 0 ? rotation([1, 0, 0], 0) : turns[parent]!;
    const own = named.get(name);
    if (own) turns[bone] = own;
    else if (name.endsWith('.R')) turns[bone] = mirrorRotation(turns[rig.mirror[bone]!] ?? inherited);
    else turns[bone] = isCurled(name) ? straighten(rig, ends, turns, bone) : inherited;
  });
  return turns;
}

const isCurled = (name: string): boolean => /^finger/.test(name);

/** Turns a finger bone towards the line of the bone before it. */
function straighten(rig: Rig, ends: Ends, turns: readonly Matrix[], bone: number): Matrix {
  const parent = rig.parents[bone]!;
  const inherited = turns[parent]!;
  const own = subtract(pointAt(ends.tails, bone), pointAt(ends.heads, bone));
  const before = subtract(pointAt(ends.heads, bone), pointAt(ends.heads, parent));
  const share = rig.names[bone]!.startsWith('finger1') ? STRAIGHTEN.thumb : STRAIGHTEN.finger;
  return multiply(align(apply(inherited, own), apply(inherited, before), share), inherited);
}

/** Chains bone rotations into maps; the root stays where it is. */
function chain(rig: Rig, ends: Ends, turns: readonly Matrix[]): RigidMaps {
  const count = rig.names.length;
  const rotations = new Float64Array(count * 9);
  const translations = new Float64Array(count * 3);
  for (let bone = 0; bone < count; bone++) {
    const parent = rig.parents[bone]!;
    const head = pointAt(ends.heads, bone);
    let placed = head;
    if (parent >= 0) {
      placed = addScaled(apply(rotations.subarray(parent * 9, parent * 9 + 9), head), pointAt(translations, parent), 1);
    }
    rotations.set(turns[bone]!, bone * 9);
    translations.set(subtract(placed, apply(turns[bone]!, head)), bone * 3);
  }
  return { rotations, translations };
}

/** Applies a bone's map to a point. */
function carry(maps: RigidMaps, bone: number, point: Vector): Vector {
  return addScaled(apply(maps.rotations.subarray(bone * 9, bone * 9 + 9), point), pointAt(maps.translations, bone), 1);
}

/** Regions of the skin that the generator treats by hand. */
export interface Regions {
  mouth: { interior: readonly number[]; rim: readonly number[] };
  /** Smooths the tips of the breasts away. */
  chest: ChestFill;
}

/** T-poses one blended mesh (19158 vertices) and finds its SMPL joints. */
export function tposeSample(
  source: SourceAssets,
  topology: Topology,
  rig: Rig,
  regions: Regions,
  mesh: Float64Array,
): TPosed {
  const rest = pick(mesh, topology.sourceIndex);
  symmetrise(rest, topology.mirror);
  fillChest(regions.chest, topology.mirror, rest);
  const ends = boneEnds(source, rig, mesh);
  const maps = chain(rig, ends, boneRotations(rig, ends));
  const linear = skinLinear(rest, blendedMaps(rig.bindings, maps));
  const vertices = skinDual(rest, rig.bindings, dualQuaternions(maps, rig.parents));
  for (let at = 0; at < vertices.length; at++) vertices[at] = 0.7 * vertices[at]! + 0.3 * linear[at]!;
  const mush: MushOptions = { steps: 10, lambda: 0.5, amount: rig.smoothable };
  deltaMush(topology, vertices, captureDetail(topology, rest, mush), mush);
  closeMouth(vertices, regions);
  symmetrise(vertices, topology.mirror);
  const bone = (name: string): number => {
    const found = rig.index.get(name);
    if (found === undefined) throw new Error(`The rig has no bone ${name}`);
    return found;
  };
  const joints = smplJoints({
    head: (name) => carry(maps, bone(name), pointAt(ends.heads, bone(name))),
    tail: (name) => carry(maps, bone(name), pointAt(ends.tails, bone(name))),
  });
  // The pelvis sits at one place for every shape, close to SMPL's, so that root translations carry over.
  const shift: Vector = [-joints[0]!, -0.22 - joints[1]!, 0.03 - joints[2]!];
  for (const field of [vertices, joints]) for (let at = 0; at < field.length; at++) field[at]! += shift[at % 3]!;
  for (let at = 0; at < maps.translations.length; at++) maps.translations[at]! += shift[at % 3]!;
  return { vertices, joints, maps, apose: rest };
}

/** Shrinks the mouth bag towards its rim: it reaches into the throat and would poke through a bent neck. */
function closeMouth(vertices: Float64Array, { mouth }: Regions): void {
  const centre = [0, 1, 2].map(
    (c) => mouth.rim.reduce((sum, vertex) => sum + vertices[vertex * 3 + c]!, 0) / mouth.rim.length,
  );
  for (const vertex of mouth.interior) {
    for (let c = 0; c < 3; c++) vertices[vertex * 3 + c] = centre[c]! + 0.3 * (vertices[vertex * 3 + c]! - centre[c]!);
  }
}
