import { z } from 'zod';
import type { Span } from '#core/frames/span';
import { countFrames } from '#core/frames/span';
import type { ExportClip, ExportPerson } from '../../exportClip';
import { defineExporter, type ExportPlan, type ExportProgress, type ExportTarget } from '../../exporter';
import { peopleWithMotion, presentSpans, requirePeople } from '../../peopleFiles';
import { assumptionChecks, gapChecks, nobodyChecks } from '../../preflightChecks';
import { SCENE_AXES } from '../../provenance';
import { formatRate } from '../../sampleGrid';
import { vertexNormals } from '../../vertexNormals';
import { FixedDecimalWriter } from './fixedDecimal';

const optionsSchema = z.object({
  normals: z.boolean().default(true).meta({
    title: 'Normals',
    description: 'Smooth shading everywhere; doubles the size',
  }),
  gaps: z.enum(['repeat', 'leave-out']).default('repeat').meta({
    title: 'Frames without a body',
    description: 'repeat: the mesh before the gap stands there, so that the sequence has no hole; leave-out: no file',
  }),
});

type Options = z.output<typeof optionsSchema>;

/** A person's part of the sequence: one file for each frame of `span`, which ends where the person does. */
interface Sequence {
  person: ExportPerson;
  /** Below the target folder, ends with `/`. */
  folder: string;
  span: Span;
  /** Number of files. */
  count: number;
}

function sequences(clip: ExportClip, options: Options, baseName: string): Sequence[] {
  return peopleWithMotion(clip).map((person) => {
    const spans = presentSpans(clip, person);
    const span = { from: spans[0]?.from ?? 0, to: spans[spans.length - 1]?.to ?? 0 };
    return {
      person,
      folder: `${baseName}_obj/${person.number}-${person.name.toLowerCase()}/`,
      span,
      count: options.gaps === 'repeat' ? span.to - span.from : countFrames(spans),
    };
  });
}

function objectLines(clip: ExportClip, person: ExportPerson): string {
  const { provenance } = clip;
  const lines = [
    `# Retake ${provenance.appVersion}, metre, ${SCENE_AXES}, ${formatRate(clip.rate)} fps`,
    `# ${[provenance.sourceName, 'sampled SHA-256', provenance.sourceSampledSha256].join(' ').replace(/[^\x20-\x7e]/g, '?')}`,
    `o ${person.name}_Body`,
  ];
  return `${lines.join('\n')}\n`;
}

/** The face section, the same bytes for every frame: constant topology in constant order. */
function faceLines(person: ExportPerson, normals: boolean): Uint8Array {
  const lines: string[] = [`s 1`];
  const corner = (vertex: number): string => (normals ? `${vertex + 1}//${vertex + 1}` : `${vertex + 1}`);
  for (let at = 0; at < person.faces.length; at += 3) {
    lines.push(`f ${[0, 1, 2].map((k) => corner(person.faces[at + k]!)).join(' ')}`);
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}

/** Bytes of one frame; about 9 characters a coordinate, 7 a component of a normal. */
function estimateFrame(person: ExportPerson, normals: boolean): number {
  const vertices = person.restVertices.length / 3;
  return 170 + vertices * (normals ? 31 + 25 : 31) + faceLines(person, normals).length;
}

function preflight(clip: ExportClip, options: Options, baseName: string): ExportPlan {
  const parts = sequences(clip, options, baseName);
  if (parts.length === 0) return { files: [], checks: nobodyChecks(clip) };
  const holes = parts.some(({ span, count }) => count < span.to - span.from);
  return {
    files: parts.map(({ person, folder, count }) => ({
      name: folder,
      estimatedBytes: count * estimateFrame(person, options.normals),
    })),
    checks: [
      {
        level: 'good',
        text: `${parts.reduce((total, part) => total + part.count, 0).toLocaleString('en-US')} files, numbered as the frames of the video`,
        detail: `${formatRate(clip.rate)} fps${clip.variableRate ? ' on average; the times are in the file beside it' : ''}`,
      },
      { level: 'good', text: 'Vertices and faces keep their order', detail: 'Pose correctives are in the mesh' },
      ...(holes
        ? [
            {
              level: 'warning' as const,
              text: 'The sequence has holes',
              detail: 'Many importers stop at the first one',
            },
          ]
        : []),
      ...gapChecks(clip, options.gaps === 'repeat' ? 'hold' : 'leave-out'),
      ...assumptionChecks(clip),
    ],
  };
}

/** Formats frames of one person into a buffer that is used again. */
class FrameWriter {
  private readonly out: FixedDecimalWriter;
  private readonly head: string;
  private readonly faces: Uint8Array;
  private readonly normals: Float32Array | undefined;

  constructor(
    clip: ExportClip,
    private readonly person: ExportPerson,
    normals: boolean,
  ) {
    this.head = objectLines(clip, person);
    this.faces = faceLines(person, normals);
    this.normals = normals ? new Float32Array(person.restVertices.length) : undefined;
    this.out = new FixedDecimalWriter(estimateFrame(person, normals) + 4096);
  }

  /** Bytes of a frame; valid until the next call. */
  format(vertices: Float32Array): Uint8Array {
    const { out, normals } = this;
    out.clear();
    out.text(this.head);
    this.triples('v ', vertices, 6);
    if (normals) this.triples('vn ', vertexNormals(vertices, this.person.faces, normals), 4);
    out.raw(this.faces);
    return out.content();
  }

  private triples(key: string, values: Float32Array, decimals: number): void {
    for (let at = 0; at < values.length; at += 3) {
      this.out.text(key);
      this.out.number(values[at]!, decimals);
      this.out.text(' ');
      this.out.number(values[at + 1]!, decimals);
      this.out.text(' ');
      this.out.number(values[at + 2]!, decimals);
      this.out.text('\n');
    }
  }
}

async function* writeSequence(
  clip: ExportClip,
  { person, folder, span }: Sequence,
  options: Options,
  target: ExportTarget,
  signal: AbortSignal,
): AsyncGenerator<number> {
  const writer = new FrameWriter(clip, person, options.normals);
  // The last mesh as bytes: what a gap repeats.
  let content: Uint8Array | undefined;
  for await (const frame of person.frames({ span, vertices: 'scene' }, signal)) {
    signal.throwIfAborted();
    if (frame.present && frame.vertices) content = writer.format(frame.vertices);
    else if (options.gaps === 'leave-out') continue;
    if (content === undefined) continue;
    const number = String(frame.frameIndex).padStart(6, '0');
    const file = await target.create(`${folder}${person.name.toLowerCase()}_${number}.obj`);
    await file.write(content);
    await file.close();
    yield 1;
  }
}

async function* run(
  clip: ExportClip,
  options: Options,
  target: ExportTarget,
  signal: AbortSignal,
): AsyncGenerator<ExportProgress> {
  const parts = requirePeople(sequences(clip, options, target.baseName));
  const total = parts.reduce((sum, part) => sum + part.count, 0);
  let done = 0;
  for (const part of parts) {
    for await (const files of writeSequence(clip, part, options, target, signal)) {
      done += files;
      yield { done, total, unit: 'files' };
    }
  }
}

/** A mesh file per frame, a folder per person: exact vertices with pose correctives, for programs that read sequences. */
export const objExporter = defineExporter({
  id: 'obj',
  title: 'Mesh sequence (OBJ)',
  extensions: ['obj'],
  optionsSchema,
  space: () => ({ units: 'metre', axes: SCENE_AXES }),
  preflight,
  run,
});
