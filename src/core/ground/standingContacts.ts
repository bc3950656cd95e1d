import { JOINT } from '../body/skeleton';

/** Where the feet of one person stood on something. */
export interface StandingContacts {
  /** n x 3: below the foot that carries, on its sole; camera axes, m. */
  places: Float64Array;
  /** n: seconds that it stood there, times how sure that is (0 to 1). */
  weights: Float64Array;
}

/** Three neighbouring rows of one person, the middle one of which is asked about. */
export interface StandingRow {
  /** 3 x 24 x 3 posed joints before, on and after the row, camera axes, m. */
  joints: ArrayLike<number>;
  /** s between the first and the last of them; above 0. */
  seconds: number;
  /** s that the row stands for. */
  duration: number;
  /** 0 to 1: how well the body explains the picture. */
  confidence: number;
}

/** Height of ankle and toe joints above the sole in the rest pose, m. */
export interface FootClearance {
  ankle: number;
  toe: number;
}

/** A foot slower than the first stands, one faster than the second does not, m/s; a walking foot swings with 3 and more. */
const STILL = { full: 0.12, none: 0.35 } as const;
const FEET = [
  [JOINT.leftAnkle, JOINT.leftFoot],
  [JOINT.rightAnkle, JOINT.rightFoot],
] as const;

/** Gathers contacts of one person row by row. */
export class ContactGatherer {
  private readonly places: number[] = [];
  private readonly weights: number[] = [];

  /** @param up unit vector in camera axes */
  constructor(
    private readonly up: readonly [number, number, number],
    private readonly clearance: FootClearance,
  ) {}

  /**
   * Takes in a row. Only the lower foot can carry: a foot that is held still in the air stands on nothing. Of that foot the
   * lower end counts, by how slowly it moves.
   * @returns the height of the lowest sole along up, m, from the camera
   */
  add({ joints, seconds, duration, confidence }: StandingRow): number {
    let joint = -1;
    let height = Infinity;
    let clearance = 0;
    for (const [ankle, toe] of FEET) {
      for (const [end, above] of [
        [ankle, this.clearance.ankle],
        [toe, this.clearance.toe],
      ] as const) {
        const at = 72 + end * 3;
        const sole = this.heightOf(joints, at) - above;
        if (sole >= height) continue;
        [joint, height, clearance] = [end, sole, above];
      }
    }
    let squared = 0;
    for (let c = joint * 3; c < joint * 3 + 3; c++) squared += (joints[c + 144]! - joints[c]!) ** 2;
    const speed = Math.sqrt(squared) / seconds;
    const still = Math.min(1, Math.max(0, (STILL.none - speed) / (STILL.none - STILL.full)));
    const weight = still * confidence * duration;
    if (weight > 0) {
      for (let c = 0; c < 3; c++) this.places.push(joints[72 + joint * 3 + c]! - clearance * this.up[c]!);
      this.weights.push(weight);
    }
    return height;
  }

  /** What was gathered. */
  contacts(): StandingContacts {
    return { places: Float64Array.from(this.places), weights: Float64Array.from(this.weights) };
  }

  private heightOf(points: ArrayLike<number>, at: number): number {
    return this.up[0] * points[at]! + this.up[1] * points[at + 1]! + this.up[2] * points[at + 2]!;
  }
}
