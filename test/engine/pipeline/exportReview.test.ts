import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { planReviewed } from '#core/review/reviewEdits';
import { exportReview } from '#engine/pipeline/exchangeTracks';
import { applyPlan, FakeProject, personAt, run } from './fakeProject';
import { walker } from './madeUpVideo';

vi.mock('#engine/video/decodeStream', async (original) => {
  const { fakeDecodeFrames } = await import('./fakeDecoder');
  return { ...(await original<object>()), decodeFrames: fakeDecodeFrames };
});

it('the review report is written among the exports and says which frames of whom were reviewed', async () => {
  const session = new FakeProject([walker(100)], 60).open();
  await run(session);
  const person = personAt(session, 0);
  applyPlan(session, planReviewed(session.document, person, { from: 10, to: 20 }, true));
  const { path, name, bytes } = exportReview(session);
  const text = readFileSync(path, 'utf8');
  expect(name).toMatch(/_review\.json$/);
  expect(text).toHaveLength(bytes);
  expect(JSON.parse(text)).toMatchObject({
    format: 'retake-review',
    people: [{ number: 1, reviewedFrames: 10, reviewed: [{ from: 10, to: 20 }] }],
  });
  await session.close();
});
