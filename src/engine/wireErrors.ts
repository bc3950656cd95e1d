import { implement, ORPCError } from '@orpc/server';
import { AppError, isCancelled, toPlainError } from '#core/errors';
import { contract } from '#core/protocol/contract';

/** Turns anything thrown into the one error shape of the control plane. */
function toWire(error: unknown): unknown {
  if (error instanceof ORPCError) return error;
  if (isCancelled(error)) return error;
  const plain = toPlainError(error);
  if (!(error instanceof AppError)) console.error(error);
  return new ORPCError('APP_ERROR', {
    defined: true,
    status: 400,
    message: plain.message,
    data: { code: plain.code, ...(plain.hint === undefined ? {} : { hint: plain.hint }) },
  });
}

function isIterator(value: unknown): value is AsyncIterableIterator<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** The same events; what the producer throws between two of them crosses the wire like any other error. */
async function* withErrorsMapped(source: AsyncIterableIterator<unknown>): AsyncGenerator<unknown, unknown, void> {
  try {
    return yield* source;
  } catch (error) {
    throw toWire(error);
  }
}

/** Middleware of every method: an AppError thrown by a handler, or by the events it gives, keeps its code and hint. */
export const appErrorsOnTheWire = implement(contract).middleware(async ({ next }) => {
  try {
    const result = await next();
    return isIterator(result.output) ? { ...result, output: withErrorsMapped(result.output) } : result;
  } catch (error) {
    throw toWire(error);
  }
});
