import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { editFromPlan } from '#core/document/planToEdit';
import { intersectionOverUnion } from '#core/tracks/box';
import { planNewPerson } from '#core/tracks/boxEdits';
import { boxRows, rowBox } from '#core/tracks/boxRows';
import { effectiveBoxAt } from '#core/tracks/effectiveBoxes';
import { exportTracks, importTracks } from '#engine/pipeline/exchangeTracks';
import { launchFollow } from '#engine/pipeline/followPerson';
import type { ProjectSession } from '#engine/project/projectSession';
import { trackFormats } from '#engine/tracking/formats/registry';
import { frameCount, openSample, sample, truthBox } from './sampleTruth';

/** A true box; one that is nowhere near where there is none. */
function boxOf(frame: number, id: number) {
  return truthBox(frame, id) ?? { x: 0, y: 0, width: 1, height: 1 };
}

function draw(session: ProjectSession, frame: number): string {
  const plan = planNewPerson(session.document, frame, boxOf(frame, 1));
  const edit = plan && editFromPlan(session.document, plan);
  if (!plan || !edit) throw new Error('a person is drawn');
  session.applyEdit(session.store.seq, edit);
  return plan.person;
}

function personOf(session: ProjectSession, id: string) {
  const person = session.document.people.find((entry) => entry.id === id);
  if (!person) throw new Error('the person is there');
  return person;
}

describe('following on the sample', () => {
  it('stays on the person by the picture alone, both ways, as one edit each that can be undone', async () => {
    const { session } = await openSample();
    const id = draw(session, 40);
    const forward = await launchFollow(session, { person: id, frame: 40, direction: 'forward', frames: 30 }).ended;
    const backward = await launchFollow(session, { person: id, frame: 40, direction: 'backward', frames: 15 }).ended;
    expect([forward.frames, backward.frames]).toEqual([30, 15]);
    const person = personOf(session, id);
    for (let frame = 25; frame <= 70; frame++) {
      const box = effectiveBoxAt(person, session.tracks, frame)?.box;
      const [own, real] = [box ?? boxOf(0, 9), boxOf(frame, 1)];
      const off = (side: 'x' | 'y', length: 'width' | 'height') =>
        Math.abs(own[side] + own[length] / 2 - real[side] - real[length] / 2) / real.height;
      // The true box is wide or narrow with each step; the followed one keeps the width that was drawn.
      expect([frame, off('x', 'width') < 0.13, off('y', 'height') < 0.05]).toEqual([frame, true, true]);
      expect(Math.abs(own.height / real.height - 1)).toBeLessThan(0.1);
    }
    expect(person.keyframes.length).toBeLessThan(40);
    expect(session.store.history().undo.map(({ label }) => label)).toEqual([
      'Draw box, frame 40',
      'Follow to frames 41–70',
      'Follow to frames 25–39',
    ]);
    session.store.undo();
    session.store.undo();
    expect(personOf(session, id).keyframes.map(({ frame }) => frame)).toEqual([40]);
  }, 120_000);

  it('changes nothing when it is cancelled, and stops before the next keyframe', async () => {
    const { session } = await openSample();
    const id = draw(session, 40);
    const before = session.document;
    const job = launchFollow(session, { person: id, frame: 40, direction: 'forward' });
    session.findJob(job.jobId)?.controller.abort();
    expect(await job.ended).toEqual({ frames: 0 });
    expect(session.document).toBe(before);
    expect(() => launchFollow(session, { person: id, frame: 39, direction: 'forward' })).toThrow(
      /no box of this person/,
    );
  }, 120_000);
});

describe('boxes handed over', () => {
  it('come back from every format, beside those that are there, and stay after undo, redo and reopening', async () => {
    const { session, workspace, data } = await openSample();
    const id = draw(session, 40);
    await launchFollow(session, { person: id, frame: 40, direction: 'forward', frames: 10 }).ended;
    const first = boxRows(personOf(session, id), session.tracks, frameCount);
    for (const { id: format, extension, write } of trackFormats) {
      if (!write) continue;
      const file = join(data, `boxes.${format}.${extension}`);
      const { losses } = exportTracks(session, format, file);
      expect(losses.every((loss) => loss.endsWith('.'))).toBe(true);
      expect(importTracks(session, format, file)).toBe(1);
      const rows = boxRows(session.document.people.at(-1) ?? personOf(session, id), session.tracks, frameCount);
      const own = boxRows(
        session.document.people.find(({ number }) => number === 1) ?? personOf(session, id),
        session.tracks,
        240,
      );
      expect(own).toEqual(first);
      const some = rowBox(rows, 45) ?? { x: 0, y: 0, width: 1, height: 1 };
      expect(intersectionOverUnion(some, rowBox(first, 45) ?? some)).toBeGreaterThan(0.999);
      session.store.undo();
      expect(session.document.people).toHaveLength(1);
    }
    session.store.redo();
    const { document } = session;
    await workspace.close(session.id);
    const again = await workspace.openVideo(sample);
    expect(again.document).toEqual(document);
    expect(again.snapshot().warnings).toEqual([]);
  }, 120_000);
});
