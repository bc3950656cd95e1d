import type { BodyModel } from '#core/body/bodyModel';
import {
  createGlobalTransforms,
  createJointTemplate,
  forwardKinematics,
  type GlobalTransforms,
  type JointTemplate,
  restJoints,
  rotationsFromAxisAngles,
} from '#core/body/kinematics';
import { JOINT_COUNT } from '#core/body/skeleton';
import type { MotionChannels } from '../estimation/estimator';
import { betasOfRow } from '../estimation/rowShape';

const templates = new WeakMap<BodyModel, JointTemplate>();

/** A body's joint template, made once. */
export function jointTemplateOf(body: BodyModel): JointTemplate {
  const known = templates.get(body);
  if (known) return known;
  const template = createJointTemplate(body);
  templates.set(body, template);
  return template;
}

/** Motion rows as they are stored. */
export interface MotionRows {
  /** rows x 72, rad, camera axes. */
  poses: Float32Array;
  /** rows x 3, m. */
  translations: Float32Array;
  /** 10. */
  betas: Float32Array;
  /** `frameBetas` beats `betas` in the rows that have it. */
  channels?: MotionChannels;
}

/** Poses the skeleton of a person row by row without a mesh: a few microseconds a row. */
export class SkeletonPoser {
  /** 24 x 3 rest joints for the one shape of the clip, m. */
  readonly restJoints: Float64Array;
  private readonly transforms: GlobalTransforms = createGlobalTransforms(JOINT_COUNT);
  private readonly local = new Float64Array(JOINT_COUNT * 9);

  constructor(
    private readonly body: BodyModel,
    private readonly rows: MotionRows,
  ) {
    this.restJoints = restJoints(jointTemplateOf(body), rows.betas);
  }

  /** Writes the 24 x 3 posed joints of a row in camera axes, m; the returned global rotations are valid until the next call. */
  pose(row: number, joints: Float32Array | Float64Array, at: number): Float64Array {
    const betas = betasOfRow(this.rows, row);
    const rest = betas === this.rows.betas ? this.restJoints : restJoints(jointTemplateOf(this.body), betas);
    rotationsFromAxisAngles(this.rows.poses.subarray(row * 72, row * 72 + 72), this.local);
    forwardKinematics(this.body.parents, rest, this.local, this.transforms);
    for (let value = 0; value < JOINT_COUNT * 3; value++) {
      joints[at + value] =
        (this.transforms.positions[value] ?? 0) + (this.rows.translations[row * 3 + (value % 3)] ?? 0);
    }
    return this.transforms.rotations;
  }
}
