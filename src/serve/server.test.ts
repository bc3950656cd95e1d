import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type RunningServer, startServer } from './server';

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

const folder = mkdtempSync(join(tmpdir(), 'retake-serve-'));
const uploadsFolder = join(folder, 'uploads');
const engineEnds: MessagePort[] = [];
let server: RunningServer;
let port: number;
let cookie: string;
let own: { Host: string; Origin: string };

/** Over a socket, so that path and every header are exactly what is written here. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET', body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, path, method, headers, setHost: false }, (answer) => {
      let text = '';
      answer.on('data', (data) => (text += data));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }));
    });
    asking.on('error', reject);
    asking.end(body);
  });
}

const exchange = (token: unknown, headers: Record<string, string> = own) =>
  ask('/session', { ...headers, 'Content-Type': 'application/json' }, 'POST', JSON.stringify({ token }));

beforeAll(async () => {
  mkdirSync(join(folder, 'page'));
  writeFileSync(join(folder, 'page', 'index.html'), 'the page');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  const engine = {
    connect() {
      const { port1, port2 } = new MessageChannel();
      engineEnds.push(port1);
      return port2;
    },
    bulk: (path: string) => {
      const body = new TextEncoder().encode(`bulk ${path}`);
      return Promise.resolve({ status: 200, headers: { 'Content-Type': 'text/plain' }, body });
    },
    grant: () => Promise.resolve('granted'),
    stop: () => Promise.resolve(),
  };
  server = await startServer({ engine, pageFolder: join(folder, 'page'), uploadsFolder, listen: '127.0.0.1', port: 0 });
  port = Number(new URL(server.address).port);
  own = { Host: `127.0.0.1:${port}`, Origin: `http://127.0.0.1:${port}` };
  const token = new URLSearchParams(new URL(server.address).hash.slice(1)).get('token');
  cookie = (await exchange(token)).headers['set-cookie']?.[0]?.split(';')[0] ?? '';
});
afterAll(async () => {
  for (const end of engineEnds) end.close();
  await server.stop();
  rmSync(folder, { recursive: true });
});

describe('entering', () => {
  it('starts with a page that knows nothing but how to exchange the token', async () => {
    const enter = await ask('/', { Host: own.Host });
    expect(enter.status).toBe(200);
    expect(enter.body).toContain('/enter.js');
    expect(enter.body).not.toContain('the page');
    expect(enter.headers['content-security-policy']).toContain("default-src 'none'");
    const script = await ask('/enter.js', { Host: own.Host });
    expect(script.headers['content-type']).toContain('text/javascript');
    expect(script.body).toContain('/session');
  });

  it('keeps the token out of what servers and referrers see', () => {
    const { search, hash } = new URL(server.address);
    expect(search).toBe('');
    expect(hash).toMatch(/^#token=[\w-]{32}$/);
  });

  it('gives a session for the token', () => expect(cookie).toMatch(/^retake-\d+=[\w-]{32}$/));

  it.each([['wrong'], [''], [7], [null], [{}], [['x']]])('gives none for the token %j', async (token) => {
    const answer = await exchange(token);
    expect(answer.status).toBe(403);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('gives none for a body that is no JSON', async () => {
    expect((await ask('/session', { ...own, 'Content-Type': 'text/plain' }, 'POST', 'token')).status).toBe(403);
  });

  it('shows the page to whoever has a session', async () => {
    expect((await ask('/', { Host: own.Host, Cookie: cookie })).body).toBe('the page');
  });
});

describe('without a session', () => {
  it.each(['/index.html', '/assets/a.js', '/bulk/projects/x/frames/0.jpg?longSide=1', '/control'])(
    'there is no %s',
    async (path) => {
      const answer = await ask(path, { Host: own.Host });
      expect([answer.status, answer.body]).toEqual([403, 'Forbidden']);
    },
  );
  it('there is no upload', async () => {
    expect((await ask('/bulk/uploads?name=a.mp4', own, 'POST', 'x')).status).toBe(403);
  });
});

describe('a foreign site', () => {
  const foreignHosts = ['evil.example', 'evil.example:PORT', '127.0.0.1.evil.example:PORT', '127.0.0.1'];
  it.each(foreignHosts)(
    'whose name %s was pointed at this computer gets nothing, even with the cookie',
    async (host) => {
      const Host = host.replace('PORT', String(port));
      for (const path of ['/', '/enter.js', '/bulk/x']) {
        expect((await ask(path, { Host, Cookie: cookie })).status).toBe(403);
      }
      expect((await exchange('x', { Host, Origin: `http://${Host}` })).status).toBe(403);
    },
  );

  it.each(['http://evil.example', 'null', 'http://localhost:1'])('with the origin %s gets nothing', async (Origin) => {
    for (const [path, method] of [
      ['/', 'GET'],
      ['/bulk/x', 'GET'],
      ['/bulk/uploads?name=a.mp4', 'POST'],
      ['/bulk/uploads?name=a.mp4', 'OPTIONS'],
    ] as const) {
      const answer = await ask(path, { Host: own.Host, Cookie: cookie, Origin }, method);
      expect(answer.status).toBe(403);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it('is not told that it may ask, by any answer', async () => {
    for (const path of ['/', '/bulk/x', '/missing']) {
      const answer = await ask(path, { ...own, Cookie: cookie });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin');
    }
  });
});

describe('with a session', () => {
  it('has the bulk plane', async () => {
    expect((await ask('/bulk/bodies/x?a=1', { ...own, Cookie: cookie })).body).toBe('bulk /bulk/bodies/x?a=1');
  });

  it.each(['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '//../../secret.txt', '/%ff'])(
    'there is still nothing at %s',
    async (path) => {
      const answer = await ask(path, { ...own, Cookie: cookie });
      expect(answer.status).toBe(404);
      expect(answer.body).not.toContain('secret');
    },
  );

  it('takes uploads', async () => {
    const answer = await ask('/bulk/uploads?name=a.mp4', { ...own, Cookie: cookie }, 'POST', 'video');
    expect(JSON.parse(answer.body)).toEqual({ token: 'granted' });
    expect(readdirSync(uploadsFolder)).toHaveLength(1);
  });

  it('keeps nothing of an upload whose connection breaks', async () => {
    const before = readdirSync(uploadsFolder);
    const socket = connect(port, '127.0.0.1');
    const head = [`POST /bulk/uploads?name=cut.mp4 HTTP/1.1`, `Host: ${own.Host}`, `Origin: ${own.Origin}`];
    socket.write([...head, `Cookie: ${cookie}`, 'Content-Length: 1000000', '', 'only this much'].join('\r\n'));
    await vi.waitFor(() => expect(readdirSync(uploadsFolder).length).toBe(before.length + 1));
    socket.destroy();
    await vi.waitFor(() => expect(readdirSync(uploadsFolder)).toEqual(before));
  });
});

describe('the WebSocket', () => {
  /** `open`, or the status it was refused with. */
  const dial = (headers: Record<string, string>, path = '/control') =>
    new Promise<WebSocket | number>((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
      socket.on('open', () => resolve(socket));
      socket.on('unexpected-response', (_request, answer) => resolve(answer.statusCode ?? 0));
      socket.on('error', () => undefined);
    });

  it('opens for the page with its session', async () => {
    const socket = await dial({ ...own, Cookie: cookie });
    expect(socket).toBeInstanceOf(WebSocket);
    if (socket instanceof WebSocket) socket.close();
  });

  it('stays shut without session, origin or our name', async () => {
    const { Host, Origin } = own;
    expect(await dial({ Host, Origin })).toBe(403);
    expect(await dial({ Host, Origin, Cookie: `retake-${port}=guess` })).toBe(403);
    expect(await dial({ Host, Cookie: cookie })).toBe(403);
    expect(await dial({ Host, Origin: 'http://evil.example', Cookie: cookie })).toBe(403);
    const rebound = `evil.example:${port}`;
    expect(await dial({ Host: rebound, Origin: `http://${rebound}`, Cookie: cookie })).toBe(403);
    expect(await dial({ ...own, Cookie: cookie }, '/other')).toBe(403);
  });

  it('relays text and bytes both ways, and ends on both sides', async () => {
    const socket = await dial({ ...own, Cookie: cookie });
    if (!(socket instanceof WebSocket)) throw new Error('refused');
    const end = engineEnds.at(-1);
    const heard: unknown[] = [];
    end?.on('message', (message) => heard.push(message));
    const answers: string[] = [];
    socket.on('message', (data, isBinary) => answers.push(`${isBinary} ${String(data)}`));
    socket.send('a text');
    socket.send(new Uint8Array([1, 2]));
    await vi.waitFor(() => expect(heard).toEqual(['a text', new Uint8Array([1, 2])]));
    end?.postMessage('an answer');
    end?.postMessage(new TextEncoder().encode('bytes'));
    await vi.waitFor(() => expect(answers).toEqual(['false an answer', 'true bytes']));
    const closed = new Promise((resolve) => socket.on('close', resolve));
    end?.close();
    await closed;
  });
});

