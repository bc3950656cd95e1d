import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { WebSocketServer, type WebSocket } from 'ws';
import { AppError } from '#core/errors';
import type { EngineHost } from '#host/engineHost';
import { createHostApp } from '#host/hostApp';
import { SECURITY_HEADERS } from '#host/securityHeaders';
import { AccessControl, type RequestFacts } from './access';
import { ENTER_PAGE, ENTER_SCRIPT } from './enterPage';

const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
/** Whoever has no token yet may send so much. */
const MAX_TOKEN_BYTES = 1024;

/** How to serve. */
export interface ServeOptions {
  engine: EngineHost;
  pageFolder: string;
  uploadsFolder: string;
  /** Address to bind; anything but loopback must be asked for. */
  listen: string;
  /** 0 takes a free one. */
  port: number;
}

/** A running server. */
export interface RunningServer {
  /** With the token in its fragment: what a person opens. */
  address: string;
  /** Addresses, with the token, at which other computers reach it: none when bound to loopback. */
  elsewhere: string[];
  stop(): Promise<void>;
}

function factsOf(request: IncomingMessage): RequestFacts {
  return {
    host: request.headers.host,
    origin: request.headers.origin,
    cookie: request.headers.cookie,
    method: request.method ?? 'GET',
  };
}

/** Passes the messages of a WebSocket to the engine's control port and back, as they are: both speak oRPC's encoding. */
function relay(socket: WebSocket, engine: EngineHost): void {
  const port = engine.connect();
  socket.on('message', (data, isBinary) => {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer);
    port.postMessage(isBinary ? new Uint8Array(bytes) : bytes.toString('utf8'));
  });
  port.on('message', (message: string | Uint8Array) => socket.send(message));
  socket.on('close', () => port.close());
  port.on('close', () => socket.close());
}

function guardedApp(options: ServeOptions, access: () => AccessControl): Hono {
  const host = createHostApp(options);
  const app = new Hono();
  const page = (body: string, type: string) =>
    new Response(body, { headers: { ...SECURITY_HEADERS, 'Content-Type': type } });
  app.use(async (context, next) => {
    const facts: RequestFacts = {
      host: context.req.header('Host'),
      origin: context.req.header('Origin'),
      cookie: context.req.header('Cookie'),
      method: context.req.method,
    };
    if (!access().isKnownHost(facts) || !access().isOwnOrigin(facts)) return new Response('Forbidden', { status: 403 });
    const path = new URL(context.req.url).pathname;
    if (path === '/session' || path === '/enter.js' || access().hasSession(facts)) return next();
    if (path === '/') return page(ENTER_PAGE, 'text/html; charset=utf-8');
    return new Response('Forbidden', { status: 403 });
  });
  app.get('/enter.js', () => page(ENTER_SCRIPT, 'text/javascript; charset=utf-8'));
  const refusesLong = bodyLimit({
    maxSize: MAX_TOKEN_BYTES,
    onError: () => new Response('Forbidden', { status: 403 }),
  });
  app.post('/session', refusesLong, async (context) => {
    const body: unknown = await context.req.json().catch(() => undefined);
    const token = typeof body === 'object' && body !== null && 'token' in body ? String(body.token) : '';
    const cookie = access().exchange(token);
    if (cookie === undefined) return new Response('Forbidden', { status: 403 });
    return new Response(null, { status: 204, headers: { 'Set-Cookie': cookie } });
  });
  app.mount('/', (request) => host.fetch(request));
  return app;
}

function whyNotListening(error: Error, { listen, port }: ServeOptions): Error {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    const hint = 'Choose another with --port, or leave it out for a free one.';
    return new AppError('INVALID_ARGUMENT', `Port ${port} is in use by another program.`, { hint, cause: error });
  }
  if (code === 'EACCES') {
    const hint = 'Choose one above 1023 with --port.';
    return new AppError('FORBIDDEN', `Port ${port} may not be opened by this user.`, { hint, cause: error });
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    const hint = 'Leave --listen out to be reached from this computer only.';
    return new AppError('INVALID_ARGUMENT', `This computer has no address ${listen}.`, { hint, cause: error });
  }
  return error;
}

/** Names under which a server bound to `listen` may be asked; the one to print first. */
function ownNames(listen: string): string[] {
  const loopback = ['127.0.0.1', '[::1]'];
  if (listen === '0.0.0.0' || listen === '::') {
    // Addresses, never names: a name can be pointed here by somebody else (DNS rebinding).
    const own = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
    return [...loopback, ...own.map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address))];
  }
  return [listen.includes(':') ? `[${listen}]` : listen, ...loopback];
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || name.startsWith('127.');
}

/** Starts the local server and resolves once it listens. @throws AppError that says why it cannot. */
export function startServer(options: ServeOptions): Promise<RunningServer> {
  return new Promise((resolve, reject) => {
    let access = new AccessControl(new Set(), 0);
    const app = guardedApp(options, () => access);
    const server = serve({ fetch: app.fetch, hostname: options.listen, port: options.port }) as Server;
    const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
    server.on('upgrade', (request, socket, head) => {
      const facts = { ...factsOf(request), method: 'UPGRADE' };
      const allowed = access.isKnownHost(facts) && access.isOwnOrigin(facts) && access.hasSession(facts);
      if (!allowed || request.url !== '/control') {
        socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
        return;
      }
      sockets.handleUpgrade(request, socket, head, (webSocket) => relay(webSocket, options.engine));
    });
    server.on('error', (error) => reject(whyNotListening(error, options)));
    server.on('listening', () => {
      const { port } = server.address() as AddressInfo;
      const names = ownNames(options.listen);
      access = new AccessControl(new Set([...names, 'localhost'].map((name) => `${name}:${port}`)), port);
      const addressOf = (name: string): string => `http://${name}:${port}/#token=${access.token}`;
      resolve({
        address: addressOf(names[0] ?? 'localhost'),
        elsewhere: names.filter((name) => !isLoopback(name) && !name.startsWith('[fe80:')).map(addressOf),
        stop: () => stopServer(server, sockets),
      });
    });
  });
}

function stopServer(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const client of sockets.clients) client.terminate();
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
