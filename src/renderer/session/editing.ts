import { type Draft, enablePatches, produceWithPatches } from 'immer';
import { AppError } from '#core/errors';
import { applyPatches, type Edit } from '#core/document/patch';
import type { ProjectDocument } from '#core/document/schema';
import type { History } from '#core/protocol/messages';
import { boxInHandStore } from './boxInHand';
import { toAppError } from './engineError';
import { dismissNoticesOfEdits, notify } from './notices';
import { projectStore, updateProject } from './projectStore';

enablePatches();

/** Changes a draft of the document in place. */
export type EditRecipe = (draft: Draft<ProjectDocument>) => void;

/** An edit in hand: a drag, or keys held down. Becomes one undo step. */
export interface Gesture {
  /** Shows the document with this change, counted from where the gesture began (not from the last update). */
  update(recipe: EditRecipe): void;
  /** Keeps the last update as one edit; without one, or when it changed nothing, does nothing. */
  commit(): void;
  /** Shows the document without the gesture. */
  cancel(): void;
}

interface Names {
  label: string;
  frame: number | undefined;
  person: string | undefined;
}

/** Document as the engine has it, and edits of this page on top, oldest first. */
interface Line {
  projectId: string;
  confirmed: ProjectDocument;
  seq: number;
  waiting: Edit[];
  /** The first of `waiting` is on its way. */
  sending: boolean;
  /** The edit on its way was already seen coming back as an event. */
  echoed: boolean;
}

/** Gets every edit that was made in this page: its label, and the documents before and after it. */
type EditListener = (label: string, before: ProjectDocument, after: ProjectDocument) => void;

const editListeners = new Set<EditListener>();

/** Tells of every edit made in this page, gestures at their end; undo and redo are not edits. Returns its own end. */
export function followEdits(listener: EditListener): () => void {
  editListeners.add(listener);
  return () => editListeners.delete(listener);
}

let line: Line | undefined;
let gesture: { names: Names; recipe: EditRecipe | undefined } | undefined;

function withEdits(current: Line): ProjectDocument {
  return current.waiting.reduce((document, edit) => applyPatches(document, edit.patches), current.confirmed);
}

function show(): void {
  if (!line) return;
  const base = withEdits(line);
  const document = gesture?.recipe ? produceWithPatches(base, gesture.recipe)[0] : base;
  updateProject({ document, seq: line.seq });
  projectStore.setState({ unsavedEdits: line.waiting.length });
}

/** Begins to follow a project that was opened; edits of an earlier one are forgotten. */
export function startEditing(projectId: string, document: ProjectDocument, seq: number): void {
  line = { projectId, confirmed: document, seq, waiting: [], sending: false, echoed: false };
  gesture = undefined;
  boxInHandStore.setState({ inHand: undefined });
  projectStore.setState({ unsavedEdits: 0, saveProblem: undefined });
}

/** Stops; nothing can be edited until a project is opened. */
export function stopEditing(): void {
  line = undefined;
  gesture = undefined;
}

function makeEdit(
  names: Names,
  recipe: EditRecipe,
): { edit: Edit; before: ProjectDocument; after: ProjectDocument } | undefined {
  if (!line) throw new AppError('INVALID_ARGUMENT', 'No project is open, so nothing can be edited.');
  const before = withEdits(line);
  const [after, patches, inverse] = produceWithPatches(before, recipe);
  if (patches.length === 0) return undefined;
  const edit = {
    label: names.label,
    ...(names.frame === undefined ? {} : { frame: names.frame }),
    ...(names.person === undefined ? {} : { person: names.person }),
    patches,
    inverse,
  };
  return { edit, before, after };
}

function push(made: ReturnType<typeof makeEdit>): void {
  if (!line || !made) return;
  dismissNoticesOfEdits();
  line.waiting.push(made.edit);
  show();
  void send();
  for (const listener of editListeners) listener(made.edit.label, made.before, made.after);
}

/** False in a project that is open for reading only, and says so. */
export function mayEdit(): boolean {
  const readOnly = projectStore.getState().project?.readOnly;
  if (!readOnly) return true;
  notify({ level: 'warning', text: readOnly.message, detail: readOnly.hint });
  return false;
}

/**
 * Applies an edit at once and sends it to the engine. `label` names it in the undo list (`Move box, frame 118`);
 * undoing it shows `frame` and selects `person`. Does nothing when the recipe changes nothing or the project is open
 * for reading only (then says so).
 */
export function applyEdit(
  label: string,
  frame: number | undefined,
  recipe: EditRecipe,
  person?: string | undefined,
): void {
  if (!mayEdit()) return;
  push(makeEdit({ label, frame, person }, recipe));
}

