import {
  type BrowserWindow,
  dialog,
  ipcMain,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  powerSaveBlocker,
  shell,
  type WebContents,
} from 'electron';
import type { z } from 'zod';
import { bulkRoutes } from '#core/protocol/bulkRoutes';
import { type DesktopChannel, desktopChannels } from '#core/protocol/bridge';
import type { EngineHost } from '#host/engineHost';
import { isOwnPage } from './security';

/** What the calls act on. */
export interface DesktopCallContext {
  window(): BrowserWindow | undefined;
  engine: Pick<EngineHost, 'grant' | 'bulk'>;
  requestEnginePort(page: WebContents): void;
  /** The page listens for files to open. */
  readyForFiles(): void;
}

type Argument<Channel extends DesktopChannel> = z.infer<(typeof desktopChannels)[Channel]>;

/**
 * Checks sender and argument of a call from the page (Electron security checklist 17).
 * @throws Error for a frame of another origin or an argument of another form.
 */
export function checkedArgument<Channel extends DesktopChannel>(
  channel: Channel,
  senderUrl: string | undefined,
  argument: unknown,
): Argument<Channel> {
  if (senderUrl === undefined || !isOwnPage(senderUrl)) throw new Error(`${channel} was called by a foreign page`);
  return desktopChannels[channel].parse(argument) as Argument<Channel>;
}

const OPEN_PROPERTIES = {
  video: { properties: ['openFile' as const], title: 'Open a video' },
  folder: { properties: ['openDirectory' as const], title: 'Open a folder of numbered pictures' },
  project: { properties: ['openDirectory' as const], title: 'Open a project' },
};

const MODEL_FILES = { properties: ['openFile' as const, 'multiSelections' as const], title: 'Import models' };

/** Answers the calls of the preload bridge. */
export function serveDesktopCalls(context: DesktopCallContext): void {
  const senderOf = (event: IpcMainEvent | IpcMainInvokeEvent) => event.senderFrame?.url;
  function handle<Channel extends DesktopChannel>(channel: Channel, answer: (argument: Argument<Channel>) => unknown) {
    ipcMain.handle(channel, (event, argument) => answer(checkedArgument(channel, senderOf(event), argument)));
  }
  function on<Channel extends DesktopChannel>(
    channel: Channel,
    act: (argument: Argument<Channel>, page: WebContents) => void,
  ) {
    ipcMain.on(channel, (event, argument) => {
      try {
        act(checkedArgument(channel, senderOf(event), argument), event.sender);
      } catch (error) {
        // Thrown from a listener it would end the app: a wrong message must not.
        console.error(error);
      }
    });
  }
  on('requestEnginePort', (_nothing, page) => context.requestEnginePort(page));
  on('readyForFiles', () => context.readyForFiles());
  on('setTitle', (title) => context.window()?.setTitle(title));
  let awake: number | undefined;
  on('setProgress', (share) => {
    context.window()?.setProgressBar(share ?? -1);
    // The computer must not fall asleep in a long run, and must be free to do so when none is going on.
    if (share !== undefined) awake ??= powerSaveBlocker.start('prevent-app-suspension');
    else if (awake !== undefined) {
      powerSaveBlocker.stop(awake);
      awake = undefined;
    }
  });
  handle('openMedia', async (kind) => {
    const window = context.window();
    const options = OPEN_PROPERTIES[kind];
    const chosen = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
    const [path] = chosen.filePaths;
    return path === undefined ? undefined : context.engine.grant(path);
  });
  handle('chooseModels', async () => {
    const window = context.window();
    const chosen = await (window ? dialog.showOpenDialog(window, MODEL_FILES) : dialog.showOpenDialog(MODEL_FILES));
    return Promise.all(chosen.filePaths.map((path) => context.engine.grant(path)));
  });
  handle('grantDropped', (path) => context.engine.grant(path));
  handle('revealExport', async ([jobId, name]) => {
    const { file } = await context.engine.bulk(bulkRoutes.exported(jobId, name));
    if (file !== undefined) shell.showItemInFolder(file);
  });
}
