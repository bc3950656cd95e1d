import { join } from 'node:path';
import { AppError } from '#core/errors';
import { openSession } from '../../inference/sessions';
import { USER_NETWORKS } from '../userModels/partKinds';
import type { PendingPart } from './pendingPart';

/**
 * Opens and runs every network of new parts once, on zeros: what the runtime refuses or answers with something that is no
 * number is not installed.
 * @throws AppError WEIGHTS_INVALID
 */
export async function tryParts(parts: readonly PendingPart[], name: string): Promise<void> {
  for (const { kind, file } of Object.values(USER_NETWORKS)) {
    const part = parts.find((candidate) => candidate.kind === kind);
    if (part) await tryNetwork(join(part.folder, file), name);
  }
}

async function tryNetwork(path: string, name: string): Promise<void> {
  const session = await openSession(path, { threads: 1 });
  try {
    const outputs = await session.run(session.zeroFeeds());
    for (const [output, { data }] of Object.entries(outputs)) {
      if (data.every(Number.isFinite)) continue;
      throw new AppError('WEIGHTS_INVALID', `The network made from ${name} answers with no numbers (${output}).`, {
        hint: 'The file is damaged: download it again.',
      });
    }
  } finally {
    await session.dispose();
  }
}
