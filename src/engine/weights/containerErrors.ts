import { AppError } from '#core/errors';

/** The error for a file of weights, arrays or pickled values that cannot be read; `problem` ends the sentence. */
export function unreadable(file: string, problem: string, cause?: unknown): AppError {
  return new AppError('WEIGHTS_INVALID', `${file} cannot be read: ${problem}.`, {
    hint: 'Check that the file is complete and the one that was meant; download or export it again if it is.',
    ...(cause === undefined ? {} : { cause }),
  });
}
