import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { isCancelled } from '#core/errors';
import type { Job } from '#core/protocol/messages';
import type { ImportLine, Models, ModelsEvent, PartKind } from '#core/protocol/modelMessages';
import type { Shell } from '../app/shell';
import type { EngineClient } from '../session/engineClient';
import { toAppError } from '../session/engineError';
import { announce, notify } from '../session/notices';
import { projectStore } from '../session/projectStore';
import { loadTitles } from '../session/titles';

/** Files on their way to the engine, one after the other. */
export interface Sending {
  /** Name of the file that is sent now. */
  name: string;
  /** 1 and up. */
  number: number;
  count: number;
  /** 0 to 1, of this file. */
  fraction: number;
  cancel(): void;
}

/** What the page knows of models. */
export interface ModelsState {
  models: Models | undefined;
  /** The import under way or the last one that ended. */
  job: Job | undefined;
  report: readonly ImportLine[];
  sending: Sending | undefined;
}

/** The one store of models. */
export const modelsStore = createStore<ModelsState>(() => ({
  models: undefined,
  job: undefined,
  report: [],
  sending: undefined,
}));

/** Reads a part of it in a component. */
export function useModels<T>(selector: (state: ModelsState) => T): T {
  return useStore(modelsStore, selector);
}

const RETRY_MS = 1_000;

/** Keeps the store up to date until the returned function is called. Call once the engine is greeted. */
export function followModels(client: EngineClient): () => void {
  const ended = new AbortController();
  void follow(client, ended.signal);
  return () => ended.abort();
}

async function follow(client: EngineClient, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const event of await client.models.events({}, { signal })) receive(client, event);
    } catch {
      // The line broke or the engine starts anew: asked again.
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

function receive(client: EngineClient, event: ModelsEvent): void {
  if (event.type === 'models') {
    // Bodies and estimators come and go with models; their names are asked for anew.
    loadTitles(client).catch(() => undefined);
    return modelsStore.setState({ models: event.models });
  }
  if (event.type === 'notice') {
    return notify({ level: 'warning', text: event.problem.message, detail: event.problem.hint });
  }
  const { job: before } = modelsStore.getState();
  modelsStore.setState({ job: event.job, report: event.report });
  const isNews = before?.id === event.job.id && before.state === 'running' && event.job.state !== 'running';
  if (isNews) tellEnd(event.job, event.report);
}

function tellEnd(job: Job, report: readonly ImportLine[]): void {
  if (job.state === 'failed') {
    notify({
      level: 'error',
      text: job.problem?.message ?? 'The import did not finish',
      detail: job.problem?.hint,
    });
  }
  if (job.state === 'cancelled') notify({ level: 'info', text: 'Import stopped, nothing was installed' });
  if (job.state === 'done') {
    const installed = report.filter((line) => line.state === 'installed').length;
    announce(installed === 0 ? 'Import done, nothing new' : `Import done, ${installed} installed`);
  }
}

function tell(error: unknown): void {
  if (isCancelled(error)) return;
  const problem = toAppError(error);
  if (problem.code !== 'CANCELLED') notify({ level: 'error', text: problem.message, detail: problem.hint });
}

/** True while files are sent or imported. */
export function isImporting(state: ModelsState): boolean {
  return state.sending !== undefined || state.job?.state === 'running';
}

/** Sends dropped or chosen files to the engine and imports them; `expected` is the slot they were chosen for. */
export async function importFiles(shell: Shell, files: readonly File[], expected?: PartKind): Promise<void> {
  if (files.length === 0 || isImporting(modelsStore.getState())) return;
  const controller = new AbortController();
  const tokens: string[] = [];
  try {
    for (const [index, file] of files.entries()) {
      const send = (fraction: number) =>
        modelsStore.setState({
          sending: {
            name: file.name,
            number: index + 1,
            count: files.length,
            fraction,
            cancel: () => controller.abort(),
          },
        });
      send(0);
      tokens.push(await shell.grantFile(file, send, controller.signal));
      controller.signal.throwIfAborted();
    }
    await importTokens(tokens, expected);
  } catch (error) {
    tell(error);
  } finally {
    modelsStore.setState({ sending: undefined });
  }
}

/** Imports files that the engine knows. */
export async function importTokens(tokens: readonly string[], expected?: PartKind): Promise<void> {
  const { client } = projectStore.getState();
  if (!client || tokens.length === 0) return;
  try {
    await client.models.import({ tokens: [...tokens], ...(expected ? { expected } : {}) });
  } catch (error) {
    tell(error);
  }
}

/** Takes a part away and offers to bring it back. */
export async function removePart(id: string, name: string): Promise<void> {
  const { client } = projectStore.getState();
  try {
    await client?.models.remove({ id });
    notify({
      level: 'info',
      text: `${name} removed from Retake; your own file is untouched`,
      action: { title: 'Undo', run: () => void client?.models.restore({ id }).catch(tell) },
    });
  } catch (error) {
    tell(error);
  }
}

/** Makes a part the one that runs use. */
export async function choosePart(id: string): Promise<void> {
  try {
    await projectStore.getState().client?.models.choose({ id });
  } catch (error) {
    tell(error);
  }
}
