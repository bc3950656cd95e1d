import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { ExporterFacts, ExportRequest, Preflight } from '#core/protocol/messages';
import { toAppError } from '../session/engineError';
import { projectStore } from '../session/projectStore';
import { viewStore } from '../session/viewStore';
import { formFields, initialOptions } from '../optionsForm/schemaForm';

/** What to do when a file of the name is there. */
export type IfExists = ExportRequest['ifExists'];

/** The export dialog's state; choices stay for the next export of the session. */
export interface ExportState {
  formats: readonly ExporterFacts[];
  exporter: string | undefined;
  /** By exporter id. */
  options: Readonly<Record<string, Record<string, unknown>>>;
  /** Person ids left out. */
  without: readonly string[];
  frames: 'all' | 'range';
  ifExists: IfExists;
  preflight: Preflight | undefined;
  problem: string | undefined;
  /** The export under way or ended, shown instead of the form. */
  jobId: string | undefined;
}

const INITIAL: ExportState = {
  formats: [],
  exporter: undefined,
  options: {},
  without: [],
  frames: 'all',
  ifExists: 'rename',
  preflight: undefined,
  problem: undefined,
  jobId: undefined,
};

/** The one store of it. */
export const exportStore = createStore<ExportState>(() => INITIAL);

/** Reads a part of it in a component. */
export function useExport<T>(selector: (state: ExportState) => T): T {
  return useStore(exportStore, selector);
}

/** Fetches what can be exported to, once, and shows the form. */
export async function openExport(): Promise<void> {
  const { client } = projectStore.getState();
  exportStore.setState({ jobId: undefined, problem: undefined, preflight: undefined });
  if (!client || exportStore.getState().formats.length > 0) return;
  try {
    const formats = await client.exports.formats({});
    const options = Object.fromEntries(
      formats.map((format) => [format.id, initialOptions(formFields(format.optionsSchema))]),
    );
    exportStore.setState({ formats, options, exporter: formats[0]?.id });
  } catch (error) {
    exportStore.setState({ problem: toAppError(error).message });
  }
}

/** People that can be exported: visible and not folded away, by number. */
export function exportablePeople() {
  const people = projectStore.getState().project?.document.people ?? [];
  return people
    .filter((person) => person.foldedBecause === undefined && person.visible)
    .sort((a, b) => a.number - b.number);
}

/** What the form asks for; undefined while there is nothing to ask for. */
export function exportRequest(state: ExportState): ExportRequest | undefined {
  const { project } = projectStore.getState();
  if (!project || state.exporter === undefined) return undefined;
  const people = exportablePeople()
    .map((person) => person.id)
    .filter((id) => !state.without.includes(id));
  const { range } = viewStore.getState();
  if (people.length === 0) return undefined;
  return {
    projectId: project.projectId,
    exporter: state.exporter,
    options: state.options[state.exporter] ?? {},
    people,
    ...(state.frames === 'range' && range ? { span: range } : {}),
    ifExists: state.ifExists,
  };
}

let round = 0;

/** Asks what would be written, for the form as it is; answers that come too late are dropped. */
export async function askPreflight(): Promise<void> {
  const request = exportRequest(exportStore.getState());
  const { client } = projectStore.getState();
  const mine = ++round;
  if (!request || !client) return exportStore.setState({ preflight: undefined });
  try {
    const preflight = await client.exports.preflight(request);
    if (mine === round) exportStore.setState({ preflight, problem: undefined });
  } catch (error) {
    const problem = toAppError(error);
    if (mine === round) exportStore.setState({ preflight: undefined, problem: problem.message });
  }
}

/** Starts the export the form asks for; the dialog then shows its job. */
export async function startExport(): Promise<void> {
  const request = exportRequest(exportStore.getState());
  const { client } = projectStore.getState();
  if (!request || !client) return;
  try {
    const { jobId } = await client.exports.start(request);
    exportStore.setState({ jobId, problem: undefined });
  } catch (error) {
    const problem = toAppError(error);
    exportStore.setState({ problem: [problem.message, problem.hint].filter(Boolean).join(' ') });
  }
}
