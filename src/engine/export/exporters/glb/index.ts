import { z } from 'zod';
import type { ExportClip } from '../../exportClip';
import { defineExporter, type ExportPlan, type ExportProgress, type ExportTarget } from '../../exporter';
import { JOINT_NAMINGS } from '../../jointNaming';
import { motionOptions } from '../../motionOptions';
import { firstPlace, gatherMotion } from '../../motionTrack';
import { type PeopleFile, peopleFiles, requirePeople } from '../../peopleFiles';
import {
  assumptionChecks,
  gapChecks,
  keysCheck,
  nobodyChecks,
  rootChecks,
  skinChecks,
  wholeRateCheck,
} from '../../preflightChecks';
import { SCENE_AXES, sampledProvenance } from '../../provenance';
import { createSampleGrid, type SampleGrid } from '../../sampleGrid';
import { GlbScene } from './glbScene';

const optionsSchema = z.object({
  fps: z.enum(['source', '24', '25', '30', '50', '60']).default('source').meta({
    title: 'Frame rate',
    description: 'source: a key on every frame of the video; numbers resample between frames',
  }),
  ...motionOptions,
  files: z.enum(['together', 'per-person']).default('together').meta({ title: 'Files' }),
  boneNames: z.enum(JOINT_NAMINGS).default('smpl').meta({
    title: 'Bone names',
    description: 'The same skeleton named for the retargeter of a program; rest axes stay',
  }),
});

type Options = z.output<typeof optionsSchema>;

const SPACE = { units: 'metre', axes: SCENE_AXES };

function gridFor(clip: ExportClip, options: Options): SampleGrid {
  return createSampleGrid(clip, options.fps === 'source' ? 'source' : Number(options.fps));
}

function filesFor(clip: ExportClip, options: Options, baseName: string): PeopleFile[] {
  return peopleFiles(clip, baseName, 'glb', options.files === 'per-person');
}

/** Uncompressed, so nearly exact: 44 bytes a vertex, 2 or 4 an index, a quaternion per joint and key. */
function estimateBytes({ people }: PeopleFile, grid: SampleGrid): number {
  return people.reduce(
    (sum, person) => {
      const vertices = person.restVertices.length / 3;
      const index = vertices < 65_535 ? 2 : 4;
      const joints = person.parents.length;
      return sum + vertices * 44 + person.faces.length * index + grid.count * (joints * 16 + 12) + joints * 64;
    },
    12_000 + grid.count * 4,
  );
}

function preflight(clip: ExportClip, options: Options, baseName: string): ExportPlan {
  const grid = gridFor(clip, options);
  const files = filesFor(clip, options, baseName);
  if (files.length === 0) return { files: [], checks: nobodyChecks(clip) };
  const people = files.flatMap((file) => file.people);
  return {
    files: files.map((file) => ({ name: file.name, estimatedBytes: estimateBytes(file, grid) })),
    checks: [
      keysCheck(clip, grid),
      ...wholeRateCheck(grid, 'Blender'),
      {
        level: 'note',
        text: 'GLB has times, no frame rate',
        detail: 'Set the frame rate of the scene before you open it in Blender',
      },
      { level: 'good', text: 'Metre, y up, faces +z' },
      ...skinChecks(people),
      ...gapChecks(clip, options.gaps),
      ...rootChecks(options.root, people.length),
      ...assumptionChecks(clip),
    ],
  };
}

async function* run(
  clip: ExportClip,
  options: Options,
  target: ExportTarget,
  signal: AbortSignal,
): AsyncGenerator<ExportProgress> {
  const grid = gridFor(clip, options);
  const files = requirePeople(filesFor(clip, options, target.baseName));
  const frames = clip.span.to - clip.span.from;
  const total = frames * files.reduce((sum, { people }) => sum + people.length, 0);
  let before = 0;
  for (const { name, people } of files) {
    const origin = options.root === 'start-at-origin' ? await firstPlace(clip, people, signal) : undefined;
    const settings = { gaps: options.gaps, root: options.root, ...(origin ? { origin } : {}) };
    const scene = new GlbScene(clip, grid, sampledProvenance({ ...clip, people }, SPACE, grid));
    for (const person of people) {
      const track = yield* gatherMotion(clip, person, grid, settings, { before, total }, signal);
      scene.addPerson(person, track, options.boneNames, people.length > 1);
      before += frames;
      yield { done: before, total, unit: 'frames' };
    }
    signal.throwIfAborted();
    const file = await target.create(name);
    await file.write(await scene.encode());
    await file.close();
  }
}

/** Skinned meshes with one animation as binary glTF 2.0, for the web, Blender and most engines. */
export const glbExporter = defineExporter({
  id: 'glb',
  title: 'GLB (glTF 2.0)',
  extensions: ['glb'],
  optionsSchema,
  space: () => SPACE,
  preflight,
  run,
});
