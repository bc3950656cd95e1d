import { z } from 'zod';
import { AppError } from '#core/errors';
import { countFrames } from '#core/frames/span';
import { encodeVibeOutput } from '../../../weights/joblib/encodeVibeOutput';
import type { VibePersonResult } from '../../../weights/joblib/vibePerson';
import type { ExportClip, ExportPerson } from '../../exportClip';
import { defineExporter, type ExportPlan, type ExportProgress, type ExportTarget } from '../../exporter';
import { peopleWithMotion, presentSpans, requirePeople } from '../../peopleFiles';
import { assumptionChecks, gapChecks, nobodyChecks } from '../../preflightChecks';
import { boxScaleOf, vibeTable } from './vibeTable';

const optionsSchema = z.object({
  cameras: z.enum(['run', 'published', 'corrected']).default('run').meta({
    title: 'Cameras',
    description:
      'published: orig_cam and joints2d_img_coord as VIBE writes them, a tenth too small; corrected: over the person; run: published when the run matched VIBE, else corrected',
  }),
});

type Options = z.output<typeof optionsSchema>;

const SPACE = {
  units: 'metre, px, radian',
  axes: 'camera: x right, y down, z forward; vertices and joints without translation',
};

/** Numbers a frame beside the vertices: cameras, pose, betas, joints, boxes, frame. */
const BYTES_PER_FRAME = 4 * (3 + 72 + 10 + 49 * 5) + 8 * (4 + 4 + 1);

function fileName(baseName: string): string {
  return `${baseName}_vibe_output.pkl`;
}

function framesOf(clip: ExportClip, person: ExportPerson): number {
  return countFrames(presentSpans(clip, person));
}

function preflight(clip: ExportClip, options: Options, baseName: string): ExportPlan {
  const people = peopleWithMotion(clip);
  if (people.length === 0) return { files: [], checks: nobodyChecks(clip) };
  if (!clip.vibe) return { files: [], checks: [{ level: 'warning', text: NEEDS_SMPL, detail: NEEDS_SMPL_HINT }] };
  const bytes = people.reduce(
    (sum, person) => sum + framesOf(clip, person) * (person.restVertices.length * 4 + BYTES_PER_FRAME),
    0,
  );
  const isPublished = boxScaleOf(options.cameras, clip.vibe.matchesOriginal) === 1;
  return {
    files: [{ name: fileName(baseName), estimatedBytes: bytes }],
    checks: [
      { level: 'good', text: "VIBE's keys, shapes and types", detail: 'joblib.load(…) gives a dict by person number' },
      isPublished
        ? { level: 'note', text: 'Cameras of the whole picture as VIBE writes them', detail: 'A tenth too small' }
        : { level: 'good', text: 'Cameras of the whole picture are corrected', detail: 'With the 1.1 of the crop' },
      ...gapChecks(clip, 'leave-out'),
      ...assumptionChecks(clip),
    ],
  };
}

const NEEDS_SMPL = "This format holds SMPL's 6,890 vertices, and these people have another body.";
const NEEDS_SMPL_HINT = 'Run with the VIBE estimator and an imported SMPL model, or choose another format.';

async function* run(
  clip: ExportClip,
  options: Options,
  target: ExportTarget,
  signal: AbortSignal,
): AsyncGenerator<ExportProgress> {
  const people = requirePeople(peopleWithMotion(clip));
  const { vibe } = clip;
  if (!vibe) throw new AppError('UNSUPPORTED', NEEDS_SMPL, { hint: NEEDS_SMPL_HINT });
  const boxScale = boxScaleOf(options.cameras, vibe.matchesOriginal);
  const total = people.reduce((sum, person) => sum + framesOf(clip, person), 0);
  let done = 0;
  const onFrame = () => {
    done += 1;
  };
  const tables = new Map<number, VibePersonResult>();
  for (const person of people) {
    tables.set(person.number, await vibeTable({ clip, person, vibe, boxScale, onFrame }, signal));
  }
  const file = await target.create(fileName(target.baseName));
  let told = 0;
  for await (const piece of encodeVibeOutput(tables)) {
    signal.throwIfAborted();
    await file.write(piece);
    if (done - told < 32) continue;
    told = done;
    yield { done, total, unit: 'frames' };
  }
  await file.close();
  yield { done: total, total, unit: 'frames' };
}

/** VIBE's own result file, for scripts that read it: people by number, SMPL pose, shape, cameras, vertices and joints. */
export const vibePklExporter = defineExporter({
  id: 'vibe-pkl',
  title: 'VIBE output (pkl)',
  extensions: ['pkl'],
  optionsSchema,
  space: () => SPACE,
  preflight,
  run,
});
