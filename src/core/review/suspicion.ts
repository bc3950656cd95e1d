import { BOX_ORIGIN } from '../tracks/track';
import { bodySignals } from './bodySignals';
import { boxSignals } from './boxSignals';
import { type Reason, REASONS, type Report, type ReviewClip, type ReviewMotion, type Suspect } from './signal';

/** How suspect a person is on every frame. */
export interface Suspicion {
  person: string;
  /** n, 0 (good) to 1 (worst); NaN where the person neither is nor should be. */
  scores: Float32Array;
  /** n: 0 for none, else 1 + place in {@link REASONS} of the worst reason. */
  reasons: Uint8Array;
}

/** What one reporter said of every frame: the worst of it. */
interface Rating {
  scores: Float32Array;
  reasons: Uint8Array;
}

function rated(frameCount: number, tell: (report: Report) => void): Rating {
  const scores = new Float32Array(frameCount);
  const reasons = new Uint8Array(frameCount);
  tell((frame, reason, score) => {
    if (frame < 0 || frame >= frameCount || !(score > (scores[frame] ?? 0))) return;
    scores[frame] = Math.min(1, score);
    reasons[frame] = 1 + REASONS.indexOf(reason);
  });
  return { scores, reasons };
}

const bodyRatings = new WeakMap<ReviewMotion, { seconds: Float64Array; rating: Rating }>();

/** The rating of bodies, found once for each motion: boxes are edited far more often than bodies are computed. */
function bodyRating(motion: ReviewMotion, clip: ReviewClip): Rating {
  const known = bodyRatings.get(motion);
  if (known?.seconds === clip.seconds) return known.rating;
  const rating = rated(clip.seconds.length, (report) => bodySignals(motion, clip, report));
  bodyRatings.set(motion, { seconds: clip.seconds, rating });
  return rating;
}

/**
 * Rates every frame of every person by what usually goes wrong: boxes that jump, overlap, begin or end inside the picture,
 * are missing or interpolated for long; bodies that pop, stretch, slide on their feet or explain the picture badly. A frame
 * has the score of its worst reason. Pure; a motion must not be changed in place.
 */
export function rateSuspicion(suspects: readonly Suspect[], clip: ReviewClip): Suspicion[] {
  return suspects.map((suspect) => {
    const others = suspects.filter((other) => other !== suspect).map(({ rows }) => rows);
    const body = suspect.motion && bodyRating(suspect.motion, clip);
    const { scores, reasons } = rated(clip.seconds.length, (report) => {
      boxSignals(suspect, others, clip, report);
      body?.scores.forEach((score, frame) => {
        const reason = score > 0 ? reasonAt(body, frame) : undefined;
        if (reason) report(frame, reason, score);
      });
    });
    suspect.rows.origins.forEach((origin, frame) => {
      if (origin === BOX_ORIGIN.absent && reasons[frame] === 0) scores[frame] = Number.NaN;
    });
    return { person: suspect.person.id, scores, reasons };
  });
}

/** The worst reason of a frame; undefined for a good one. */
export function reasonAt({ reasons }: Pick<Suspicion, 'reasons'>, frameIndex: number): Reason | undefined {
  return REASONS[(reasons[frameIndex] ?? 0) - 1];
}
