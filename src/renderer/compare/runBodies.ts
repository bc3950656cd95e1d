import type { PersonResults } from '#core/protocol/messages';
import { FilledBodies, type ShownBody } from '../playback/filledBodies';
import { type BodyShape, createMeshCache, loadBodyShape, type MeshPiece } from '../playback/meshSource';
import { playhead } from '../playback/playhead';
import { presentation } from '../playback/presentation';
import { shownBodies } from '../playback/shownBodies';
import type { SpanCache, WantedPerson } from '../playback/spanCache';
import { stillness } from '../playback/stillness';
import { projectStore } from '../session/projectStore';
import { isShown, selectedPersonId, viewStore } from '../session/viewStore';
import { areRunsShown, comparedRun, type ComparedRun, compareStore, type Letter } from './compareStore';

/** Bodies of the shown people in one run, on the shown frame. */
class RunBodies {
  private readonly bodies = new FilledBodies();
  private cache: { key: string; meshes: SpanCache<MeshPiece> } | undefined;
  private ownShape:
    | { id: string; shape: BodyShape | undefined; isMissing: boolean; controller: AbortController }
    | undefined;

  constructor(private readonly changed: () => void) {}

  /** The person's body when it is that of the shown frame. */
  body(person: string): ShownBody | undefined {
    const body = this.bodies.get(person);
    return body?.frame === presentation.frame() ? body : undefined;
  }

  /** Faces and skin of the run's body model; undefined until fetched. */
  shape(): BodyShape | undefined {
    return this.ownShape?.shape;
  }

  /** True when the run's body model could not be had: then there is nothing to draw, and no mesh is asked for. */
  isMissing(): boolean {
    return this.ownShape?.isMissing ?? false;
  }

  /** Follows a run to the shown frame; undefined lets go of everything. */
  show(projectId: string, run: ComparedRun | undefined, frameCount: number): void {
    const key = `${projectId} ${run?.id}`;
    if (this.cache?.key !== key) this.open(key, projectId, run);
    if (!run || !this.cache) return;
    this.wantShape(run.bodyModel);
    if (this.isMissing()) return;
    const { meshes } = this.cache;
    const frame = playhead.frame();
    const [direction, isMoving] = [playhead.direction(), playhead.isPlaying()];
    const people = wantedPeople(run, [{ from: 0, to: frameCount }]);
    meshes.show({ frame, direction, isMoving, isStill: stillness.isStill(), people });
    for (const { person } of people) {
      const piece = meshes.piece(person, presentation.frame())?.value;
      if (piece) this.bodies.fill(person, piece, presentation.frame());
    }
  }

  private open(key: string, projectId: string, run: ComparedRun | undefined): void {
    this.cache?.meshes.clear();
    this.bodies.clear();
    this.cache = undefined;
    // The next time it is looked at, a body that was missing may have been imported.
    if (this.isMissing()) this.ownShape = undefined;
    if (!run) return;
    const meshes = createMeshCache(projectId, run.id);
    this.cache = { key, meshes };
    meshes.subscribe(this.changed);
  }

  private wantShape(id: string): void {
    const shown = shownBodies.shape();
    if (this.ownShape?.id === id && (this.ownShape.shape === shown || shown?.id !== id)) return;
    this.ownShape?.controller.abort();
    const controller = new AbortController();
    const own = { id, shape: shown?.id === id ? shown : undefined, isMissing: false, controller };
    this.ownShape = own;
    if (own.shape) return;
    loadBodyShape(id, own.controller.signal).then(
      (shape) => {
        own.shape = shape;
        this.changed();
      },
      // The motion of the run says what is missing.
      () => {
        own.isMissing = !controller.signal.aborted;
        this.changed();
      },
    );
  }
}

/** The people to show that have a body in the run, the selected one first. */
function wantedPeople({ people }: ComparedRun, present: PersonResults['present']): WantedPerson[] {
  const selected = selectedPersonId();
  const shown = (projectStore.getState().project?.document.people ?? []).filter(isShown);
  return [...shown]
    .sort((a, b) => Number(b.id === selected) - Number(a.id === selected))
    .flatMap(({ id }) => {
      const version = people.get(id);
      return version === undefined ? [] : [{ person: id, version, present }];
    });
}

const listeners = new Set<() => void>();
let isFollowing = false;

function update(): void {
  const { project } = projectStore.getState();
  const isOn = areRunsShown();
  for (const letter of ['A', 'B'] as const) {
    const run = isOn ? comparedRun(letter) : undefined;
    runBodies[letter].show(project?.projectId ?? '', run, project?.media.frameCount ?? 0);
  }
  for (const listener of [...listeners]) listener();
}

/** Bodies of the two runs that are compared, shared by the stage and the 3D view. */
export const runBodies: Readonly<Record<Letter, RunBodies>> = { A: new RunBodies(update), B: new RunBodies(update) };

/** Begins to follow what is compared and where the playhead is; further calls do nothing. */
export function followRunBodies(): void {
  if (isFollowing) return;
  isFollowing = true;
  const ifShown = () => {
    if (areRunsShown()) update();
  };
  compareStore.subscribe(update);
  for (const source of [projectStore, viewStore, presentation, playhead, shownBodies, stillness])
    source.subscribe(ifShown);
}

/** Called when a body of the two runs, or what is compared, changed. Returns its own end. */
export function subscribeToRunBodies(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
