import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { AppError } from '#core/errors';
import { startEngineThread } from '#host/engineThread';
import { findInstallation, findRoot } from '#host/installation';
import { type RunningServer, startServer } from './server';

/** How `retake serve` was called. */
export interface ServeCall {
  /** Folders whose videos may be opened from the page; the home folder when empty. */
  roots: readonly string[];
  listen: string;
  /** 0 takes a free one. */
  port: number;
  /** Data folder, when not the usual one. */
  data?: string;
  /** Told once, when the page can be opened: lines for a person, and the addresses in them for a program. */
  announce(text: string, addresses: Pick<RunningServer, 'address' | 'elsewhere'>): void;
}

/** The port that a text names. @throws AppError INVALID_ARGUMENT */
export function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new AppError('INVALID_ARGUMENT', `--port takes a whole number from 0 to 65535, not "${text}".`);
}

const IMPATIENT_AFTER_MS = 1_000;

/** What somebody must know who lets other computers in. */
function elsewhereLines(addresses: readonly string[]): string[] {
  if (addresses.length === 0) return [];
  return [
    `Other computers reach it at ${addresses.join(' and ')}`,
    'Nothing on the way is encrypted: use it in a network that you trust. Whoever has the address can open the videos here.',
  ];
}

/** Starts engine and server, tells the address, and ends cleanly on SIGINT and SIGTERM. */
export async function runServe(call: ServeCall): Promise<void> {
  if (call.listen.trim() === '') {
    throw new AppError('INVALID_ARGUMENT', '--listen takes an address; an empty one would be every address.', {
      hint: 'Leave it out to be reached from this computer only.',
    });
  }
  const installation = findInstallation(findRoot(import.meta.dirname), call.data);
  const roots = call.roots.length > 0 ? call.roots.map((root) => resolve(root)) : [homedir()];
  const onGivenUp = ({ message, hint }: AppError) => process.stderr.write(`${message} ${hint ?? ''}\n`);
  const engine = startEngineThread(installation.engineEntry, { ...installation.configuration, roots }, { onGivenUp });
  const { pageFolder, uploadsFolder } = installation;
  const server = await startServer({ engine, pageFolder, uploadsFolder, listen: call.listen, port: call.port });
  // Whoever started the server may close its end of the pipe: that is no reason to end.
  process.stdout.on('error', () => undefined);
  const { address, elsewhere } = server;
  const lines = [
    `Retake ${installation.version} is ready at ${address}`,
    'Open this address in a browser. Press Ctrl+C to stop.',
    ...elsewhereLines(elsewhere),
  ];
  call.announce(lines.join('\n'), { address, elsewhere });
  let stoppedAt: number | undefined;
  const stop = async () => {
    // The terminal and npm both tell of one Ctrl+C; only a later one means that somebody does not want to wait.
    if (stoppedAt !== undefined) {
      if (Date.now() - stoppedAt > IMPATIENT_AFTER_MS) process.exit(1);
      return;
    }
    stoppedAt = Date.now();
    await server.stop();
    await engine.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());
}
