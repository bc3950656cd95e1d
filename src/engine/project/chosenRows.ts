import { BETA_COUNT } from '#core/body/bodyModel';
import type { Choice, Person } from '#core/document/schema';
import { intersectSpans, type Span, spansWhere, subtractSpans } from '#core/frames/span';
import { MOTION_CHANNELS, type MotionChannel, type PersonMotion } from '../estimation/estimator';
import { betasOfRow } from '../estimation/rowShape';
import type { KeptRuns } from './keptRuns';
import type { MotionStore } from './motionStore';

const POSE = 72;
const CHANNELS = Object.keys(MOTION_CHANNELS) as MotionChannel[];

/** A choice that does not count, on some or all of its frames, and why. */
export interface PassedOver extends Span {
  run: string;
  why: 'gone' | 'otherBody' | 'noBody';
}

/** Choices of a person as they are followed. */
interface FollowedChoices {
  /** Pieces whose rows stand in the place of the newest: the run is there, of the body that is shown, and has a body. */
  counting: Choice[];
  passedOver: PassedOver[];
}

/** Says which choices of a person count: betas of two bodies never mix, and no body never takes the place of one. */
export function followChoices(person: Person, kept: KeptRuns, bodyModel: string | undefined): FollowedChoices {
  const followed: FollowedChoices = { counting: [], passedOver: [] };
  for (const choice of person.choices ?? []) {
    const { run } = choice;
    const pass = (why: PassedOver['why'], span: Span = choice) =>
      followed.passedOver.push({ from: span.from, to: span.to, run, why });
    if (!kept.has(run)) pass('gone');
    else if (kept.run(run).bodyModel !== bodyModel) pass('otherBody');
    else {
      const { present = new Uint8Array() } = kept.motion(run).get(choice.person ?? person.id) ?? {};
      const shown = intersectSpans(
        [choice],
        spansWhere(present.length, (frame) => present[frame] === 1),
      );
      followed.counting.push(...shown.map((span) => ({ ...choice, ...span })));
      for (const span of subtractSpans([choice], shown)) pass('noBody', span);
    }
  }
  return followed;
}

/** Rows `[from, to)` of a person with what was chosen from kept runs in the place of the newest (copies). */
function chosenMotion(
  newest: MotionStore,
  person: string,
  choices: readonly Choice[],
  kept: KeptRuns,
  { from, to }: { from: number; to: number },
): PersonMotion | undefined {
  const rows = newest.slice(person, from, to);
  const touching = choices.filter((choice) => choice.from < to && choice.to > from);
  if (touching.length === 0) return rows;
  const shown = rows ?? emptyMotion(from, to - from);
  for (const choice of touching) {
    const span = { from: Math.max(from, choice.from), to: Math.min(to, choice.to) };
    const chosen = kept.motion(choice.run).slice(choice.person ?? person, span.from, span.to);
    if (chosen) putOver(shown, chosen);
  }
  return shown;
}

/** Puts all of `rows` into `motion`; each row keeps the shape it was made with. */
function putOver(motion: PersonMotion, rows: PersonMotion): void {
  const at = rows.start - motion.start;
  motion.present.set(rows.present, at);
  motion.poses.set(rows.poses, at * POSE);
  motion.translations.set(rows.translations, at * 3);
  motion.confidences.set(rows.confidences, at);
  const channels = { ...motion.channels };
  for (const name of CHANNELS) {
    const width = MOTION_CHANNELS[name];
    const values = name === 'frameBetas' ? shapesOf(rows) : rows.channels?.[name];
    if (!values && !channels[name]) continue;
    channels[name] ??= new Float32Array(motion.length * width).fill(Number.NaN);
    if (values) channels[name].set(values, at * width);
    else channels[name].fill(Number.NaN, at * width, (at + rows.length) * width);
  }
  motion.channels = channels;
}

function shapesOf(rows: PersonMotion): Float32Array {
  const shapes = new Float32Array(rows.length * BETA_COUNT);
  for (let row = 0; row < rows.length; row++) shapes.set(betasOfRow(rows, row), row * BETA_COUNT);
  return shapes;
}

function emptyMotion(start: number, length: number): PersonMotion {
  return {
    ...{ start, length, present: new Uint8Array(length), poses: new Float32Array(length * POSE) },
    ...{ translations: new Float32Array(length * 3), betas: new Float32Array(BETA_COUNT) },
    confidences: new Float32Array(length),
  };
}

/** The newest motion with what was chosen from kept runs in its place: what stands below a human's edits of bodies. */
export class ChosenRows {
  constructor(
    private readonly newest: MotionStore,
    private readonly people: readonly Person[],
    private readonly kept: KeptRuns,
    private readonly bodyModel: string | undefined,
    private readonly frameCount: number,
  ) {}

  /** All rows of a person (not to be changed); undefined where there is no body. */
  get(person: string): Omit<PersonMotion, 'start' | 'length'> | undefined {
    if (this.choicesOf(person).length === 0) return this.newest.get(person);
    return this.slice(person, 0, this.frameCount);
  }

  /** Rows `[from, to)` of a person (copies). */
  slice(person: string, from: number, to: number): PersonMotion | undefined {
    return chosenMotion(this.newest, person, this.choicesOf(person), this.kept, { from, to });
  }

  /** Number of a person's motion with these choices that no other has; 0 where there is none. */
  addressVersion(person: string): number {
    const mark = choicesMark(this.choicesOf(person));
    // The mark turns some bits of the salt; where there is no newest motion, it makes an address of its own.
    const version = this.newest.addressVersion(person);
    return mark === 0 ? version : version - (version % 0x10000) + ((version % 0x10000) ^ mark);
  }

  private choicesOf(id: string): Choice[] {
    const person = this.people.find((entry) => entry.id === id);
    return person ? followChoices(person, this.kept, this.bodyModel).counting : [];
  }
}

/** A number below 2^16 for choices by content, so that addresses of motion differ where they do; 0 for none. */
function choicesMark(choices: readonly Choice[]): number {
  let hash = 0;
  for (const letter of choices.length > 0 ? JSON.stringify(choices) : '') {
    hash = (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) >>> 0;
  }
  return ((hash >>> 16) ^ hash) & 0xffff;
}
