import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { createRouterClient } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { vi } from 'vitest';
import { WebSocket } from 'ws';
import { connectPorts, connectWebSocket, type EngineClient } from '../../src/renderer/session/engineClient';
import { startServer } from '../../src/serve/server';
import { enter } from './enterServer';
import { createFakeService, type Sightings } from './fakeService';

/** A client of the fake service over one transport. */
export interface Line {
  client: EngineClient;
  sightings: Sightings;
  /** Breaks the line from the engine's side, where there is one to break. */
  cut?(): void;
  end(): Promise<void>;
}

/** A way to the service. */
export interface Transport {
  name: string;
  open(): Promise<Line>;
}

/** A DOM-like MessagePort: the page's code is given what a browser gives it. */
async function overPorts(): Promise<Line> {
  const { router, sightings } = createFakeService();
  const { port1, port2 } = new MessageChannel();
  new RPCHandler(router).upgrade(port1);
  port1.start();
  const connection = connectPorts(() => Promise.resolve(port2 as unknown as MessagePort));
  return {
    client: connection.client,
    sightings,
    cut: () => port1.close(),
    async end() {
      connection.close();
      port1.close();
    },
  };
}

/** The page's WebSocket client through the local server with its access control, as in `retake serve`. */
async function overWebSocket(): Promise<Line> {
  const { router, sightings } = createFakeService();
  const folder = await mkdtemp(join(tmpdir(), 'retake-contract-'));
  const ports = new Set<{ close(): void }>();
  const engine = {
    connect() {
      const { port1, port2 } = new MessageChannel();
      ports.add(port1);
      new RPCHandler(router).upgrade(port1);
      port1.start();
      return port2;
    },
    bulk: () => Promise.reject(new Error('not asked')),
    grant: () => Promise.reject(new Error('not asked')),
    stop: () => Promise.resolve(),
  };
  const server = await startServer({ engine, pageFolder: folder, uploadsFolder: folder, listen: '127.0.0.1', port: 0 });
  const { origin, cookie } = await enter(server.address);
  class BrowserLikeSocket extends WebSocket {
    constructor(url: string) {
      super(url, { headers: { cookie, origin } });
    }
  }
  vi.stubGlobal('WebSocket', BrowserLikeSocket);
  const connection = connectWebSocket(`${origin.replace('http', 'ws')}/control`);
  return {
    client: connection.client,
    sightings,
    cut: () => {
      for (const port of ports) port.close();
    },
    async end() {
      connection.close();
      vi.unstubAllGlobals();
      await server.stop();
      for (const port of ports) port.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function inProcess(): Promise<Line> {
  const { router, sightings } = createFakeService();
  // The fake has what the suite calls; the client's type has every method.
  const client = createRouterClient(router) as unknown as EngineClient;
  return { client, sightings, end: () => Promise.resolve() };
}

/** Every way from a page to the engine. */
export const TRANSPORTS: readonly Transport[] = [
  { name: 'in process', open: inProcess },
  { name: 'over a MessagePort', open: overPorts },
  { name: 'over a WebSocket through serve', open: overWebSocket },
];
