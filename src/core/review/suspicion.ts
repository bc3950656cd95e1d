import { BOX_ORIGIN } from '../tracks/track';
import { bodySignals } from './bodySignals';
import { boxSignals } from './boxSignals';
import { type Reason, REASONS, type Report, type ReviewClip, type Suspect } from './signal';

/** How suspect a person is on every frame. */
export interface Suspicion {
  person: string;
  /** n, 0 (good) to 1 (worst); NaN where the person neither is nor should be. */
  scores: Float32Array;
  /** n: 0 for none, else 1 + place in {@link REASONS} of the worst reason. */
  reasons: Uint8Array;
}

/**
 * Rates every frame of every person by what usually goes wrong: boxes that jump, overlap, begin or end inside the picture,
 * are missing or interpolated for long; bodies that pop, stretch, slide on their feet or explain the picture badly. A frame
 * has the score of its worst reason. Pure.
 */
export function rateSuspicion(suspects: readonly Suspect[], clip: ReviewClip): Suspicion[] {
  return suspects.map((suspect) => {
    const frameCount = clip.seconds.length;
    const scores = new Float32Array(frameCount);
    const reasons = new Uint8Array(frameCount);
    const report: Report = (frame, reason, score) => {
      if (frame < 0 || frame >= frameCount || !(score > (scores[frame] ?? 0))) return;
      scores[frame] = Math.min(1, score);
      reasons[frame] = 1 + REASONS.indexOf(reason);
    };
    const others = suspects.filter((other) => other !== suspect).map(({ rows }) => rows);
    boxSignals(suspect, others, clip, report);
    if (suspect.motion) bodySignals(suspect.motion, clip, report);
    suspect.rows.origins.forEach((origin, frame) => {
      if (origin === BOX_ORIGIN.absent && reasons[frame] === 0) scores[frame] = Number.NaN;
    });
    return { person: suspect.person.id, scores, reasons };
  });
}

/** The worst reason of a frame; undefined for a good one. */
export function reasonAt({ reasons }: Suspicion, frameIndex: number): Reason | undefined {
  return REASONS[(reasons[frameIndex] ?? 0) - 1];
}