describe('stopping', () => {
  it('ends although a page is connected', async () => {
    const engine = {
      connect: () => new MessageChannel().port1,
      bulk: () => new Promise<never>(() => undefined),
      grant: () => Promise.resolve(''),
      stop: () => Promise.resolve(),
    };
    const other = await startServer({ engine, pageFolder: folder, uploadsFolder, listen: '127.0.0.1', port: 0 });
    const { host, origin, hash } = new URL(other.address);
    const token = new URLSearchParams(hash.slice(1)).get('token');
    const entered = await fetch(`${origin}/session`, {
      method: 'POST',
      headers: { Origin: origin },
      body: JSON.stringify({ token }),
    });
    const Cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
    const hanging = fetch(`${origin}/bulk/x`, { headers: { Cookie } }).catch(() => 'cut');
    const socket = new WebSocket(`ws://${host}/control`, { headers: { Origin: origin, Cookie } });
    await new Promise((resolve) => socket.on('open', resolve));
    await other.stop();
    expect(await hanging).toBe('cut');
  });

  it('says which port is taken', async () => {
    const engine = { connect: vi.fn(), bulk: vi.fn(), grant: vi.fn(), stop: vi.fn() };
    const again = startServer({ engine, pageFolder: folder, uploadsFolder, listen: '127.0.0.1', port });
    await expect(again).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: `Port ${port} is in use by another program.`,
    });
  });

  it('says which address is not ours', async () => {
    const engine = { connect: vi.fn(), bulk: vi.fn(), grant: vi.fn(), stop: vi.fn() };
    const elsewhere = startServer({ engine, pageFolder: folder, uploadsFolder, listen: '192.0.2.1', port: 0 });
    await expect(elsewhere).rejects.toMatchObject({ message: 'This computer has no address 192.0.2.1.' });
  });
});

it('reads no long message of somebody without the token', async () => {
  const token = 'x'.repeat(5_000);
  expect((await exchange(token)).status).toBe(403);
  const chunked = { ...own, 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' };
  expect((await ask('/session', chunked, 'POST', JSON.stringify({ token }))).status).toBe(403);
});

it('says at which addresses other computers reach it, and none when bound to loopback', async () => {
  expect(server.elsewhere).toEqual([]);
  const engine = { connect: vi.fn(), bulk: vi.fn(), grant: vi.fn(), stop: vi.fn() };
  const open = await startServer({ engine, pageFolder: folder, uploadsFolder, listen: '0.0.0.0', port: 0 });
  const { port: itsPort, hash } = new URL(open.address);
  await open.stop();
  for (const address of open.elsewhere) {
    expect(address).toMatch(new RegExp(`^http://.*:${itsPort}/${hash}$`));
    expect(address).not.toMatch(/127\.|::1|localhost/);
  }
  const networks = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  if (networks.some(({ internal, family }) => !internal && family === 'IPv4')) expect(open.elsewhere).not.toEqual([]);
});
