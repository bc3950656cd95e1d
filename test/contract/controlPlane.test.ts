import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toAppError } from '../../src/renderer/session/engineError';
import { LARGE_COUNT, PROJECT } from './fakeService';
import { type Line, TRANSPORTS } from './transports';

const EXPORT = { exporter: 'obj', options: {}, people: [], ifExists: 'fail' as const };
const failure = async (call: Promise<unknown>) => toAppError(await call.catch((error: unknown) => error));

describe.each(TRANSPORTS)('the control plane $name', ({ name, open }) => {
  let line: Line;
  beforeEach(async () => {
    line = await open();
  });
  afterEach(() => line.end());

  it('answers a call', async () => {
    expect(await line.client.hello({ protocolVersion: 7 })).toEqual({
      protocolVersion: 7,
      appVersion: 'fake',
      canBrowse: true,
    });
  });

  it('answers many calls at once, each with its own answer', async () => {
    const asked = Array.from({ length: 50 }, (_, seq) => seq);
    const answers = await Promise.all(asked.map((seq) => line.client.projects.undo({ projectId: 'a', seq })));
    expect(answers.map(({ seq }) => seq)).toEqual(asked);
  });

  it('carries undefined options, unicode and control characters unchanged', async () => {
    expect((await line.client.projects.undo({ projectId: 'x' })).seq).toBe(0);
    const { folder } = await line.client.exports.preflight({ projectId: 'x', ...EXPORT });
    expect(folder).toBe('é 動き "quoted" \u0001');
  });

  it('refuses arguments of another form before the handler sees them', async () => {
    const wrong = { projectId: 'a', scope: 'everything' } as unknown as { projectId: string; scope: 'missing' };
    await expect(line.client.runs.start(wrong)).rejects.toThrow(/validation/i);
    const negative = { projectId: 'a', scope: 'missing' as const, span: { from: -1, to: 3 } };
    await expect(line.client.runs.start(negative)).rejects.toThrow(/validation/i);
    expect(line.sightings.runs).toEqual([]);
    await line.client.runs.start({ projectId: 'a', scope: 'missing', span: { from: 0, to: 3 } });
    expect(line.sightings.runs).toEqual([{ projectId: 'a', scope: 'missing', span: { from: 0, to: 3 } }]);
  });

  it('keeps code, sentence and hint of an error', async () => {
    const error = await failure(line.client.projects.undo({ projectId: PROJECT.fails }));
    expect(error).toMatchObject({
      code: 'EDIT_CONFLICT',
      message: 'The document has moved on.',
      hint: 'Take the newest one.',
    });
  });

  it('calls an unforeseen error INTERNAL and sends no stack', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const error = await failure(line.client.projects.redo({ projectId: 'a' }));
    expect(error.code).toBe('INTERNAL');
    expect(JSON.stringify(error)).not.toContain('fakeService');
    expect(logged).toHaveBeenCalled();
    logged.mockRestore();
  });

  it('gives events in order', async () => {
    const seen: string[] = [];
    for await (const event of await line.client.projects.events({ projectId: PROJECT.few })) {
      if (event.type === 'notice') seen.push(event.problem.message);
    }
    expect(seen).toEqual(['0', '1', '2']);
    expect(line.sightings.producing).toBe(0);
  });

  it('stops the producer when the reader breaks off', async () => {
    let read = 0;
    for await (const _event of await line.client.projects.events({ projectId: PROJECT.endless })) {
      if (++read === 3) break;
    }
    await vi.waitFor(() => expect(line.sightings.producing).toBe(0));
    const { produced } = line.sightings;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(line.sightings.produced).toBe(produced);
  });

  it('stops a producer that waits for something to happen when the reader breaks off', async () => {
    for await (const _event of await line.client.projects.events({ projectId: PROJECT.quiet })) break;
    await vi.waitFor(() => expect(line.sightings.producing).toBe(0));
  });

  it('stops the producer when the reader aborts', async () => {
    const reader = new AbortController();
    const events = await line.client.projects.events({ projectId: PROJECT.endless }, { signal: reader.signal });
    await events.next();
    reader.abort();
    // In process the producer sees the abort between two events, elsewhere a message tells it.
    await events.next().catch(() => undefined);
    await vi.waitFor(() => expect(line.sightings.producing).toBe(0));
  });

  it('keeps the code of an error that comes between events', async () => {
    const events = await line.client.projects.events({ projectId: PROJECT.breaks });
    const read = (async () => {
      for await (const _event of events);
    })();
    expect(await failure(read)).toMatchObject({ code: 'VIDEO_DAMAGED', message: 'It broke in the middle.' });
  });

  it('aborts the handler when a call is aborted', async () => {
    const caller = new AbortController();
    const call = line.client.projects.recent({}, { signal: caller.signal });
    call.catch(() => undefined);
    await line.client.hello({ protocolVersion: 1 });
    caller.abort();
    await expect(call).rejects.toThrow();
    await vi.waitFor(() => expect(line.sightings.aborted).toBe(1));
  });

  it('carries an answer of several megabytes', async () => {
    const { files } = await line.client.exports.preflight({ projectId: PROJECT.large, ...EXPORT });
    expect(files).toHaveLength(LARGE_COUNT);
    expect(files.at(-1)?.bytes).toBe(LARGE_COUNT - 1);
  });

  it('carries an argument of a megabyte', async () => {
    const people = Array.from({ length: 20_000 }, (_, index) => `${'p'.repeat(50)}${index}`);
    await line.client.runs.start({ projectId: 'a', scope: 'missing', people });
    expect(line.sightings.runs).toEqual([{ projectId: 'a', scope: 'missing', people }]);
  });

  it.skipIf(name === 'in process')('rejects what is under way when the line breaks, and never repeats it', async () => {
    const call = line.client.projects.recent({});
    call.catch(() => undefined);
    const events = await line.client.projects.events({ projectId: PROJECT.endless });
    await events.next();
    line.cut?.();
    expect((await failure(call)).code).toBe('LINK_CLOSED');
    const rest = (async () => {
      for await (const _event of events);
    })();
    expect((await failure(rest)).code).toBe('LINK_CLOSED');
    await vi.waitFor(() => expect(line.sightings.producing).toBe(0));
  });
});
