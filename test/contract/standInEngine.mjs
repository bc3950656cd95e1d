// An engine of a few lines that a worker thread runs: speaks the messages of core/protocol/engineMessages and does on
// request what an engine does when things go wrong.
import { parentPort, workerData } from 'node:worker_threads';

const pending = new Map();
const answer = (id, status, body) =>
  parentPort.postMessage({ type: 'bulk', id, reply: { status, headers: {}, body: new TextEncoder().encode(body) } });

const bulk = {
  '/bulk/echo': (id) => answer(id, 200, 'echo'),
  '/bulk/born': (id) => answer(id, 200, JSON.stringify(workerData)),
  '/bulk/slow': (id) =>
    pending.set(
      id,
      setTimeout(() => answer(id, 200, 'slow'), 60_000),
    ),
  '/bulk/exit': () => process.exit(3),
  '/bulk/throw': () => {
    throw new Error('a native library fell over');
  },
};

parentPort.on('message', (message) => {
  switch (message.type) {
    case 'connect':
      message.port.on('message', (words) => message.port.postMessage(`heard ${words}`));
      return;
    case 'bulk':
      (bulk[message.path] ?? ((id) => answer(id, 404, 'nothing')))(message.id);
      return;
    case 'cancelBulk':
      clearTimeout(pending.get(message.id));
      answer(message.id, 499, 'cancelled');
      return;
    case 'grant':
      parentPort.postMessage({ type: 'granted', id: message.id, token: `token of ${message.path}` });
      return;
    case 'stop':
      if (workerData?.appVersion === 'stuck') return;
      parentPort.postMessage({ type: 'stopped' });
      process.exit(0);
  }
});
parentPort.postMessage({ type: 'ready' });
