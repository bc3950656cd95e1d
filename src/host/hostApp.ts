import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join, normalize, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { EngineHost } from './engineHost';
import { fileResponse } from './fileResponse';
import { SECURITY_HEADERS } from './securityHeaders';

/** What the host serves and from where. */
export interface HostOptions {
  engine: EngineHost;
  /** Folder of the built page. */
  pageFolder: string;
  /** Folder for videos dropped on the page; each gets a folder of its own. */
  uploadsFolder: string;
}

const MAX_NAME = 200;

/** A file name as a person gave it, without any path and without what file systems refuse. */
function safeFileName(name: string): string {
  const cleaned = basename(name.replaceAll('\\', '/')).replace(/[\u0000-\u001f<>:"|?*]/g, '_');
  return cleaned === '' || cleaned === '.' || cleaned === '..' ? 'video' : cleaned.slice(-MAX_NAME);
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

  app.post('/bulk/uploads', async (context) => {
    const name = safeFileName(context.req.query('name') ?? '');
    const body = context.req.raw.body;
    if (!body) return context.json({ error: 'An upload needs a body.' }, 400);
    const id = randomUUID();
    const folder = join(uploadsFolder, id);
    await mkdir(folder, { recursive: true });
    try {
      await pipeline(
        Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]),
        createWriteStream(join(folder, name)),
      );
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      const isFull = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
      return context.json(
        { error: isFull ? 'The disk is full; nothing was kept.' : 'The upload was cut off.' },
        isFull ? 507 : 400,
      );
    }
    return context.json({ token: await engine.grant(join(folder, name)) });
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
    const path = decodeURIComponent(new URL(context.req.url).pathname);
    const file = normalize(join(pageFolder, path === '/' ? 'index.html' : path));
    if (!file.startsWith(pageFolder + sep)) return new Response('Not found', { status: 404 });
    const range = context.req.header('Range');
    const response = fileResponse(file, { method: context.req.method, ...(range ? { range } : {}) });
    // Names of built assets carry their hash; the page itself must be looked at anew each time.
    const immutable = path.startsWith('/assets/') && response.status === 200;
    response.headers.set('Cache-Control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
    return response;
  });
  return app;
}
