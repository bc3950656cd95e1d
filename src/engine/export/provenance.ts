import { secondsOfFrame } from '#core/frames/frameTimes';
import type { ExportClip } from './exportClip';
import type { Exporter, SpaceStatement } from './exporter';
import type { WrittenFile } from './exportTarget';
import type { SampleGrid } from './sampleGrid';

/** The space of scene-space formats. */
export const SCENE_AXES = 'right-handed, y up, character faces +z, ground at y = 0';

/** What the fingerprint of the source is, for who wants to check it. */
const SAMPLED =
  'SHA-256 over the size and blocks of head, middle and tail (of a folder: names, sizes and blocks of three pictures), not over every byte';

/** Provenance as plain data: the same in every file and sidecar, rising keys so that equal exports are equal. */
export function provenanceRecord(clip: ExportClip, space: SpaceStatement): Record<string, unknown> {
  const { provenance, span, rate } = clip;
  return {
    application: 'Retake',
    appVersion: provenance.appVersion,
    axes: space.axes,
    ...(provenance.chosen ? { chosen: provenance.chosen.map((span) => ({ ...span })) } : {}),
    createdAt: provenance.createdAt,
    ...(provenance.earlier ? { earlier: provenance.earlier.map((entry) => ({ ...entry })) } : {}),
    estimation: { ...provenance.estimation },
    /** First and last frame of the video, both inside. */
    frames: { first: span.from, last: span.to - 1 },
    models: provenance.models.map(({ name, sha256 }) => ({ name, sha256 })),
    notMetric: [...provenance.notMetric],
    people: clip.people.map(({ number, name, title, bodyModelId }) => ({
      number,
      name,
      title,
      bodyModel: bodyModelId,
    })),
    rate: { numerator: rate.numerator, denominator: rate.denominator, variable: clip.variableRate },
    source: { name: provenance.sourceName, sampledSha256: provenance.sourceSampledSha256, sampled: SAMPLED },
    title: clip.title,
    units: space.units,
  };
}

/** Name of the sidecar of an export, below the target folder. */
export function sidecarName(baseName: string, exporterId: string): string {
  return `${baseName}_${exporterId}_retake.json`;
}

/** How the sidecar tells of many files: frames in folders are counted, not listed. */
function listFiles(files: readonly { name: string; bytes: number }[]): unknown[] {
  const folders = new Map<string, { name: string; files: number; bytes: number }>();
  const single: unknown[] = [];
  for (const { name, bytes } of files) {
    const slash = name.lastIndexOf('/');
    if (slash < 0) {
      single.push({ name, bytes });
      continue;
    }
    const folder = name.slice(0, slash + 1);
    const entry = folders.get(folder) ?? { name: folder, files: 0, bytes: 0 };
    entry.files++;
    entry.bytes += bytes;
    folders.set(folder, entry);
  }
  return [...single, ...folders.values()];
}

/**
 * Text of the sidecar `<name>_retake.json`: provenance, what was written with which options, and the time of every frame
 * of the span where the video's rate varies.
 */
export function sidecarText(
  clip: ExportClip,
  exporter: Exporter,
  options: unknown,
  files: readonly Pick<WrittenFile, 'name' | 'bytes'>[],
): string {
  const start = secondsOfFrame(clip.times, clip.span.from);
  const frameTimes = clip.variableRate
    ? Array.from({ length: clip.span.to - clip.span.from }, (_, k) =>
        Number((secondsOfFrame(clip.times, clip.span.from + k) - start).toFixed(6)),
      )
    : undefined;
  const content = {
    ...provenanceRecord(clip, exporter.space(options)),
    export: { format: exporter.id, options: exporter.resolveOptions(options), files: listFiles(files) },
    ...(frameTimes === undefined ? {} : { frameTimesSeconds: frameTimes }),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** Provenance for the head of a file that holds resampled or original samples. */
export function sampledProvenance(clip: ExportClip, space: SpaceStatement, grid: SampleGrid): Record<string, unknown> {
  return {
    ...provenanceRecord(clip, space),
    samples: {
      count: grid.count,
      rate: { numerator: grid.rate.numerator, denominator: grid.rate.denominator },
      resampled: !grid.isSource,
    },
  };
}
