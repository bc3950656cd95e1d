import type { BodyModel } from '#core/body/bodyModel';
import { AppError } from '#core/errors';
import { loadDefaultBody } from './defaultBody';

/** Whose pose and betas an estimator produces: the default body's, or those of an SMPL model that the user imported. */
export type BodyFamily = 'default' | 'smpl';

/** A body that the user imported. */
export interface ImportedBody {
  /** Id of the model, as in {@link BodyModel}. */
  id: string;
  title: string;
  /** Reads it. @throws AppError BODY_INVALID, NOT_FOUND */
  load(): Promise<BodyModel>;
}

/** Where bodies are found. */
export interface BodyPlaces {
  /** File of the default body. */
  defaultBodyFile: string;
  /** SMPL models that were imported, the one that is chosen where nothing is said first. */
  imported(): readonly ImportedBody[];
}

/** The body models of this computer by id, each loaded on first use and kept. */
export class BodyLibrary {
  private readonly loaded = new Map<string, Promise<BodyModel>>();

  constructor(private readonly places: BodyPlaces) {}

  /** The default body. @throws AppError BODY_INVALID */
  default(): Promise<BodyModel> {
    return this.remembered('', () => loadDefaultBody(this.places.defaultBodyFile));
  }

  /** The body with an id. @throws AppError NOT_FOUND, BODY_INVALID */
  async load(id: string): Promise<BodyModel> {
    const standard = await this.default();
    if (standard.id === id) return standard;
    return this.remembered(id, async () => {
      const found = this.places.imported().find((body) => body.id === id);
      if (found) return found.load();
      throw new AppError('NOT_FOUND', `The body model ${id} is not on this computer.`, {
        hint: 'Import its SMPL file on the models page, or choose another body in the run options.',
      });
    });
  }

  /**
   * The body that results of an estimator of `family` belong to: the chosen one where one is chosen.
   * @throws AppError MODEL_MISSING when no SMPL model was imported; NOT_FOUND, BODY_INVALID
   */
  async choose(family: BodyFamily, chosen: string | undefined): Promise<BodyModel> {
    if (family === 'default') return this.default();
    if (chosen !== undefined) return this.load(chosen);
    const [first] = this.places.imported();
    if (first) return this.load(first.id);
    throw new AppError('MODEL_MISSING', 'There is no SMPL model on this computer yet.', {
      hint: 'Import SMPL_NEUTRAL.pkl (or basicModel_neutral_lbs_10_207_0_v1.0.0.pkl) on the models page.',
    });
  }

  /** Every body of this computer with its name for people; the default one first where its file can be read. */
  async titles(): Promise<{ id: string; title: string }[]> {
    const standard = await this.default().catch(() => undefined);
    const own = standard ? [{ id: standard.id, title: `Retake ${standard.title.toLowerCase()}` }] : [];
    return [...own, ...this.places.imported().map(({ id, title }) => ({ id, title: `${title} (imported)` }))];
  }

  private remembered(id: string, read: () => Promise<BodyModel>): Promise<BodyModel> {
    const known = this.loaded.get(id);
    if (known) return known;
    const loading = read();
    this.loaded.set(id, loading);
    // A failed load is tried again: the file may be there the next time.
    loading.catch(() => this.loaded.delete(id));
    return loading;
  }
}
