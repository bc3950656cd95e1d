import type { BodyModel } from '#core/body/bodyModel';
import { easeFramesOf } from '#core/body/poseLayer';
import type { Choice, Person, ProjectDocument, RunSettings } from '#core/document/schema';
import { meanFrameRate } from '#core/frames/frameTimes';
import { findEstimator } from '../estimation/registry';
import { bringBackEarlier } from '../pipeline/earlierStage';
import type { FrameKeys, ReachContext } from '../pipeline/frameKeys';
import { ChosenRows, followChoices } from './chosenRows';
import type { EarlierResults } from './earlierResults';
import { KeptRuns } from './keptRuns';
import type { MotionKind } from './motionKind';
import type { MotionStore } from './motionStore';
import { MotionStores } from './motionStores';
import { passedOverSentences } from './passedOver';
import type { SessionParts } from './sessionParts';
import { ShownMotion } from './shownMotion';

/** The motion of one project: what was computed, kept and overwritten, and what of it is shown. */
export class ProjectMotion {
  readonly kept: KeptRuns;
  private readonly stores: MotionStores;

  constructor(
    private readonly parts: Pick<SessionParts, 'folder' | 'media' | 'readOnly' | 'bodies'>,
    private readonly earlier: EarlierResults,
    private readonly document: () => ProjectDocument,
  ) {
    const { folder, media, readOnly } = parts;
    this.kept = new KeptRuns(folder.runs, media.frameCount, readOnly !== undefined);
    this.stores = new MotionStores(folder.results, media.frameCount);
  }

  /** The motion that belongs to some settings. */
  of(settings: RunSettings): MotionStore {
    return this.stores.of(this.kindOf(settings));
  }

  /** That of the settings as they are. */
  get newest(): MotionStore {
    return this.of(this.document().settings);
  }

  /**
   * The same with what a human chose and set over it: what is shown and exported. `sizes`: by what people are larger than
   * they were estimated; without it as they were.
   */
  shown(sizes?: ReadonlyMap<string, number>): ShownMotion {
    const { frameCount, frameTimes } = this.parts.media;
    const chosen = new ChosenRows(this.newest, this.document().people, this.kept, this.body?.id, frameCount);
    return new ShownMotion(chosen, this.body, easeFramesOf(meanFrameRate(frameTimes)), sizes);
  }

  /** What of a person is taken from kept runs. */
  choicesOf(person: Person): Choice[] {
    return followChoices(person, this.kept, this.body?.id).counting;
  }

  /** Sentences about choices of kept runs that are not followed. */
  passedOver(): string[] {
    return passedOverSentences(this.document().people, this.kept, this.body?.id);
  }

  /** A sentence about bodies that are kept but not shown, where nobody has one with the settings as they are. */
  get keptBodies(): string | undefined {
    return this.stores.keptBeside(this.kindOf(this.document().settings), this.body !== undefined);
  }

  /** Sentences about results that could not be read and will be computed again. */
  get warnings(): string[] {
    return this.stores.warnings;
  }

  /**
   * Puts earlier results back that fit the document as it is. They become durable a little later: after a crash they are put
   * back again. True when anything changed.
   */
  bringBack(reach: ReachContext, keys: FrameKeys): boolean {
    const { people } = this.document();
    if (!bringBackEarlier({ ...reach, motion: this.newest, earlier: this.earlier }, keys, people)) return false;
    setImmediate(() => this.saveQuietly());
    return true;
  }

  /** Makes everything written so far durable. @throws AppError DISK_FULL, READ_ONLY; it can be tried again. */
  flush(): void {
    this.stores.flush();
  }

  private saveQuietly(): void {
    try {
      this.earlier.flush();
      this.flush();
    } catch (error) {
      // Tried again by the next run and on closing, which say so.
      console.error(error);
    }
  }

  private kindOf(settings: RunSettings): MotionKind {
    const { id: estimator, version } = findEstimator(settings.estimator);
    return { estimator, version, bodyModel: this.parts.bodies.known(settings)?.id ?? 'none' };
  }

  private get body(): BodyModel | undefined {
    return this.parts.bodies.known(this.document().settings);
  }
}
