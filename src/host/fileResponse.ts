import { createReadStream, statSync } from 'node:fs';
import { extname } from 'node:path';
import { Readable } from 'node:stream';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.map': 'application/json',
  '.glb': 'model/gltf-binary',
};

/** First and last byte of a satisfiable `Range` header, `undefined` for none, `null` for one that cannot be met. */
function parseRange(header: string | undefined, size: number): { first: number; last: number } | null | undefined {
  if (header === undefined) return undefined;
  const match = /^bytes=(\d*)-(\d*)$/.exec(header);
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const first = match[1] === '' ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const last = match[1] === '' || match[2] === '' ? size - 1 : Math.min(size - 1, Number(match[2]));
  return first > last || first >= size ? null : { first, last };
}

/** A file as an answer: type, length, ranges (206 and 416), HEAD. A path that is no file is a 404. */
export function fileResponse(path: string, request: { method: string; range?: string }): Response {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (!facts?.isFile()) return new Response('Not found', { status: 404 });
  const headers: Record<string, string> = {
    'Content-Type': TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream',
    'Accept-Ranges': 'bytes',
  };
  const range = parseRange(request.range, facts.size);
  if (range === null) {
    return new Response(null, { status: 416, headers: { ...headers, 'Content-Range': `bytes */${facts.size}` } });
  }
  const { first, last } = range ?? { first: 0, last: facts.size - 1 };
  headers['Content-Length'] = String(last - first + 1);
  if (range) headers['Content-Range'] = `bytes ${first}-${last}/${facts.size}`;
  const status = range ? 206 : 200;
  if (request.method === 'HEAD' || facts.size === 0) return new Response(null, { status, headers });
  const stream = Readable.toWeb(createReadStream(path, { start: first, end: last }));
  return new Response(stream as ReadableStream<Uint8Array>, { status, headers });
}
