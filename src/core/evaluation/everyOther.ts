import type { MotionFile, PersonSeries } from './motionFiles';

/** Rows 0, 2, 4 … of `length` numbers each. */
function evenRows(values: ArrayLike<number>, length: number): Float64Array {
  const count = Math.ceil(values.length / length / 2);
  return Float64Array.from({ length: count * length }, (_, at) => {
    const row = Math.floor(at / length);
    return values[2 * row * length + (at % length)]!;
  });
}

function everyOtherOf({ id, joints, picture, boxes }: PersonSeries): PersonSeries {
  const frames = Math.ceil(joints.frames / 2);
  const present = Uint8Array.from(evenRows(joints.present, 1));
  return {
    id,
    joints: { ...joints, frames, positions: evenRows(joints.positions, joints.joints * 3), present },
    picture: {
      ...picture,
      frames: Math.ceil(picture.frames / 2),
      positions: evenRows(picture.positions, picture.joints * 2),
      ...(picture.present ? { present: evenRows(picture.present, 1) } : {}),
    },
    boxes: boxes.filter((_, frame) => frame % 2 === 0),
  };
}

/** Motion of frames 0, 2, 4 … only, at half the rate, without vertices. */
export function everyOther(motion: MotionFile): MotionFile {
  const { fps, frameCount, people } = motion;
  return {
    fps: fps === undefined ? undefined : fps / 2,
    frameCount: Math.ceil(frameCount / 2),
    people: people.map((person) => everyOtherOf(person)),
  };
}
