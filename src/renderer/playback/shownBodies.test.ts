import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBody, fakeMeshes, fakeMotion } from '../../../test/renderer/fakeBodies';
import { fakeDocument, fakePerson, fakeProject, fakeResults } from '../../../test/renderer/fakeProject';
import { projectStore } from '../session/projectStore';
import { shownBodies } from './shownBodies';
import { deferred } from './testing/deferred';

const person = fakePerson(1, 0, 120);
const document = fakeDocument([person]);
/** The default body everywhere, an imported one with other betas: what the engine answers for each. */
const BETAS = { 'smpl-neutral-1': 2, 'default-body': -1 } as const;
let bodyModel: keyof typeof BETAS;
/** Answers wait for it while it is there. */
let gate: Promise<void> | undefined;

async function answer(address: string | URL | Request): Promise<Response> {
  const url = new URL(String(address), 'http://retake');
  // Made for the body in use when it was asked for, however late it comes.
  const beta = BETAS[bodyModel];
  await gate;
  const span = [Number(url.searchParams.get('from')), Number(url.searchParams.get('to'))] as const;
  if (url.pathname.includes('/motion')) return new Response(fakeMotion(...span, beta));
  if (url.pathname.includes('/meshes')) return new Response(fakeMeshes(...span, beta));
  if (url.pathname.includes('/bodies')) return new Response(fakeBody(bodyModel));
  return new Response(null, { status: 404 });
}

function openWith(model: keyof typeof BETAS): void {
  bodyModel = model;
  const project = fakeProject(document, { results: fakeResults(document, { bodyModel: model }) });
  projectStore.setState({ project: { ...project, readOnly: undefined, tracks: new Map() } });
}

/** As when another estimator is chosen: the results of another body, whose versions count anew. */
function changeTo(model: keyof typeof BETAS, isMade: boolean): void {
  bodyModel = model;
  const results = fakeResults(document, { bodyModel: model });
  if (!isMade) results.people.forEach((entry) => Object.assign(entry, { current: [], present: [] }));
  projectStore.setState(({ project }) => ({ project: project && { ...project, results } }));
}

const betaShown = () => shownBodies.motion(person.id, 0)?.piece.betas[0];

beforeEach(() => {
  vi.stubGlobal('fetch', vi.fn(answer));
  gate = undefined;
  shownBodies.follow();
  openWith('smpl-neutral-1');
});

afterEach(() => {
  projectStore.setState({ project: undefined });
  vi.unstubAllGlobals();
});

describe('when another body comes into use', () => {
  it('reads no betas of the one before as its own, not even while its own are on the way', async () => {
    await vi.waitFor(() => expect(betaShown()).toBe(2));
    const { promise, resolve } = deferred<void>();
    gate = promise;
    changeTo('default-body', true);
    expect(betaShown()).toBeUndefined();
    resolve();
    await vi.waitFor(() => expect(betaShown()).toBe(-1));
  });

  it('shows nothing of the one before where its own was not made yet', async () => {
    await vi.waitFor(() => expect(betaShown()).toBe(2));
    await vi.waitFor(() => expect(shownBodies.body(person.id)?.positions[0]).toBe(2));
    changeTo('default-body', false);
    expect(betaShown()).toBeUndefined();
    expect(shownBodies.body(person.id)).toBeUndefined();
  });

  it('lets go of what was asked of the one before and comes late', async () => {
    projectStore.setState({ project: undefined });
    const { promise, resolve } = deferred<void>();
    gate = promise;
    openWith('smpl-neutral-1');
    changeTo('default-body', true);
    resolve();
    await vi.waitFor(() => expect(betaShown()).toBe(-1));
    await vi.waitFor(() => expect(shownBodies.body(person.id)?.positions[0]).toBe(-1));
  });
});
