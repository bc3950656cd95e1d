import { z } from 'zod';
import { AppError } from '#core/errors';
import { type ArrayBundle, decodeBundle } from '#core/protocol/arrayBundle';

const problemMessage = z.object({ message: z.string().min(1), hint: z.string().optional() });

/** What the engine says in an answer that is not the one that was asked for; `otherwise` where it says nothing. */
export async function bulkProblem(response: Response, otherwise: string): Promise<AppError> {
  const said = problemMessage.safeParse(await response.json().catch(() => undefined));
  if (!said.success) return new AppError('NOT_FOUND', `${otherwise} (${response.status}).`);
  const { message, hint } = said.data;
  return new AppError('NOT_FOUND', message, hint === undefined ? {} : { hint });
}

/** GETs an array bundle of the bulk plane. @throws AppError `NOT_FOUND` or `LINK_CLOSED` when it is not there. */
export async function fetchBundle<Meta>(address: string, signal?: AbortSignal): Promise<ArrayBundle<Meta>> {
  let response: Response;
  try {
    response = await fetch(address, signal ? { signal } : {});
  } catch (error) {
    signal?.throwIfAborted();
    throw new AppError('LINK_CLOSED', 'The engine did not answer.', { cause: error });
  }
  if (!response.ok) throw await bulkProblem(response, 'The engine has no data at this address');
  return decodeBundle<Meta>(await response.arrayBuffer());
}
