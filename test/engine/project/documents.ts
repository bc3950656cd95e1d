import { DEFAULT_RUN_SETTINGS, DOCUMENT_VERSION, type Person, type ProjectDocument } from '#core/document/schema';

/** A person who follows track `t0-<number>` over the whole clip. */
export function somebody(number: number, changes: Partial<Person> = {}): Person {
  return {
    id: `p${number}`,
    number,
    name: `Person ${number}`,
    visible: true,
    locked: false,
    segments: [{ track: `t0-${number}`, from: 0, to: 100 }],
    keyframes: [],
    interpolated: [],
    outside: [],
    ...changes,
  };
}

/** A document of a clip of 100 frames, 640 x 480 px. */
export function documentOf(people: readonly Person[], changes: Partial<ProjectDocument> = {}): ProjectDocument {
  return {
    schemaVersion: DOCUMENT_VERSION,
    id: 'project',
    name: 'Clip',
    createdAt: '2026-01-01T00:00:00.000Z',
    media: {
      path: 'clip.mp4',
      size: 1,
      fingerprint: 'f',
      ptsHash: 'p',
      width: 640,
      height: 480,
      frameCount: 100,
    },
    settings: DEFAULT_RUN_SETTINGS,
    people: [...people],
    nextNumber: Math.max(0, ...people.map(({ number }) => number)) + 1,
    ...changes,
  };
}
