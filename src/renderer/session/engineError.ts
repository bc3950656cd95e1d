import { ORPCError } from '@orpc/client';
import { z } from 'zod';
import { AppError, type ErrorCode } from '#core/errors';

const errorData = z.object({ code: z.string(), hint: z.string().optional() });

function isErrorCode(code: string): code is ErrorCode {
  return /^[A-Z][A-Z_]+$/.test(code);
}

/**
 * Anything that a call of the engine rejected with, as an {@link AppError}: the engine's own errors keep code, sentence
 * and hint; a broken line becomes `LINK_CLOSED`.
 */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof ORPCError) {
    const data = errorData.safeParse(error.data);
    if (data.success && isErrorCode(data.data.code)) {
      return new AppError(data.data.code, error.message, data.data.hint === undefined ? {} : { hint: data.data.hint });
    }
    return new AppError('INTERNAL', error.message, { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  if (/WebSocket|clos|abort/i.test(message)) {
    return new AppError('LINK_CLOSED', 'The connection to the engine was lost before it answered.', { cause: error });
  }
  return new AppError('INTERNAL', message, { cause: error });
}
