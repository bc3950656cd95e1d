import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { fileResponse } from './fileResponse';

const folder = mkdtempSync(join(tmpdir(), 'retake-file-'));
const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);
const path = join(folder, 'clip.bin');
writeFileSync(path, bytes);
writeFileSync(join(folder, 'empty.json'), '');
mkdirSync(join(folder, 'folder.html'));
afterAll(() => rmSync(folder, { recursive: true }));

const get = (range?: string, method = 'GET') =>
  fileResponse(path, { method, ...(range === undefined ? {} : { range }) });
const bodyOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());

describe('a file as an answer', () => {
  it('is whole without a range', async () => {
    const response = get();
    expect(response.status).toBe(200);
    expect(response.headers.get('Accept-Ranges')).toBe('bytes');
    expect(response.headers.get('Content-Length')).toBe('1000');
    expect(await bodyOf(response)).toEqual(bytes);
  });

  it.each([
    ['bytes=0-0', 0, 0],
    ['bytes=10-19', 10, 19],
    ['bytes=990-', 990, 999],
    ['bytes=990-5000', 990, 999],
    ['bytes=-10', 990, 999],
    ['bytes=-5000', 0, 999],
  ])('is the part that %s names', async (range, first, last) => {
    const response = get(range);
    expect(response.status).toBe(206);
    expect(response.headers.get('Content-Range')).toBe(`bytes ${first}-${last}/1000`);
    expect(response.headers.get('Content-Length')).toBe(String(last - first + 1));
    expect(await bodyOf(response)).toEqual(bytes.slice(first, last + 1));
  });

  it.each(['bytes=1000-', 'bytes=2000-3000', 'bytes=20-10', 'bytes=-0'])('cannot be %s: 416', async (range) => {
    const response = get(range);
    expect(response.status).toBe(416);
    expect(response.headers.get('Content-Range')).toBe('bytes */1000');
    expect(await bodyOf(response)).toHaveLength(0);
  });

  it.each(['', 'bytes=', 'bytes=-', 'bytes=a-b', 'items=0-1', 'bytes=0-1,5-6', ' bytes=0-1'])(
    'is whole where the range %j is of a form that is not answered',
    (range) => expect(get(range).status).toBe(200),
  );

  it('answers every satisfiable range with exactly its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(999), fc.nat(1500), async (first, last) => {
        fc.pre(first <= last);
        expect(await bodyOf(get(`bytes=${first}-${last}`))).toEqual(bytes.slice(first, last + 1));
      }),
      { numRuns: 50 },
    );
  });

  it('has no body for HEAD but the same headers', async () => {
    for (const range of [undefined, 'bytes=5-9', 'bytes=5000-']) {
      const head = get(range, 'HEAD');
      const whole = get(range);
      expect(head.status).toBe(whole.status);
      expect([...head.headers]).toEqual([...whole.headers]);
      expect(head.body).toBeNull();
      await whole.body?.cancel();
    }
  });

  it('may be empty, and then has no satisfiable range', async () => {
    const empty = fileResponse(join(folder, 'empty.json'), { method: 'GET' });
    expect([empty.status, empty.headers.get('Content-Length')]).toEqual([200, '0']);
    expect(fileResponse(join(folder, 'empty.json'), { method: 'GET', range: 'bytes=0-' }).status).toBe(416);
  });

  it('is 404 for what is no file', () => {
    expect(fileResponse(join(folder, 'missing.js'), { method: 'GET' }).status).toBe(404);
    expect(fileResponse(join(folder, 'folder.html'), { method: 'GET' }).status).toBe(404);
  });

  it.each([
    ['page.html', 'text/html; charset=utf-8'],
    ['app.JS', 'text/javascript; charset=utf-8'],
    ['font.woff2', 'font/woff2'],
    ['clip.unknown', 'application/octet-stream'],
  ])('says what %s is', (name, type) => {
    writeFileSync(join(folder, name), 'x');
    expect(fileResponse(join(folder, name), { method: 'HEAD' }).headers.get('Content-Type')).toBe(type);
  });
});
