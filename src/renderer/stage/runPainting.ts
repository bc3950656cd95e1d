import { type ComparedRun, comparedRun, compareStore, type Letter, lettersShown } from '../compare/compareStore';
import { runBodies } from '../compare/runBodies';
import type { OpenProject } from '../session/projectStore';
import { isShown, viewStore } from '../session/viewStore';
import { readToken } from '../theme/readToken';
import type { OverlayPass } from './meshOverlay';
import { drawRunBones, drawRunLetter, drawTrail, TRAILED_JOINTS } from './skeletonDrawing';
import { stageStore } from './stageStore';

/** Colour of a run on an element of the page. */
export function runColor(element: Element, letter: Letter): string {
  return readToken(element, letter === 'A' ? '--run-a' : '--run-b') || '#d9dde4';
}

/** The part of the stage that a run is drawn on, CSS px: its side of the divider, or all of it. */
function partOf(letter: Letter): { left: number; right: number } | undefined {
  const { view, divider } = compareStore.getState();
  if (view !== 'split') return undefined;
  const { width } = stageStore.getState().size;
  return letter === 'A' ? { left: 0, right: divider * width } : { left: divider * width, right: width };
}

function cameraOf({ settings }: ComparedRun, { media: { width, height } }: OpenProject) {
  return { focal: settings.focalFactor * Math.max(width, height), width, height };
}

/** The bodies of the runs that are shown, as each run's camera sees them. In ghosts A is striped, so that B stays in sight. */
export function runPasses(project: OpenProject, stage: Element, opacity: number): OverlayPass[] {
  const isStriped = compareStore.getState().view === 'ghost';
  return lettersShown().flatMap((letter) => {
    const run = comparedRun(letter);
    if (!run) return [];
    const color = runColor(stage, letter);
    const bodies = project.document.people.filter(isShown).flatMap(({ id }) => {
      const body = runBodies[letter].body(id);
      const look = { color, opacity, weightsOf: undefined, isStriped: isStriped && letter === 'A' };
      return body ? [{ key: `${letter} ${id}`, body, ...look }] : [];
    });
    const within = partOf(letter);
    return [
      { camera: cameraOf(run, project), shape: runBodies[letter].shape(), bodies, ...(within ? { within } : {}) },
    ];
  });
}

/** Frames of trail before the shown one. */
const TRAIL_FRAMES = 30;

/**
 * Bones and trails of the compared person in the runs that are shown, and the letters where both are on one place. True when
 * anything was drawn.
 */
export function paintRunLines(context: CanvasRenderingContext2D, stage: Element, frame: number): boolean {
  const { compared, view: compareView } = compareStore.getState();
  const { overlays } = viewStore.getState();
  const areBonesDrawn = overlays.skeleton || overlays.joints || !overlays.mesh;
  if (!compared || !(areBonesDrawn || overlays.trails || compareView === 'ghost')) return false;
  const { view, size } = stageStore.getState();
  for (const letter of lettersShown()) {
    const piece = compared.motions[letter];
    if (piece.present[frame] !== 1) continue;
    const run = { letter, color: runColor(stage, letter) };
    const { left, right } = partOf(letter) ?? { left: 0, right: size.width };
    context.save();
    context.beginPath();
    context.rect(left, 0, right - left, size.height);
    context.clip();
    if (overlays.trails) {
      const rowAt = (row: number) => (piece.present[row] === 1 ? { piece, row } : undefined);
      const frames = { from: frame - TRAIL_FRAMES, to: frame };
      for (const joint of TRAILED_JOINTS) drawTrail(context, rowAt, joint, frames, view, run.color);
    }
    if (areBonesDrawn) drawRunBones(context, { piece, row: frame }, view, run);
    if (compareView === 'ghost') drawRunLetter(context, { piece, row: frame }, view, run);
    context.restore();
  }
  return true;
}
