import type { BodyModel } from '#core/body/bodyModel';
import type { ProjectDocument } from '#core/document/schema';
import type { KeptRun } from '#core/protocol/runMessages';
import type { PersonMotion } from '../estimation/estimator';
import { type SceneOptions, standingScene } from '../pipeline/sceneFrame';
import type { KeptRuns } from './keptRuns';
import type { MotionStore } from './motionStore';
import { type MotionRows, ShownMotion } from './shownMotion';

/** What runs are compared in: the project as it is now. */
interface Now {
  document: ProjectDocument;
  body: BodyModel | undefined;
  newest: MotionStore;
  /** By what people are larger than they were estimated. */
  sizes: ReadonlyMap<string, number>;
}

/** Motion of one run as it is compared. */
export interface ComparedRun {
  /** Rows of a person (copies); undefined where the run has none of them. */
  slice(person: string, from: number, to: number): PersonMotion | undefined;
  /** Number of these rows that no other state of them has; 0 where there are none. */
  version(person: string): number;
}

/**
 * Runs as they are compared: poses as estimated, and people as large as they are shown, by the common ground or by a human's
 * hand. So nobody changes size when two runs are looked at, a kept run is seen as a choice of it would show it, and sizes,
 * which others change too, make no difference between two runs. A run of another body can never be chosen, and sizes of one
 * body mean nothing to another: its people stand on a ground of their own, as they did when it was the newest.
 */
export class ComparedRuns {
  private readonly ownSizes = new Map<string, ReadonlyMap<string, number>>();

  constructor(
    private readonly kept: KeptRuns,
    private readonly now: () => Now,
    private readonly scene: () => SceneOptions,
  ) {}

  /** The newest run, without what was chosen of others. */
  newest(): ComparedRun {
    const now = this.now();
    return this.asShown(now, now.newest);
  }

  /** A kept run; `body` is the one it was made for. @throws AppError NOT_FOUND */
  of(id: string, body: BodyModel): ComparedRun {
    const now = this.now();
    const rows = this.kept.motion(id);
    if (body.id === now.body?.id) return this.asShown(now, rows);
    const shown = new ShownMotion(rows, body, 0, this.sizesOf(id, rows, body));
    return {
      slice: (person, from, to) => shown.slice({ id: person }, from, to),
      version: (person) => shown.addressVersion({ id: person }),
    };
  }

  /**
   * All kept runs, with the versions of their motion as it is compared. `others` are bodies by id beside the shown one: a run
   * whose body is in neither cannot be shown, and keeps the versions that it has without one.
   */
  list(others: ReadonlyMap<string, BodyModel> = new Map()): KeptRun[] {
    const { body: shown } = this.now();
    return this.kept.list().map((run) => {
      const body = run.bodyModel === shown?.id ? shown : others.get(run.bodyModel);
      if (!body) return run;
      const compared = this.of(run.id, body);
      return { ...run, people: run.people.map((entry) => ({ ...entry, version: compared.version(entry.person) })) };
    });
  }

  private asShown({ document, body, sizes }: Now, rows: MotionRows): ComparedRun {
    const shown = new ShownMotion(rows, body, 0, sizes);
    const withShape = (id: string) => {
      const shapeEdit = document.people.find((person) => person.id === id)?.shapeEdit;
      return { id, ...(shapeEdit ? { shapeEdit } : {}) };
    };
    return {
      slice: (person, from, to) => shown.slice(withShape(person), from, to),
      version: (person) => shown.addressVersion(withShape(person)),
    };
  }

  /** Found once: a kept run never changes. */
  private sizesOf(id: string, rows: MotionStore, body: BodyModel): ReadonlyMap<string, number> {
    const known = this.ownSizes.get(id);
    if (known) return known;
    const people = this.kept.run(id).people.flatMap(({ person }) => {
      const motion = rows.get(person);
      return motion ? [{ person, body, motion }] : [];
    });
    const { sizes } = standingScene(people, this.scene());
    const found = new Map(people.map(({ person }, k) => [person, sizes[k] ?? 1]));
    this.ownSizes.set(id, found);
    return found;
  }
}
