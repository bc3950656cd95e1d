import { createHash } from 'node:crypto';
import { BETA_COUNT, type BodyModel } from '#core/body/bodyModel';
import { restJoints } from '#core/body/kinematics';
import { editedPoses } from '#core/body/poseLayer';
import { editedBetas, reshapedTranslations } from '#core/body/shapeLayer';
import { sizedBetas, sizedTranslation } from '#core/body/sizeLayer';
import type { Person } from '#core/document/schema';
import type { PersonMotion } from '../estimation/estimator';
import { betasOfRow } from '../estimation/rowShape';
import { jointTemplateOf } from '../pipeline/posedJoints';
import type { FittedPerson } from '../pipeline/upright';
import type { ChosenRows } from './chosenRows';

/** What a human set over a person's estimated motion. */
export type BodyEdits = Pick<Person, 'poseEdits' | 'shapeEdit'>;

/** Where shown motion takes its rows from: one run, or the newest with what was chosen of others. */
export type MotionRows = Pick<ChosenRows, 'get' | 'slice' | 'addressVersion'>;

/** Above every version of motion without edits, and still an exact number. */
const EDITED = 2 ** 52;

/** The shape that a human set, if it was set for this body: betas of one body mean nothing to another. */
export function shapeEditFor(edits: BodyEdits, body: BodyModel | undefined): readonly number[] | undefined {
  return edits.shapeEdit && edits.shapeEdit.bodyModel === body?.id ? edits.shapeEdit.betas : undefined;
}

/** Turns some bits of the salt by the body's file: a body that was made anew keeps its id, and its meshes are others. */
function ofBody(version: number, body: BodyModel | undefined): number {
  if (version === 0 || body?.sha256 === undefined) return version;
  return version - (version % 0x10000) + ((version % 0x10000) ^ Number.parseInt(body.sha256.slice(0, 4), 16));
}

/**
 * Motion as it is shown and exported: what the estimator said, at the size at which people share a ground, with the human's
 * edits over it. The one place where they meet; the store below never changes by an edit, nor by other people. A new one
 * for every state of motion and document, it holds nothing.
 */
export class ShownMotion {
  constructor(
    private readonly store: MotionRows,
    private readonly body: BodyModel | undefined,
    private readonly easeFrames: number,
    /** By what people are larger than they were estimated (see `engine/pipeline/sceneFrame`); who is not in it is not. */
    private readonly sizes: ReadonlyMap<string, number> = new Map(),
  ) {}

  /** True when there is any motion of a person. */
  has(person: string): boolean {
    return this.store.get(person) !== undefined;
  }

  /** Rows as the estimator made them (copies), at the person's size on the common ground. */
  estimate(person: string, from: number, to: number): PersonMotion | undefined {
    const rows = this.store.slice(person, from, to);
    return rows && this.withSize(rows, this.sizeOf({ id: person }));
  }

  /** Rows as they are shown (copies); without edits the estimate bit by bit. */
  slice({ id, ...edits }: BodyEdits & { id: string }, from: number, to: number): PersonMotion | undefined {
    const rows = this.store.slice(id, from, to);
    if (!rows) return undefined;
    return this.withShape(this.withSize(this.withPoses(rows, edits), this.sizeOf({ id, ...edits })), edits);
  }

  /** All rows with the human's shape and the estimated poses (not to be changed): what says how the scene stands. */
  reshaped({ id, ...edits }: BodyEdits & { id: string }): FittedPerson['motion'] | undefined {
    const stored = this.store.get(id);
    if (!stored || !shapeEditFor(edits, this.body)) return stored;
    const rows = this.store.slice(id, 0, stored.present.length);
    return rows && this.withShape(rows, edits);
  }

  /**
   * Number of a person's motion as it is shown that no other state of it has, nor the same on another file of the body: by
   * content, so that an undone edit finds what caches kept of the state before. 0 where there is no motion.
   */
  addressVersion({ id, poseEdits = [], shapeEdit }: BodyEdits & { id: string }): number {
    const base = ofBody(this.store.addressVersion(id), this.body);
    const betas = shapeEditFor({ shapeEdit }, this.body);
    const size = this.sizeOf({ id, shapeEdit });
    if (base === 0 || (poseEdits.length === 0 && !betas && size === 1)) return base;
    const state = [base, poseEdits, betas ?? null, ...(size === 1 ? [] : [size])];
    const hash = createHash('sha256').update(JSON.stringify(state));
    return EDITED + hash.digest().readUIntBE(0, 6);
  }

  /** A shape that a human set has the size that it has. */
  private sizeOf({ id, shapeEdit }: Pick<BodyEdits, 'shapeEdit'> & { id: string }): number {
    return shapeEditFor({ shapeEdit }, this.body) ? 1 : (this.sizes.get(id) ?? 1);
  }

  /** Larger and farther away by the same: alike in the picture, elsewhere in the room. */
  private withSize(rows: PersonMotion, size: number): PersonMotion {
    if (size === 1 || !this.body) return rows;
    const template = jointTemplateOf(this.body);
    const betas = sizedBetas(template, rows.betas, size);
    const translations = rows.translations.slice();
    const frameBetas = rows.channels?.frameBetas?.slice();
    for (let row = 0; row < rows.length; row++) {
      if (rows.present[row] !== 1) continue;
      const own = betasOfRow(rows, row);
      const sized = own === rows.betas ? betas : sizedBetas(template, own, size);
      if (own !== rows.betas) frameBetas?.set(sized, row * BETA_COUNT);
      sizedTranslation(translations, row, size, restJoints(template, own), restJoints(template, sized));
    }
    const channels = frameBetas ? { ...rows.channels, frameBetas } : rows.channels;
    return { ...rows, betas, translations, ...(channels ? { channels } : {}) };
  }

  private withPoses(rows: PersonMotion, { poseEdits = [] }: BodyEdits): PersonMotion {
    return { ...rows, poses: editedPoses(rows, poseEdits, this.easeFrames) };
  }

  private withShape(rows: PersonMotion, edits: BodyEdits): PersonMotion {
    const edit = shapeEditFor(edits, this.body);
    if (!edit || !this.body) return rows;
    const betas = editedBetas(rows.betas, edit);
    const before = (row: number) => betasOfRow(rows, row);
    const translations = reshapedTranslations(jointTemplateOf(this.body), rows, before, betas);
    // One shape for the clip stands in for those of single frames too.
    const { frameBetas: _, ...channels } = rows.channels ?? {};
    return { ...rows, betas, translations, ...(rows.channels ? { channels } : {}) };
  }
}
