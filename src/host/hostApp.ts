import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join, normalize, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { isCancelled, toPlainError } from '#core/errors';
import type { EngineHost } from './engineHost';
import { fileResponse } from './fileResponse';
import { SECURITY_HEADERS } from './securityHeaders';

/** What the host serves and from where. */
export interface HostOptions {
  engine: Pick<EngineHost, 'bulk' | 'grant'>;
  /** Folder of the built page. */
  pageFolder: string;
  /** Folder for videos dropped on the page; each gets a folder of its own. */
  uploadsFolder: string;
}

/** File systems take 255 bytes; what is over goes from the front, because the end says what kind of file it is. */
const MAX_NAME_BYTES = 200;

/** A file name as a person gave it, without any path and without what file systems refuse. */
function safeFileName(name: string): string {
  const cleaned = basename(name.replaceAll('\\', '/'))
    .replace(/[\u0000-\u001f<>:"|?*]/g, '_')
    .replace(/[. ]+$/, '');
  const characters = [...cleaned];
  while (Buffer.byteLength(characters.join('')) > MAX_NAME_BYTES) characters.shift();
  return characters.length === 0 ? 'video' : characters.join('');
}

/** The path of an address without escapes; undefined for one that is malformed or no file name can be. */
function decodedPath(url: string): string | undefined {
  try {
    const path = decodeURIComponent(new URL(url).pathname);
    return path.includes('\0') ? undefined : path;
  } catch {
    return undefined;
  }
}

const NOT_WRITABLE = new Set(['EACCES', 'EROFS', 'EPERM', 'ENOTDIR', 'EEXIST', 'ENOENT']);

/** Why an upload was not kept, in words: the page shows them. */
function uploadFailed(context: Context, error: unknown): Response {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC') return context.json({ error: 'The disk is full; nothing was kept.' }, 507);
  if (typeof code === 'string' && NOT_WRITABLE.has(code)) {
    return context.json({ error: 'The folder for uploads cannot be written to.' }, 507);
  }
  if (code === 'ENGINE_STOPPED') return context.json({ error: toPlainError(error).message }, 503);
  return context.json({ error: 'The upload was cut off; nothing was kept.' }, 400);
}

/**
 * The one Fetch application behind `app://retake` and `http://`: the page, the bulk plane and uploads, with security
 * headers on every answer. It knows nothing of who may ask: serve checks that before.
 */
export function createHostApp({ engine, pageFolder, uploadsFolder }: HostOptions): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) context.res.headers.set(name, value);
  });
  // An engine that is down or starting anew is the one thing that throws here.
  app.onError((error, context) => {
    if (isCancelled(error)) return new Response(null, { status: 499 });
    const { code, message, hint } = toPlainError(error);
    if (code === 'INTERNAL') console.error(error);
    return context.json({ code, message, ...(hint === undefined ? {} : { hint }) }, code === 'INTERNAL' ? 500 : 503);
  });

  app.post('/bulk/uploads', async (context) => {
    const name = safeFileName(context.req.query('name') ?? '');
    const body = context.req.raw.body;
    if (!body) return context.json({ error: 'An upload needs a body.' }, 400);
    const folder = join(uploadsFolder, randomUUID());
    const path = join(folder, name);
    try {
      await mkdir(folder, { recursive: true });
      await pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]), createWriteStream(path));
      return context.json({ token: await engine.grant(path) });
    } catch (error) {
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
      return uploadFailed(context, error);
    }
  });

  app.get('/bulk/*', async (context) => {
    const url = new URL(context.req.url);
    const reply = await engine.bulk(url.pathname + url.search, context.req.raw.signal);
    if (reply.file !== undefined) {
      const range = context.req.header('Range');
      const response = fileResponse(reply.file, { method: context.req.method, ...(range ? { range } : {}) });
      for (const [name, value] of Object.entries(reply.headers)) response.headers.set(name, value);
      return response;
    }
    return new Response(reply.body ?? null, { status: reply.status, headers: reply.headers });
  });

  app.get('*', (context) => {
    const path = decodedPath(context.req.url);
    if (path === undefined) return new Response('Not found', { status: 404 });
    const file = normalize(join(pageFolder, path === '/' ? 'index.html' : path));
    if (!file.startsWith(normalize(pageFolder) + sep)) return new Response('Not found', { status: 404 });
    const range = context.req.header('Range');
    const response = fileResponse(file, { method: context.req.method, ...(range ? { range } : {}) });
    // Names of built assets carry their hash; the page itself must be looked at anew each time.
    const immutable = path.startsWith('/assets/') && response.status === 200;
    response.headers.set('Cache-Control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
    return response;
  });
  return app;
}
