import { z } from 'zod';
import { AppError } from '#core/errors';
import { bulkRoutes } from '#core/protocol/bulkRoutes';
import { connectWebSocket } from '../session/engineClient';
import type { Shell } from './shell';

const uploadAnswer = z.object({ token: z.string() });
const uploadProblem = z.object({ error: z.string() });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Sends a file to the server; XMLHttpRequest because fetch tells nothing of the progress of a request. */
function upload(file: File, onProgress: (fraction: number) => void, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', bulkRoutes.upload(file.name));
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      const body = parseJson(request.responseText);
      const answer = uploadAnswer.safeParse(body);
      if (request.status < 300 && answer.success) return resolve(answer.data.token);
      const problem = uploadProblem.safeParse(body);
      const message = problem.success ? problem.data.error : `${file.name} could not be sent to the engine.`;
      return reject(new AppError(request.status === 507 ? 'DISK_FULL' : 'INTERNAL', message, { hint: 'Try again.' }));
    };
    request.onerror = () => reject(new AppError('LINK_CLOSED', `${file.name} could not be sent to the engine.`));
    request.onabort = () => reject(new AppError('CANCELLED', 'Cancelled'));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

/** The platform of a page that a local server sends: everything over its own origin. */
export function createBrowserShell(): Shell {
  return {
    kind: 'browser',
    connect: async () => {
      const address = new URL('/control', location.href);
      address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
      address.hash = '';
      return connectWebSocket(address.href);
    },
    grantFile: upload,
  };
}
