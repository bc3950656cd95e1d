import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeMeshes } from '../../../test/renderer/fakeBodies';
import { fakeDocument, fakePerson, fakeResults } from '../../../test/renderer/fakeProject';
import { BodyPreview } from './bodyPreview';
import { deferred } from './testing/deferred';

const FRAME = 7;
const { people } = fakeResults(fakeDocument([fakePerson(1, 0, 120)]));
const shape = (beta: number) => ({ shapeEdit: { bodyModel: 'default-body', betas: new Array<number>(10).fill(beta) } });
let asked: { address: string; answer: ReturnType<typeof deferred<Response>>; signal: AbortSignal | undefined }[];
let preview: BodyPreview;
/** Version of the results whose body as the document says it is there. */
let thereAt: number;

/** As shownBodies asks whenever something changed. */
function request(frame = FRAME, from = people): void {
  preview.request('project-1', from, frame, (_, version) => version === thereAt);
}

beforeEach(() => {
  asked = [];
  thereAt = 1;
  vi.stubGlobal('fetch', (address: string, init?: RequestInit) => {
    const answer = deferred<Response>();
    asked.push({ address, answer, signal: init?.signal ?? undefined });
    return answer.promise;
  });
  preview = new BodyPreview(() => request());
});

afterEach(() => vi.unstubAllGlobals());

async function answerNext(at: number, index = asked.length - 1): Promise<void> {
  asked[index]?.answer.resolve(new Response(fakeMeshes(FRAME, FRAME + 1, at)));
  await vi.waitFor(() => expect(preview.piece('p1', FRAME)?.origins[0]).toBe(at));
}

describe('a body with edits in hand', () => {
  it('is asked for once at a time, and the newest wish next', async () => {
    for (const beta of [1, 2, 3]) preview.show('p1', shape(beta), 1);
    expect(asked).toHaveLength(1);
    await answerNext(0.5);
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    expect(decodeURIComponent(asked[1]?.address ?? '')).toContain('3,3,3');
    await answerNext(1.5);
    expect(asked).toHaveLength(2);
  });

  it('is of its frame only', async () => {
    preview.show('p1', shape(1), 1);
    await answerNext(0.5);
    expect(preview.piece('p1', FRAME + 1)).toBeUndefined();
  });

  it('gives way to the body that has the edits, once that is here', async () => {
    preview.show('p1', shape(1), 1);
    await answerNext(0.5);
    const after = people.map((entry) => ({ ...entry, version: 2 }));
    request(FRAME, after);
    expect(preview.piece('p1', FRAME)).toBeDefined();
    thereAt = 2;
    request(FRAME, after);
    expect(preview.piece('p1', FRAME)).toBeUndefined();
  });

  it('goes when the edits are dropped', async () => {
    preview.show('p1', shape(1), 1);
    await answerNext(0.5);
    preview.release();
    expect(preview.piece('p1', FRAME)).toBeUndefined();
  });

  it('leaves the body as it is where the engine does not answer, and asks again with the next change', async () => {
    preview.show('p1', shape(1), 1);
    asked[0]?.answer.resolve(new Response(null, { status: 404 }));
    await vi.waitFor(() => {
      request();
      expect(asked).toHaveLength(2);
    });
    expect(preview.piece('p1', FRAME)).toBeUndefined();
    await answerNext(0.5);
  });

  it('is not waited for any more in another project', () => {
    preview.show('p1', shape(1), 1);
    preview.clear();
    expect(asked[0]?.signal?.aborted).toBe(true);
  });
});

describe('a body as far as a step of SMPL', () => {
  it('is asked for until the finished body is wanted again', async () => {
    preview.showStep('shaped');
    expect(asked[0]?.address).toContain('step=shaped');
    await answerNext(0.5);
    preview.showStep('skinned');
    expect(preview.piece('p1', FRAME)).toBeUndefined();
    expect(asked).toHaveLength(1);
  });
});
