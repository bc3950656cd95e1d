import { AppError } from '#core/errors';
import { type ArrayBundle, decodeBundle } from '#core/protocol/arrayBundle';

/** GETs an array bundle of the bulk plane. @throws AppError `NOT_FOUND` or `LINK_CLOSED` when it is not there. */
export async function fetchBundle<Meta>(address: string, signal?: AbortSignal): Promise<ArrayBundle<Meta>> {
  let response: Response;
  try {
    response = await fetch(address, signal ? { signal } : {});
  } catch (error) {
    signal?.throwIfAborted();
    throw new AppError('LINK_CLOSED', 'The engine did not answer.', { cause: error });
  }
  if (!response.ok) throw new AppError('NOT_FOUND', `The engine has no data at this address (${response.status}).`);
  return decodeBundle<Meta>(await response.arrayBuffer());
}
