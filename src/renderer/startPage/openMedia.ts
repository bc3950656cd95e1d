import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { isCancelled } from '#core/errors';
import { closeDialog, openDialog } from '../app/dialogStore';
import type { Shell } from '../app/shell';
import { toAppError } from '../session/engineError';
import { notify } from '../session/notices';
import { type OpenRequest, openProject } from '../session/projectSession';
import { projectStore } from '../session/projectStore';

/** What is being opened now, for the start page. */
export interface OpeningState {
  /** Name of what is being opened; undefined when nothing is. */
  name: string | undefined;
  /** 0 to 1 while a file is sent to the engine; undefined while the engine reads it. */
  sent: number | undefined;
  cancel: (() => void) | undefined;
}

/** A project that could not be opened because its video is not where it was. */
export interface MissingVideo {
  name: string;
  request: Exclude<OpenRequest, { source: 'sample' }>;
  /** What the engine said of the place, or of the file that was tried last. */
  message: string;
}

/** The project whose video is missed, until it is found or put aside. */
export const missingVideoStore = createStore<{ missing: MissingVideo | undefined }>(() => ({ missing: undefined }));

const IDLE: OpeningState = { name: undefined, sent: undefined, cancel: undefined };

/** The one store of it. */
export const openingStore = createStore<OpeningState>(() => IDLE);

/** Reads a part of it in a component. */
export function useOpening<T>(selector: (state: OpeningState) => T): T {
  return useStore(openingStore, selector);
}

function tell(error: unknown): void {
  if (isCancelled(error)) return;
  const problem = toAppError(error);
  if (problem.code === 'CANCELLED') return;
  notify({ level: 'error', text: problem.message, detail: problem.hint });
}

/** Keeps what is missed for the banner of the start page; false when something else is wrong. */
function noteMissing(name: string, request: OpenRequest, error: unknown): boolean {
  const { code, message } = toAppError(error);
  if (request.source === 'sample' || (code !== 'VIDEO_MISSING' && code !== 'VIDEO_CHANGED')) return false;
  missingVideoStore.setState({ missing: { name, request, message } });
  return true;
}

/** Opens a project or a file the engine knows, and tells when it fails. */
export async function openAndTell(name: string, request: OpenRequest): Promise<void> {
  if (openingStore.getState().name !== undefined) return;
  openingStore.setState({ name, sent: undefined, cancel: undefined });
  closeDialog();
  try {
    await openProject(request);
    missingVideoStore.setState({ missing: undefined });
  } catch (error) {
    if (!noteMissing(name, request, error)) tell(error);
  } finally {
    openingStore.setState(IDLE);
  }
}

/** Takes a dropped or chosen file and opens it, or the project whose video it is. */
export async function openFile(shell: Shell, file: File, missing?: MissingVideo): Promise<void> {
  if (openingStore.getState().name !== undefined) return;
  const controller = new AbortController();
  openingStore.setState({ name: file.name, sent: 0, cancel: () => controller.abort() });
  try {
    const token = await shell.grantFile(file, (sent) => openingStore.setState({ sent }), controller.signal);
    openingStore.setState({ sent: undefined, cancel: undefined });
    await openProject(missing ? { ...missing.request, video: token } : { source: 'file', token });
    missingVideoStore.setState({ missing: undefined });
  } catch (error) {
    if (!missing || !noteMissing(missing.name, missing.request, error)) tell(error);
  } finally {
    openingStore.setState(IDLE);
  }
}

function chooseFile(): Promise<File | undefined> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = 'video/*,.mkv,.avi,.mov,.mts,.ts';
    input.onchange = () => resolve(input.files?.[0]);
    input.oncancel = () => resolve(undefined);
    input.click();
  });
}

/**
 * Lets the person choose a video: the platform's dialog, else the browser over the engine's folders, else a file of this
 * computer that is then sent to the engine. It is opened, or taken for the video that a project misses.
 */
export async function chooseAndOpen(shell: Shell, missing?: MissingVideo): Promise<void> {
  if (shell.openMedia) {
    const token = await shell.openMedia('video').catch((error: unknown) => void tell(error));
    if (token === undefined) return;
    await (missing ? openLocated(missing, token) : openAndTell('the video', { source: 'file', token }));
    return;
  }
  if (projectStore.getState().engine?.canBrowse) return openDialog(missing ? 'locate' : 'browse');
  const file = await chooseFile();
  if (file) await openFile(shell, file, missing);
}

/** Opens the project whose video is missed with the file that somebody says it is. */
export function openLocated({ name, request }: MissingVideo, token: string): Promise<void> {
  return openAndTell(name, { ...request, video: token });
}