/** Begins an edit that is shown while it changes and kept as one step. An earlier unfinished gesture is cancelled. */
export function beginGesture(label: string, frame: number | undefined, person?: string | undefined): Gesture {
  const own: NonNullable<typeof gesture> = { names: { label, frame, person }, recipe: undefined };
  const allowed = mayEdit();
  if (allowed) gesture = own;
  const end = () => {
    if (gesture !== own) return false;
    gesture = undefined;
    return true;
  };
  return {
    update(recipe) {
      if (gesture !== own) return;
      own.recipe = recipe;
      show();
    },
    commit() {
      if (!end()) return;
      if (own.recipe) push(makeEdit(own.names, own.recipe));
      show();
    },
    cancel() {
      if (end()) show();
    },
  };
}

async function send(): Promise<void> {
  const current = line;
  const edit = current?.waiting[0];
  const client = projectStore.getState().client;
  if (!current || !edit || !client || current.sending) return;
  current.sending = true;
  current.echoed = false;
  try {
    const answer = await client.projects.applyEdit({ projectId: current.projectId, baseSeq: current.seq, edit });
    if (!current.echoed) {
      current.confirmed = applyPatches(current.confirmed, edit.patches);
      current.seq = answer.seq;
      current.waiting.shift();
      if (line === current) listAsDone(edit, answer.seq);
    }
    current.sending = false;
    projectStore.setState({ saveProblem: undefined });
    if (line === current) show();
    void send();
  } catch (error) {
    current.sending = false;
    if (line === current) handleFailure(current, error);
  }
}

/** The undo list as it will be announced: undo pressed before the announcement must find the edit. */
function listAsDone({ label, frame, person }: Edit, seq: number): void {
  const { history } = projectStore.getState().project ?? {};
  if (history) updateProject({ history: { undo: [...history.undo, { seq, label, frame, person }], redo: [] } });
}

function handleFailure(current: Line, error: unknown): void {
  const problem = toAppError(error);
  const hint = problem.hint === undefined ? {} : { hint: problem.hint };
  if (current.echoed) return void send();
  if (problem.code === 'LINK_CLOSED' || problem.code === 'DISK_FULL') {
    projectStore.setState({ saveProblem: { code: problem.code, message: problem.message, ...hint } });
    return;
  }
  const lost = current.waiting.splice(0);
  show();
  const why =
    problem.code === 'EDIT_CONFLICT' ? 'The project was changed elsewhere at the same time.' : problem.message;
  notify({ level: 'error', text: `${lost[0]?.label ?? 'Edit'}: not kept`, detail: why });
}

/** Sends what is still waiting: after the line came back, or when the person asks to try again. */
export function retryEdits(): void {
  void send();
}

/** Takes in a document that the engine announced. Edits of this page that are not confirmed yet stay on top of it. */
export function receiveDocument(event: {
  seq: number;
  document: ProjectDocument;
  history: History;
  label: string;
}): void {
  if (!line || event.seq < line.seq) return;
  const own = line.sending && !line.echoed && event.seq === line.seq + 1 && event.label === line.waiting[0]?.label;
  if (own) {
    line.waiting.shift();
    line.echoed = true;
  }
  line.confirmed = event.document;
  line.seq = event.seq;
  try {
    show();
  } catch (error) {
    // Waiting edits name places that the other page's change removed.
    if (!(error instanceof RangeError)) throw error;
    line.waiting = [];
    gesture = undefined;
    show();
    notify({ level: 'error', text: 'The project was changed elsewhere; the newest edit here was not kept' });
  }
  updateProject({ history: event.history });
}

/** Resolves when every edit of the page is confirmed; at once when none is waiting. */
export function editsSettled(): Promise<void> {
  return new Promise((resolve) => {
    const settled = () => projectStore.getState().unsavedEdits === 0;
    if (settled()) return resolve();
    const end = projectStore.subscribe(() => {
      if (!settled()) return;
      end();
      resolve();
    });
  });
}

async function stepHistory(direction: 'undo' | 'redo', seq?: number): Promise<void> {
  if (!line || !mayEdit()) return;
  dismissNoticesOfEdits();
  await editsSettled();
  const { client, project } = projectStore.getState();
  if (!client || !project || project.history[direction].length === 0) return;
  const target = seq === undefined ? {} : { seq };
  try {
    await client.projects[direction]({ projectId: project.projectId, ...target });
  } catch (error) {
    const problem = toAppError(error);
    notify({ level: 'error', text: problem.message, detail: problem.hint });
  }
}

/** Says what was edited just now, with a button that undoes it while it is the newest edit, and one to `frame`. */
export function notifyEdited(text: string, frame?: number): void {
  notify({ level: 'info', text, frame, action: { title: 'Undo', run: () => void undo() }, isOfNewestEdit: true });
}

/** Takes back the newest edit, or all down to entry `seq`. The change arrives as an event of the project. */
export function undo(seq?: number): Promise<void> {
  return stepHistory('undo', seq);
}

/** Brings back the edit taken back last, or all up to entry `seq`. */
export function redo(seq?: number): Promise<void> {
  return stepHistory('redo', seq);
}
