import { randomUUID } from 'node:crypto';
import { editFromPlan } from '#core/document/planToEdit';
import { AppError } from '#core/errors';
import { shotsOf } from '#core/frames/cuts';
import type { Span } from '#core/frames/span';
import { editablePerson, neighbours } from '#core/tracks/boxEdit';
import { planFollowed } from '#core/tracks/copyEdits';
import { effectiveBoxAt } from '#core/tracks/effectiveBoxes';
import type { ProjectSession } from '../project/projectSession';
import { type FollowedStep, straightBetweenLooks } from '../tracking/follow/betweenLooks';
import { Follower, type Loss } from '../tracking/follow/follower';
import { followFrames } from './followFrames';
import { JobTracker } from './jobTracker';

/**
 * Boxes between two keyframes may lie so far from the straight line: at least so many px, and so much of the box's longer
 * side. Less would keep the detector's noise: at 2.5 % people far off got a keyframe on two frames of three.
 */
const TOLERANCE = { pixels: 2, share: 0.04 };

/** Boxes run straight between two looks of the detector so far apart, s: it looks ten times in one and may miss a person. */
const BETWEEN_LOOKS_SECONDS = 0.4;

/** Why a person is lost, after "lost on frame 12: ". */
const LOSSES: Record<Loss, string> = {
  unseen: 'the detector does not see them any more',
  empty: 'the box shows what is behind them',
  unlike: 'nothing near looks like them',
  outside: 'they leave the picture',
};

/** What is to be followed. */
export interface FollowRequest {
  person: string;
  /** Frame of the box to start from. */
  frame: number;
  direction: 'forward' | 'backward';
  /** At most so many frames; to the next keyframe or the end when absent. */
  frames?: number;
}

/** Frames to follow, the first one aside: up to the next keyframe of the person, a cut, or the end of the clip. */
function reachOf(session: ProjectSession, { person: id, frame, direction, frames = Infinity }: FollowRequest): Span {
  const { frameCount } = session.parts.media;
  const person = editablePerson(session.document, id);
  if (!person) throw new AppError('INVALID_ARGUMENT', 'This person is locked or gone, so nothing can be followed.');
  const { before, after } = neighbours(person, frame);
  const shot = shotsOf(session.cuts, frameCount).find(({ from, to }) => frame >= from && frame < to);
  const { from: first, to: last } = shot ?? { from: 0, to: frameCount };
  return direction === 'forward'
    ? { from: frame + 1, to: Math.min(after ?? last, last, frame + 1 + frames) }
    : { from: Math.max(before === undefined ? first : before + 1, first, frame - frames), to: frame };
}

/**
 * Follows a person from the box on a frame, by what the detector sees and by the picture between; stops at the next
 * keyframe, at a cut, at the end, or where the person is lost; boxes from there on are given up. What was found becomes one undoable
 * edit with few keyframes. Cancelled, it changes nothing.
 * @throws AppError INVALID_ARGUMENT when there is no box to start from or no room, READ_ONLY
 */
export function launchFollow(
  session: ProjectSession,
  request: FollowRequest,
): { jobId: string; ended: Promise<{ frames: number }> } {
  const { readOnly } = session.parts;
  if (readOnly) throw new AppError('READ_ONLY', readOnly.message);
  const { person: id, frame, direction } = request;
  const reach = reachOf(session, request);
  const person = editablePerson(session.document, id);
  const box = person && effectiveBoxAt(person, session.tracks, frame)?.box;
  if (!box) throw new AppError('INVALID_ARGUMENT', `There is no box of this person on frame ${frame} to follow from.`);
  const start = { frame, box };
  const total = reach.to - reach.from;
  if (total < 1)
    throw new AppError('INVALID_ARGUMENT', 'There is no frame to follow to before the next keyframe or cut.');
  const context = session.runContext();
  const stages = [{ id: 'follow', title: 'Follow', unit: 'frames', total }];
  const title = `Follow ${person.name} ${direction === 'forward' ? 'forwards' : 'backwards'}`;
  const job = new JobTracker(randomUUID(), 'follow', title, stages, (snapshot) =>
    session.events.emit({ type: 'job', job: snapshot }),
  );
  session.addJob(job);
  const ended = follow().then(
    (frames) => {
      job.finish();
      return { frames };
    },
    (error: unknown) => {
      job.finish(error);
      if (!job.signal.aborted) throw error;
      return { frames: 0 };
    },
  );
  ended.catch(() => undefined);
  return { jobId: job.id, ended };

  async function follow(): Promise<number> {
    const span = direction === 'forward' ? { from: frame, to: reach.to } : { from: reach.from, to: frame + 1 };
    const found: FollowedStep[] = [];
    let follower: Follower | undefined;
    for await (const { gray, people } of followFrames(context, span, direction, job.signal)) {
      job.signal.throwIfAborted();
      if (!follower) {
        follower = new Follower(gray, start.box, people, context.rate);
        continue;
      }
      const next = follower.next(gray, people);
      if (!next) break;
      found.push({ frame: gray.frameIndex, box: next.box, isDetected: next.isDetected });
      job.advance('follow', found.length);
    }
    job.signal.throwIfAborted();
    if (follower?.lostBecause) {
      found.length = follower.sure;
      const lostOn = direction === 'forward' ? frame + 1 + found.length : frame - 1 - found.length;
      job.stopped(lostOn, LOSSES[follower.lostBecause]);
      job.advance('follow', found.length);
    }
    return keep(found);
  }

  function keep(found: FollowedStep[]): number {
    if (found.length === 0) {
      throw new AppError('NOT_FOUND', `The person could not be found again next to frame ${frame}.`, {
        hint: 'Draw a closer box, or go on frame by frame.',
      });
    }
    const boxes = straightBetweenLooks(start, found, BETWEEN_LOOKS_SECONDS * context.rate);
    const inOrder = boxes.sort((a, b) => a.frame - b.frame);
    const side = Math.max(...inOrder.map((entry) => Math.max(entry.box.width, entry.box.height)));
    const plan = planFollowed(session.document, id, inOrder, Math.max(TOLERANCE.pixels, TOLERANCE.share * side));
    const edit = plan && editFromPlan(session.document, plan);
    if (edit) session.applyEdit(session.store.seq, edit);
    return found.length;
  }
}
