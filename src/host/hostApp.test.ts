import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '#core/errors';
import type { BulkReply } from '#core/protocol/engineMessages';
import { createHostApp } from './hostApp';
import { SECURITY_HEADERS } from './securityHeaders';

let root: string;
let granted: string[];
let bulk: (path: string, signal?: AbortSignal) => Promise<BulkReply>;
const uploads = () => join(root, 'uploads');
const reply = (body: string, headers = {}): BulkReply => ({
  status: 200,
  headers,
  body: new TextEncoder().encode(body),
});

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'retake-host-'));
  mkdirSync(join(root, 'page', 'assets'), { recursive: true });
  writeFileSync(join(root, 'page', 'index.html'), '<!doctype html>page');
  writeFileSync(join(root, 'page', 'assets', 'app-1a2b.js'), 'script');
  writeFileSync(join(root, 'secret.txt'), 'secret');
  mkdirSync(join(root, 'page-other'));
  writeFileSync(join(root, 'page-other', 'index.html'), 'secret');
  granted = [];
  bulk = () => Promise.resolve(reply('bulk'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function app() {
  const grant = (path: string) => {
    granted.push(path);
    return Promise.resolve('token');
  };
  const engine = { bulk: (path: string, signal?: AbortSignal) => bulk(path, signal), grant };
  return createHostApp({ engine, pageFolder: join(root, 'page'), uploadsFolder: uploads() });
}
const ask = (path: string, init: RequestInit = {}) => app().fetch(new Request(`app://retake${path}`, init));

describe('the page', () => {
  it('is served at / and never kept', async () => {
    const answer = await ask('/');
    expect(await answer.text()).toBe('<!doctype html>page');
    expect(answer.headers.get('Cache-Control')).toBe('no-cache');
  });

  it('has assets that are kept for good', async () => {
    const answer = await ask('/assets/app-1a2b.js');
    expect(await answer.text()).toBe('script');
    expect(answer.headers.get('Cache-Control')).toContain('immutable');
  });

  it('does not let a missing asset be kept', async () => {
    const answer = await ask('/assets/gone.js');
    expect(answer.status).toBe(404);
    expect(answer.headers.get('Cache-Control')).toBe('no-cache');
  });

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/%2e%2e%2fpage-other/index.html',
    '/..%5csecret.txt',
    '/%00',
    '/index.html%00.js',
    '/%ff',
    '/%',
    '/assets',
    '/assets/',
  ])('has nothing at %s', async (path) => {
    const answer = await ask(path);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('secret');
  });
});

describe('security headers', () => {
  it.each([
    ['/', {}],
    ['/missing', {}],
    ['/bulk/x', {}],
    ['/bulk/uploads?name=a.mp4', { method: 'POST' }],
    ['/', { method: 'DELETE' }],
  ])('are on the answer to %s %o', async (path, init) => {
    const { headers } = await ask(path, init);
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) expect(headers.get(name)).toBe(value);
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('are there when the engine is down', async () => {
    bulk = () => Promise.reject(new AppError('ENGINE_STOPPED', 'The engine is not running.', { hint: 'Wait.' }));
    const answer = await ask('/bulk/x');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({
      code: 'ENGINE_STOPPED',
      message: 'The engine is not running.',
      hint: 'Wait.',
    });
    expect(answer.headers.get('Content-Security-Policy')).toContain("script-src 'self'");
  });

  it('allow no script but our own files', () => {
    const policy = SECURITY_HEADERS['Content-Security-Policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|\*/);
    for (const part of ["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"])
      expect(policy).toContain(part);
  });
});

describe('the bulk plane', () => {
  it('is asked with path and query', async () => {
    const asked: string[] = [];
    bulk = (path) => {
      asked.push(path);
      return Promise.resolve(reply('frame', { 'Content-Type': 'image/jpeg', 'Cache-Control': 'private' }));
    };
    const answer = await ask('/bulk/projects/p%20q/frames/3.jpg?longSide=640');
    expect(asked).toEqual(['/bulk/projects/p%20q/frames/3.jpg?longSide=640']);
    expect(answer.headers.get('Content-Type')).toBe('image/jpeg');
    expect(answer.headers.get('Cache-Control')).toBe('private');
    expect(await answer.text()).toBe('frame');
  });

  it('streams a file with ranges and the headers of the engine', async () => {
    const file = join(root, 'secret.txt');
    bulk = () => Promise.resolve({ status: 200, headers: { 'Content-Disposition': 'attachment' }, file });
    const part = await ask('/bulk/exports/1/a.fbx', { headers: { Range: 'bytes=2-3' } });
    expect([part.status, await part.text()]).toEqual([206, 'cr']);
    expect(part.headers.get('Content-Disposition')).toBe('attachment');
    const head = await ask('/bulk/exports/1/a.fbx', { method: 'HEAD' });
    expect([head.status, head.headers.get('Content-Length'), await head.text()]).toEqual([200, '6', '']);
  });

  it('tells the engine when the page gives up', async () => {
    const page = new AbortController();
    bulk = (_path, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new AppError('CANCELLED', 'Cancelled')));
        page.abort();
      });
    expect((await ask('/bulk/x', { signal: page.signal })).status).toBe(499);
  });
});

