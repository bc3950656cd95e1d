import { countFrames } from '#core/frames/span';
import type { ExportClip, ExportPerson } from './exportClip';
import type { PreflightCheck } from './exporter';
import type { GapPolicy, RootPolicy } from './motionOptions';
import { peopleWithMotion, presentSpans } from './peopleFiles';
import { formatRate, isWholeRate, type SampleGrid } from './sampleGrid';

function plural(count: number, word: string): string {
  return `${count.toLocaleString('en-US')} ${word}${count === 1 ? '' : 's'}`;
}

/** How many keys there are and which times they have. */
export function keysCheck(clip: ExportClip, grid: SampleGrid): PreflightCheck {
  const frames = clip.span.to - clip.span.from;
  const text = `${plural(grid.count, 'key')} for ${plural(frames, 'frame')}`;
  if (!grid.isSource) {
    return {
      level: 'note',
      text,
      detail: `Resampled from ${clip.variableRate ? 'variable ' : ''}${formatRate(clip.rate)} to ${formatRate(grid.rate)} fps`,
    };
  }
  if (!grid.even) {
    return {
      level: 'warning',
      text,
      detail: `The video has a time per frame (mean ${formatRate(grid.rate)} fps); programs that snap keys to frames move them`,
    };
  }
  return { level: 'good', text, detail: `${formatRate(grid.rate)} fps, same as the video` };
}

/** A rate of broken frames in a program that counts whole ones. */
export function wholeRateCheck(grid: SampleGrid, program: string): PreflightCheck[] {
  if (grid.even && isWholeRate(grid.rate)) return [];
  return [
    {
      level: 'warning',
      text: `${program} puts keys between frames at ${formatRate(grid.rate)} fps`,
      detail: `It counts whole frames per second; choose a whole rate to have a key on every frame`,
    },
  ];
}

function gapDetail(policy: GapPolicy | 'leave-out'): string {
  if (policy === 'hold') return 'The last pose before each gap is held';
  return policy === 'interpolate' ? 'The way from the pose before to the pose after is filled in' : 'Left out';
}

/** Who has frames without a body, and what stands there instead. */
export function gapChecks(clip: ExportClip, policy: GapPolicy | 'leave-out'): PreflightCheck[] {
  const frames = clip.span.to - clip.span.from;
  const moving = peopleWithMotion(clip);
  const checks: PreflightCheck[] = clip.people
    .filter((person) => !moving.includes(person))
    .map((person) => ({ level: 'warning', text: `${person.title} is not in these frames`, detail: 'Left out' }));
  for (const person of moving) {
    const missing = frames - countFrames(presentSpans(clip, person));
    if (missing === 0) continue;
    checks.push({
      level: 'note',
      text: `${person.title} has no body on ${plural(missing, 'frame')}`,
      detail: gapDetail(policy),
    });
  }
  return checks;
}

/** Rest pose and skin of the people. */
export function skinChecks(people: readonly ExportPerson[]): PreflightCheck[] {
  const joints = people[0]?.parents.length ?? 0;
  return [
    { level: 'good', text: 'Rest pose is a T-pose', detail: `${plural(joints, 'joint')}, 4 weights a vertex` },
    { level: 'good', text: 'Bone lengths stay the same', detail: 'One shape for the whole clip, only the root moves' },
    {
      level: 'note',
      text: 'Pose correctives are left out',
      detail: 'Plain skinning in other programs; elbows and hips keep more volume in an OBJ sequence',
    },
  ];
}

/** What `root` does when it is not the motion as seen. */
export function rootChecks(root: RootPolicy, people: number): PreflightCheck[] {
  if (root === 'ground') return [];
  if (root === 'start-at-origin') return [{ level: 'note', text: 'Motion starts at the origin' }];
  const detail = people > 1 ? 'Everybody stands at the origin' : 'Steps on the spot, height is kept';
  return [{ level: 'note', text: 'Sideways and forward motion is taken out', detail }];
}

/** What is assumed, from the clip's provenance. */
export function assumptionChecks(clip: ExportClip): PreflightCheck[] {
  return clip.provenance.notMetric.map((sentence) => ({ level: 'warning', text: sentence }));
}

/** The one check of an export that has nobody. */
export function nobodyChecks(clip: ExportClip): PreflightCheck[] {
  const text = clip.people.length === 0 ? 'Nobody chosen has a body' : 'Nobody has a body in these frames';
  return [{ level: 'warning', text, detail: 'Run the clip first, or choose others' }];
}
