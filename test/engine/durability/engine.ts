import './dieAtWrite';
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { planMoveBox } from '#core/tracks/boxEdits';
import { editFromPlan } from '#core/document/planToEdit';
import { chooseRun, keepRun, removeRun } from '#engine/pipeline/compareRuns';
import { launchExport } from '#engine/pipeline/exportProject';
import { exportTracks, importTracks } from '#engine/pipeline/exchangeTracks';
import type { RunContext } from '#engine/pipeline/runContext';
import { launchRun } from '#engine/pipeline/startRun';
import type { ProjectSession } from '#engine/project/projectSession';
import { Workspace } from '#engine/workspace';
import { diceFrom, randomEdit, rolled } from '../project/randomEdits';
import { digestOf } from './editor';
import { hashOf as fileHash } from './killedData';
import { keptDigests } from './keptDigests';
import { type Act, configurationOf, type Life } from './life';
import { tell } from './toldLines';

const PAUSE_MS = 2;

function hashOf(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

/** Has everything that becomes durable, and everything that networks are asked, told. */
function listen(workspace: Workspace, session: ProjectSession): void {
  session.store.subscribe(() =>
    tell({ what: 'edit', seq: session.store.seq, digest: digestOf(session.store.document) }),
  );
  const contextOf = session.runContext.bind(session);
  session.runContext = () => listenTo(contextOf());
  const { lanes } = workspace;
  const run = lanes.run.bind(lanes) as (task: string, input: unknown, ...more: never[]) => Promise<unknown>;
  lanes.run = (async (task: string, input: { frame: { frameIndex: number }; requests: unknown }, ...more: never[]) => {
    const of =
      task === 'detect'
        ? `${task} ${input.frame.frameIndex}`
        : task === 'observe'
          ? `${task} ${input.frame.frameIndex} ${hashOf(JSON.stringify(input.requests))}`
          : '';
    if (of !== '') tell({ what: 'asked', of });
    const output = await run(task, input, ...more);
    // Kept as soon as whoever asked has had its turn.
    if (task === 'observe') setImmediate(() => tell({ what: 'observed', of }));
    return output;
  }) as typeof lanes.run;
}

function listenTo(context: RunContext): RunContext {
  const { detections, motion, document } = context;
  if (detections) {
    const flush = detections.flush.bind(detections);
    detections.flush = () => {
      flush();
      tell({ what: 'detected', frames: detections.detectedFrames });
    };
  }
  const flush = motion.flush.bind(motion);
  motion.flush = () => {
    flush();
    for (const { id } of document().people) {
      const rows = motion.get(id)?.keys.filter((key) => key !== 0).length ?? 0;
      tell({ what: 'solved', person: id, rows });
    }
  };
  return context;
}

function edit(session: ProjectSession, next: () => number): void {
  const kind = next();
  const change = kind < 0.7 ? randomEdit(session.document, rolled(next)) : undefined;
  if (kind < 0.7) {
    if (change) session.applyEdit(session.store.seq, change);
  } else if (kind < 0.85) session.store.undo();
  else if (kind < 0.95) session.store.redo();
  else session.store.save();
}

async function exportOnce(workspace: Workspace, session: ProjectSession, next: () => number): Promise<void> {
  const exporter = ['obj', 'obj', 'fbx', 'joints'][Math.floor(next() * 4)] ?? 'obj';
  const ifExists = next() < 0.7 ? ('overwrite' as const) : ('rename' as const);
  const from = Math.floor(next() * 60);
  const span = { from, to: from + 2 + Math.floor(next() * 3) };
  const request = { projectId: session.id, exporter, options: {}, people: [], span, ifExists };
  const { ended } = await launchExport(workspace, session, request);
  const files = await ended;
  const [first] = files;
  if (!first) return;
  tell({ what: 'export', folder: first.path.slice(0, -first.name.length), names: files.map(({ name }) => name) });
}

async function importOnce(workspace: Workspace, life: Life, next: () => number): Promise<void> {
  const installed = workspace.models.store.list();
  const [part] = installed;
  if (part && next() < 0.5) {
    if (installed.length > 3) {
      tell({ what: 'removing', of: 'models' });
      for (const { id } of installed) await workspace.models.remove(id);
    } else await workspace.models.choose(part.id);
  } else await workspace.models.launchImport(life.modelFiles).ended;
  const ids = workspace.models.store.list().map(({ id }) => id);
  tell({ what: 'models', ids: ids.sort() });
}

function tracksOnce(session: ProjectSession, life: Life, next: () => number): void {
  const kind = next();
  if (kind < 0.5) {
    if (session.document.people.length > 12) session.store.undo(1);
    else importTracks(session, 'mot', life.tracksFile);
  } else if (session.document.people.length > 0) {
    const format = ['mot', 'cvat', 'coco-video', 'dive'][Math.floor(next() * 4)] ?? 'mot';
    const { path } = exportTracks(session, format);
    tell({ what: 'tracks', path, sha256: fileHash(path) });
  }
}

/** Keeps, renames, chooses and removes runs, and has bodies overwritten and put back in between. */
async function keptOnce(session: ProjectSession, next: () => number): Promise<void> {
  const kind = next();
  const runs = session.kept.list();
  const run = runs[Math.floor(next() * runs.length)];
  const person = session.document.people.find(({ id }) => session.motion.get(id));
  if (kind < 0.35 || !run || !person) {
    if (!person) await runOnce(session);
    keepRun(session);
  } else if (kind < 0.45) session.kept.rename(run.id, `Take ${Math.floor(next() * 100)}`);
  else if (kind < 0.6) {
    const from = Math.floor(next() * 200);
    const choice = { person: person.id, span: { from, to: from + 40 }, run: next() < 0.7 ? run.id : null };
    // A run without this person is refused.
    if (run.people.some((entry) => entry.person === person.id)) chooseRun(session, choice);
  } else if (kind < 0.7 && runs.length > 2) {
    const isShown = session.document.people.some(({ choices }) => choices?.some((choice) => choice.run === run.id));
    if (isShown) return;
    tell({ what: 'removing', of: 'kept' });
    removeRun(session, run.id);
    if (next() < 0.5) session.kept.restore(run.id);
  } else {
    const box = { x: 20 + 40 * next(), y: 30, width: 40, height: 100 };
    const plan = planMoveBox(session.document, person.id, Math.floor(next() * 100), box);
    const change = plan && editFromPlan(session.document, plan);
    if (change) session.applyEdit(session.store.seq, change);
    await runOnce(session);
    if (next() < 0.5) session.store.undo();
    await wait(PAUSE_MS);
  }
  tell({ what: 'kept', runs: keptDigests(session) });
}

async function runOnce(session: ProjectSession): Promise<void> {
  await launchRun(session, { scope: 'missing' }).ended;
  tell({ what: 'ran' });
}

/** Runs, edits, saves, imports and exports at the same time, as a person with quick fingers would. */
async function everything(workspace: Workspace, session: ProjectSession, life: Life, next: () => number) {
  let running: Promise<void> | undefined;
  let exporting: Promise<void> | undefined;
  for (;;) {
    const kind = next();
    if (kind < 0.8) edit(session, next);
    else if (kind < 0.84) tracksOnce(session, life, next);
    else if (kind < 0.93) running ??= runOnce(session).finally(() => (running = undefined));
    else
      exporting ??= exportOnce(workspace, session, next)
        .catch(() => undefined)
        .finally(() => (exporting = undefined));
    await wait(PAUSE_MS);
  }
}

async function actOnce(act: Act, workspace: Workspace, session: ProjectSession, life: Life, next: () => number) {
  if (act === 'run') await runOnce(session);
  else if (act === 'models') await importOnce(workspace, life, next);
  else if (act === 'tracks') tracksOnce(session, life, next);
  else if (act === 'kept') await keptOnce(session, next);
  else if (act === 'export') await exportOnce(workspace, session, next);
  else await everything(workspace, session, life, next);
}

/** A whole engine that does one kind of thing again and again. Made to be killed. Its one argument is its life, as JSON. */
async function live(life: Life): Promise<void> {
  const workspace = new Workspace(configurationOf(life));
  const session = life.root ? await workspace.openProjectFolder(life.root) : await workspace.openVideo(life.video);
  if (session.parts.readOnly) throw new Error(session.parts.readOnly.message);
  listen(workspace, session);
  tell({ what: 'open' });
  const next = diceFrom(life.seed);
  // A run that was killed halfway has left bodies on some of the frames only.
  const { people } = session.results();
  const isMade = people.length > 0 && people.every(({ outOfDate }) => outOfDate.length === 0);
  if (life.act === 'export' && !isMade) await runOnce(session);
  do {
    await actOnce(life.act, workspace, session, life, next);
    await wait(PAUSE_MS);
  } while (life.act !== 'run');
  await workspace.stop();
}

await live(JSON.parse(process.argv[2] ?? '') as Life);
