import { DEFAULT_RUN_SETTINGS, DOCUMENT_VERSION, type Person, type ProjectDocument } from '#core/document/schema';
import { encodeBundle } from '#core/protocol/arrayBundle';
import type { TracksMeta } from '#core/protocol/bulkRoutes';
import type { Project, Results } from '#core/protocol/messages';
import { BOX_ORIGIN } from '#core/tracks/track';

/** Frames of the fake clip, 30 a second. */
export const FAKE_FRAMES = 120;

/** A person with one track of detections over `[from, to)`. */
export function fakePerson(number: number, from: number, to: number, more: Partial<Person> = {}): Person {
  return {
    id: `p${number}`,
    number,
    name: `Person ${number}`,
    visible: true,
    locked: false,
    segments: [{ track: `t${number}`, from, to }],
    keyframes: [],
    interpolated: [],
    outside: [],
    ...more,
  };
}

/** A document with these people. */
export function fakeDocument(people: Person[]): ProjectDocument {
  return {
    schemaVersion: DOCUMENT_VERSION,
    id: 'project-1',
    name: 'Rooftop jump',
    createdAt: '2026-11-22T00:00:00Z',
    media: {
      path: 'clip.mp4',
      size: 1000,
      fingerprint: 'f',
      ptsHash: 'h',
      width: 1280,
      height: 720,
      frameCount: FAKE_FRAMES,
    },
    settings: DEFAULT_RUN_SETTINGS,
    people,
    nextNumber: people.length + 1,
  };
}

/** Results with bodies on every frame of every person, all up to date; `change` sets what differs. */
export function fakeResults(document: ProjectDocument, change: Partial<Results> = {}): Results {
  return {
    tracksVersion: 1,
    detectedFrames: FAKE_FRAMES,
    cuts: [],
    people: document.people.map((person) => {
      const spans = person.segments.map(({ from, to }) => ({ from, to }));
      return {
        person: person.id,
        current: spans,
        outOfDate: [],
        present: spans,
        chosen: [],
        version: 1,
        newestVersion: 1,
      };
    }),
    camera: { focal: 1088, width: 1280, height: 720 },
    sceneFromCamera: [1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1],
    bodyModel: 'default-body',
    passedOver: [],
    assumptions: ['Scale assumed: 1.68 m tall'],
    ...change,
  };
}

/** A project as `projects.open` answers it. */
export function fakeProject(document: ProjectDocument, change: Partial<Project> = {}): Project {
  return {
    projectId: document.id,
    folder: '/projects/rooftop',
    document,
    seq: 0,
    history: { undo: [], redo: [] },
    media: {
      name: 'clip.mp4',
      codec: 'h264',
      container: 'mp4',
      width: 1280,
      height: 720,
      rotation: 0,
      frameCount: FAKE_FRAMES,
      rate: 30,
      variableRate: false,
      rateAssumed: false,
      seconds: FAKE_FRAMES / 30,
      sizeBytes: 1000,
      timeBase: { numerator: 1, denominator: 30 },
      pts: Array.from({ length: FAKE_FRAMES }, (_, frame) => frame),
      notes: [],
    },
    results: fakeResults(document),
    jobs: [],
    warnings: [],
    ...change,
  };
}

/** The tracks bundle of a document: a box that walks 2 px a frame, its left edge at 100 times the number. */
export function fakeTracks(document: ProjectDocument): Uint8Array<ArrayBuffer> {
  const meta: TracksMeta = { version: 1, tracks: [] };
  const arrays: Record<string, Float32Array | Float64Array | Uint8Array> = {};
  document.people.forEach((person, index) => {
    const segment = person.segments[0];
    if (!segment) return;
    const length = segment.to - segment.from;
    const at = meta.tracks.length;
    meta.tracks.push({ id: segment.track, start: segment.from, length });
    arrays[`boxes${at}`] = Float64Array.from(
      { length: length * 4 },
      (_, value) => [100 * (index + 1) + (value >> 2) * 2, 50, 80, 200][value % 4] ?? 0,
    );
    arrays[`scores${at}`] = new Float32Array(length).fill(0.9);
    arrays[`origins${at}`] = new Uint8Array(length).fill(BOX_ORIGIN.detected);
  });
  return encodeBundle({ meta, arrays });
}
