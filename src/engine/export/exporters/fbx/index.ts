import { Breather } from '../../breather';
import type { ExportClip } from '../../exportClip';
import {
  defineExporter,
  type ExportFile,
  type ExportPlan,
  type ExportProgress,
  type ExportTarget,
} from '../../exporter';
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
import { createSampleGrid, isWholeRate, type SampleGrid } from '../../sampleGrid';
import { animationNodes, keyTimes, takeNodes } from './animationNodes';
import { encodeNode, type FbxNode, fileFoot, fileHead, NULL_RECORD_BYTES, recordHead } from './binary';
import { connectionsNode } from './connectionNodes';
import { fbxSpace, headNodes, provenanceJson, takeName } from './headNodes';
import { type FileLayout, layOut, type PersonLayout } from './layout';
import { meshNodes } from './meshNodes';
import { type FbxOptions, fbxOptionsSchema, TARGET_PRESETS, type TargetPreset } from './presets';
import { bindPoseNode, skeletonNodes, skinNodes } from './skeletonNodes';

/** Samples of the export; `auto` keeps the video's frames unless the program counts whole rates only. */
function gridFor(clip: ExportClip, options: FbxOptions, preset: TargetPreset): SampleGrid {
  if (options.fps === 'source') return createSampleGrid(clip, 'source');
  if (options.fps !== 'auto') return createSampleGrid(clip, Number(options.fps));
  const fits = !preset.wholeRates || (!clip.variableRate && isWholeRate(clip.rate));
  const nearest = Math.max(1, Math.round(clip.rate.numerator / clip.rate.denominator));
  return createSampleGrid(clip, fits ? 'source' : nearest);
}

function filesFor(clip: ExportClip, options: FbxOptions, preset: TargetPreset, baseName: string): PeopleFile[] {
  const perPerson = options.files === 'per-person' || (options.files === 'auto' && preset.perPerson);
  return peopleFiles(clip, baseName, 'fbx', perPerson);
}

/** Fitted to written files of the default body: mesh arrays pack to about 30 bytes a vertex and 18 a triangle, keys to 8.6. */
function estimateBytes({ people }: PeopleFile, options: FbxOptions, grid: SampleGrid): number {
  return people.reduce((sum, person) => {
    const mesh = options.mesh ? (person.restVertices.length / 3) * 30 + (person.faces.length / 3) * 18 : 0;
    const curves = 3 * (person.parents.length + 1);
    return sum + mesh + 40_000 + curves * (300 + grid.count * 8.6);
  }, 6_000);
}

function preflight(clip: ExportClip, options: FbxOptions, baseName: string): ExportPlan {
  const preset = TARGET_PRESETS[options.target];
  const grid = gridFor(clip, options, preset);
  const files = filesFor(clip, options, preset, baseName);
  if (files.length === 0) return { files: [], checks: nobodyChecks(clip) };
  const people = files.flatMap((file) => file.people);
  return {
    files: files.map((file) => ({ name: file.name, estimatedBytes: Math.round(estimateBytes(file, options, grid)) })),
    checks: [
      keysCheck(clip, grid),
      ...(preset.wholeRates ? wholeRateCheck(grid, preset.title) : []),
      { level: 'good', text: `${preset.title}: ${preset.units}, y up, faces +z`, detail: 'Bones are not scaled' },
      ...skinChecks(people),
      ...gapChecks(clip, options.gaps),
      ...rootChecks(options.root, people.length),
      ...assumptionChecks(clip),
    ],
  };
}

/** Records of a person that do not move. */
function stillNodes(layout: PersonLayout, preset: TargetPreset, provenance: string): FbxNode[] {
  const scale = preset.unitsPerMetre;
  const { mesh } = layout;
  return [
    ...skeletonNodes(layout, scale, provenance),
    ...(mesh ? [...meshNodes(layout, mesh, scale), ...skinNodes(layout, mesh.skin, scale)] : []),
    bindPoseNode(layout, scale),
  ];
}

/** Writes the Objects record, person by person; its end is known, and patched in, when the last one is written. */
async function* writeObjects(
  file: ExportFile,
  layout: FileLayout,
  context: { clip: ExportClip; options: FbxOptions; preset: TargetPreset; grid: SampleGrid },
  progress: { before: number; total: number },
  signal: AbortSignal,
): AsyncGenerator<ExportProgress> {
  const { clip, options, preset, grid } = context;
  const start = file.length;
  await file.write(recordHead('Objects', 0, []));
  const put = async (record: FbxNode): Promise<void> => file.write(encodeNode(record, file.length));
  for (const record of takeNodes(layout, grid, takeName(clip))) await put(record);
  const people = layout.people.map(({ person }) => person);
  const origin = options.root === 'start-at-origin' ? await firstPlace(clip, people, signal) : undefined;
  const settings = { gaps: options.gaps, root: options.root, ...(origin ? { origin } : {}) };
  const times = keyTimes(grid);
  const breather = new Breather();
  const frames = clip.span.to - clip.span.from;
  let before = progress.before;
  for (const personLayout of layout.people) {
    for (const record of stillNodes(personLayout, preset, provenanceJson(clip, grid, preset))) await put(record);
    const { person } = personLayout;
    const track = yield* gatherMotion(clip, person, grid, settings, { before, total: progress.total }, signal);
    for (const record of animationNodes(personLayout, track, times, preset.unitsPerMetre)) {
      await breather.pause(signal);
      await put(record);
    }
    before += frames;
    yield { done: before, total: progress.total, unit: 'frames' };
  }
  await file.write(new Uint8Array(NULL_RECORD_BYTES));
  const end = Buffer.alloc(4);
  end.writeUInt32LE(file.length);
  await file.patch(end, start);
}

async function* run(
  clip: ExportClip,
  options: FbxOptions,
  target: ExportTarget,
  signal: AbortSignal,
): AsyncGenerator<ExportProgress> {
  const preset = TARGET_PRESETS[options.target];
  const grid = gridFor(clip, options, preset);
  const files = requirePeople(filesFor(clip, options, preset, target.baseName));
  const frames = clip.span.to - clip.span.from;
  const total = frames * files.reduce((sum, { people }) => sum + people.length, 0);
  let before = 0;
  for (const { name, people } of files) {
    const layout = layOut(people, options, preset);
    const file = await target.create(name);
    const put = async (record: FbxNode): Promise<void> => file.write(encodeNode(record, file.length));
    await file.write(fileHead());
    for (const record of headNodes({ ...clip, people }, grid, layout, preset)) await put(record);
    yield* writeObjects(file, layout, { clip: { ...clip, people }, options, preset, grid }, { before, total }, signal);
    await put(connectionsNode(layout));
    await file.write(fileFoot(file.length));
    await file.close();
    before += frames * people.length;
  }
}

/** Skinned mesh, skeleton and baked curves as binary FBX 7400, with presets for the programs that read it. */
export const fbxExporter = defineExporter({
  id: 'fbx',
  title: 'FBX',
  extensions: ['fbx'],
  optionsSchema: fbxOptionsSchema,
  space: (options) => fbxSpace(TARGET_PRESETS[options.target]),
  preflight,
  run,
});