describe('an upload', () => {
  const upload = (name: string, body: BodyInit | null = 'video') =>
    ask(`/bulk/uploads?name=${encodeURIComponent(name)}`, { method: 'POST', body, duplex: 'half' } as RequestInit);

  it('is kept in a folder of its own under its name, and granted', async () => {
    const answer = await upload('Tanz – été "1".mp4');
    expect(await answer.json()).toEqual({ token: 'token' });
    const [path = ''] = granted;
    expect(basename(path)).toBe('Tanz – été _1_.mp4');
    expect(dirname(dirname(path))).toBe(uploads());
    expect(readFileSync(path, 'utf8')).toBe('video');
    await upload('Tanz – été "1".mp4');
    expect(new Set(granted).size).toBe(2);
  });

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\evil.exe', 'evil.exe'],
    ['C:\\clips\\a.mov', 'a.mov'],
    ['/abs/b.mp4', 'b.mp4'],
    ['..', 'video'],
    ['.', 'video'],
    ['', 'video'],
    ['a\u0000b\n.mp4', 'a_b_.mp4'],
    ['-rf.mp4', '-rf.mp4'],
    ['dots...', 'dots'],
  ])('named %j lies inside as %j', async (name, kept) => {
    expect((await upload(name)).status).toBe(200);
    const [path = ''] = granted;
    expect(basename(path)).toBe(kept);
    expect(dirname(dirname(path))).toBe(uploads());
  });

  it('with a name too long for the disk keeps its end', async () => {
    expect((await upload(`${'動'.repeat(300)}.mp4`)).status).toBe(200);
    expect(granted[0]).toMatch(/動\.mp4$/);
    expect(Buffer.byteLength(basename(granted[0] ?? ''))).toBeLessThanOrEqual(200);
  });

  it('without a body is refused', async () => {
    expect((await upload('a.mp4', null)).status).toBe(400);
    expect(granted).toEqual([]);
  });

  it('that is cut off leaves nothing', async () => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent++ < 3) controller.enqueue(new Uint8Array(100_000));
        else controller.error(new Error('connection reset'));
      },
    });
    const answer = await upload('a.mp4', body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ error: 'The upload was cut off; nothing was kept.' });
    expect(readdirSync(uploads())).toEqual([]);
    expect(granted).toEqual([]);
  });

  it('says so where the folder cannot be made', async () => {
    writeFileSync(uploads(), 'a file is in the way');
    const answer = await upload('a.mp4');
    expect(answer.status).toBe(507);
    expect(await answer.json()).toEqual({ error: 'The folder for uploads cannot be written to.' });
    expect(granted).toEqual([]);
  });
});
