import type { BodyStep } from '#core/body/bodySteps';
import { editsAround } from '#core/body/poseLayer';
import { type BodyEditsMessage, bulkRoutes, type MeshesMeta } from '#core/protocol/bulkRoutes';
import { hasFrame } from '#core/frames/span';
import type { PersonResults } from '#core/protocol/messages';
import { fetchBundle } from '../session/bulk';
import { type MeshPiece, readMeshPiece } from './meshSource';

/** Edits of a person's body that are shown before the engine has them. */
interface EditsInHand {
  person: string;
  edits: BodyEditsMessage;
  /** Version of the person's results while the edits are only in hand; another one has them. */
  version: number;
}

interface Wanted {
  person: string;
  frame: number;
  key: string;
  address: string;
}

/**
 * Bodies that are not what the document says: with edits still in hand, or only as far as a step of SMPL. One request a
 * person at a time and the newest wish next, so that a drag is followed as fast as the engine answers.
 */
export class BodyPreview {
  private inHand: EditsInHand | undefined;
  private currentStep: BodyStep = 'skinned';
  private readonly pieces = new Map<string, { key: string; piece: MeshPiece }>();
  private readonly loading = new Map<string, AbortController>();

  constructor(private readonly changed: () => void) {}

  /** Shows edits of a person's body at once. `version` is that of the results they are made over. */
  show(person: string, edits: BodyEditsMessage, version: number): void {
    this.inHand = { person, edits, version };
    this.changed();
  }

  /** Lets go of edits that are in hand: they were dropped, or what has them is here. */
  release(): void {
    if (!this.inHand) return;
    this.inHand = undefined;
    this.changed();
  }

  /** Shows bodies as far as a step; `skinned` is the body as it is. */
  showStep(step: BodyStep): void {
    if (this.currentStep === step) return;
    this.currentStep = step;
    this.changed();
  }

  /** True while bodies are shown as far as a step before the last. */
  isStepping(): boolean {
    return this.currentStep !== 'skinned';
  }

  /** Forgets everything, for another project. */
  clear(): void {
    for (const controller of this.loading.values()) controller.abort();
    this.loading.clear();
    this.pieces.clear();
    this.inHand = undefined;
  }

  /** The preview to show for a person on a frame; undefined where the body as it is is meant. */
  piece(person: string, frame: number): MeshPiece | undefined {
    const found = this.pieces.get(person)?.piece;
    return found?.from === frame ? found : undefined;
  }

  /**
   * Fetches what is missing for people on a frame.
   * @param isThere whether the body as the document says it is there at that version
   */
  request(
    projectId: string,
    people: readonly PersonResults[],
    frame: number,
    isThere: (person: string, version: number) => boolean,
  ): void {
    const { inHand } = this;
    const results = people.find(({ person }) => person === inHand?.person);
    if (inHand && results && results.version !== inHand.version && isThere(inHand.person, results.version)) {
      this.inHand = undefined;
    }
    for (const entry of people) this.requestOne(this.wanted(projectId, entry, frame), entry.person);
  }

  private wanted(projectId: string, { person, version, present }: PersonResults, frame: number): Wanted | undefined {
    const own = this.inHand?.person === person ? this.inHand.edits : undefined;
    const step = this.currentStep === 'skinned' ? undefined : this.currentStep;
    if ((!own && !step) || !hasFrame(present, frame)) return undefined;
    const edits = own && { ...own, poseEdits: editsAround(own.poseEdits ?? [], frame) };
    const address = bulkRoutes.preview(projectId, person, frame, { step, edits });
    return { person, frame, address, key: own ? address : `${address} ${version}` };
  }

  private requestOne(wanted: Wanted | undefined, person: string): void {
    if (!wanted) {
      this.pieces.delete(person);
      return;
    }
    if (this.pieces.get(person)?.key === wanted.key || this.loading.has(person)) return;
    const controller = new AbortController();
    this.loading.set(person, controller);
    fetchBundle<MeshesMeta>(wanted.address, controller.signal)
      .then((bundle) => {
        if (this.loading.get(person) === controller) {
          this.pieces.set(person, { key: wanted.key, piece: readMeshPiece(bundle) });
        }
      })
      // The body as it is stays; the next change asks again.
      .catch(() => undefined)
      .finally(() => {
        if (this.loading.get(person) !== controller) return;
        this.loading.delete(person);
        if (this.pieces.get(person)?.key === wanted.key) this.changed();
      });
  }
}
