import { estimators } from '../estimation/registry';
import { type MotionKind, motionKindOf } from './motionKind';

/**
 * A sentence about bodies of a project that are kept but not shown with the settings as they are, by the names of their
 * folders; undefined where there are none. `hasBody`: the body that the settings ask for is on this computer.
 */
export function keptBodiesSentence(
  folders: readonly string[],
  wanted: MotionKind,
  hasBody: boolean,
): string | undefined {
  const ids = estimators.map(({ id }) => id);
  const kinds = folders.flatMap((name) => motionKindOf(name, ids) ?? []);
  // The own kind is there without anybody in it.
  const others = kinds.filter(({ estimator, version, bodyModel }) => {
    return estimator !== wanted.estimator || version > wanted.version || bodyModel !== wanted.bodyModel;
  });
  const ofOtherBody = others.find((kind) => kind.estimator === wanted.estimator && kind.bodyModel !== wanted.bodyModel);
  if (ofOtherBody && !hasBody) {
    return 'The body model of these run options is not on this computer; bodies that were made for it are kept.';
  }
  if (ofOtherBody) {
    return `Bodies made for another body model (${ofOtherBody.bodyModel}) are kept, but cannot be shown on this one.`;
  }
  if (others.some(({ estimator }) => estimator === wanted.estimator)) {
    return 'Bodies made by a newer version of the estimator are kept, but cannot be shown by this one.';
  }
  const other = estimators.find(({ id }) => others.some(({ estimator }) => estimator === id));
  return other && `Bodies of "${other.title}" are kept, and are shown when the run options name it again.`;
}
