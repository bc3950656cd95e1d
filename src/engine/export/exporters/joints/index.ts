import { z } from 'zod';
import type { ExportClip, ExportFrame, ExportPerson } from '../../exportClip';
import {
  defineExporter,
  type ExportFile,
  type ExportPlan,
  type ExportProgress,
  type ExportTarget,
} from '../../exporter';
import { peopleWithMotion, presentSpans, requirePeople } from '../../peopleFiles';
import { assumptionChecks, gapChecks, nobodyChecks } from '../../preflightChecks';
import { provenanceRecord } from '../../provenance';
import { formatRate } from '../../sampleGrid';
import { countFrames } from '#core/frames/span';

const optionsSchema = z.object({});

/** Units and axes of the joints file: those of the camera, not of the scene. */
const JOINTS_SPACE = { units: 'metre, px', axes: 'camera: x right, y down, z forward' };

/** Measured: 24 * (3 numbers of 8 + 2 of 8 characters) with commas and brackets. */
const BYTES_PER_PERSON_FRAME = 1085;

function fileName(baseName: string): string {
  return `${baseName}_joints.json`;
}

function rows(values: ArrayLike<number>, width: number, decimals: number): string {
  const parts: string[] = [];
  for (let at = 0; at < values.length; at += width) {
    const numbers: number[] = [];
    // NaN is not JSON; a missing number is null.
    for (let k = 0; k < width; k++) numbers.push(Number((values[at + k] ?? Number.NaN).toFixed(decimals)));
    parts.push(JSON.stringify(numbers));
  }
  return `[${parts.join(',')}]`;
}

function personText(person: ExportPerson, frame: ExportFrame): string {
  const box = frame.box ? JSON.stringify(frame.box.map((value) => Number(value.toFixed(2)))) : 'null';
  const joints3d = rows(frame.joints3dCamera, 3, 5);
  return `{"id":${person.number},"box":${box},"joints3d":${joints3d},"joints2d":${rows(frame.joints2d, 2, 2)}}`;
}

function head(clip: ExportClip): string {
  const { rate } = clip;
  const content = {
    fps: rate.numerator / rate.denominator,
    axes: 'camera',
    units: { joints3d: 'm', joints2d: 'px', box: 'px' },
    jointNames: clip.people[0]?.jointNames ?? [],
    provenance: provenanceRecord(clip, JOINTS_SPACE),
  };
  return `${JSON.stringify(content).slice(0, -1)},"frames":[`;
}

function preflight(clip: ExportClip, _options: z.output<typeof optionsSchema>, baseName: string): ExportPlan {
  const people = peopleWithMotion(clip);
  if (people.length === 0) return { files: [], checks: nobodyChecks(clip) };
  const frames = clip.span.to - clip.span.from;
  const bodies = people.reduce((total, person) => total + countFrames(presentSpans(clip, person)), 0);
  return {
    files: [
      { name: fileName(baseName), estimatedBytes: head(clip).length + frames * 30 + bodies * BYTES_PER_PERSON_FRAME },
    ],
    checks: [
      {
        level: 'good',
        text: `${frames} frames, numbered as in the video`,
        detail: `${formatRate(clip.rate)} fps${clip.variableRate ? ' on average; the times are in the file beside it' : ''}`,
      },
      { level: 'good', text: 'Joints as the camera sees them', detail: 'Metres and px, x right, y down, z forward' },
      ...gapChecks(clip, 'leave-out'),
      ...assumptionChecks(clip),
    ],
  };
}

async function* writeFrames(
  clip: ExportClip,
  people: readonly ExportPerson[],
  file: ExportFile,
  signal: AbortSignal,
): AsyncGenerator<ExportProgress> {
  const { from, to } = clip.span;
  const readers = people.map((person) =>
    person.frames({ span: clip.span, vertices: false }, signal)[Symbol.asyncIterator](),
  );
  try {
    for (let frameIndex = from; frameIndex < to; frameIndex++) {
      const entries: string[] = [];
      for (const [index, reader] of readers.entries()) {
        const person = people[index];
        const { value: frame, done } = await reader.next();
        if (person && !done && frame.present) entries.push(personText(person, frame));
      }
      await file.write(`${frameIndex > from ? ',\n' : '\n'}{"frame":${frameIndex},"people":[${entries.join(',')}]}`);
      if (frameIndex % 32 === 31) {
        signal.throwIfAborted();
        yield { done: frameIndex + 1 - from, total: to - from, unit: 'frames' };
      }
    }
  } finally {
    for (const reader of readers) await reader.return?.(undefined);
  }
}

async function* run(
  clip: ExportClip,
  _options: z.output<typeof optionsSchema>,
  target: ExportTarget,
  signal: AbortSignal,
): AsyncGenerator<ExportProgress> {
  const people = requirePeople(peopleWithMotion(clip));
  const file = await target.create(fileName(target.baseName));
  await file.write(head(clip));
  yield* writeFrames(clip, people, file, signal);
  await file.write('\n]}\n');
  await file.close();
  const frames = clip.span.to - clip.span.from;
  yield { done: frames, total: frames, unit: 'frames' };
}

/** Joints as plain JSON for people's own scripts: 24 SMPL joints per person and frame, in camera axes and in px. */
export const jointsExporter = defineExporter({
  id: 'joints',
  title: 'Joints (JSON)',
  extensions: ['json'],
  optionsSchema,
  space: () => JOINTS_SPACE,
  preflight,
  run,
});
