import { AppError } from '#core/errors';

/** The error about a readable file that is for something else. */
export function notExpected(name: string, looksLike: string): AppError {
  return new AppError('WEIGHTS_INVALID', `${name} looks like ${looksLike}; Retake has no use for it.`, {
    hint: 'Expected are a VIBE or SPIN checkpoint, smpl_mean_params.npz, J_regressor_extra.npy or J_regressor_h36m.npy, or an SMPL body.',
  });
}
