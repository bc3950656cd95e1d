import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  Menu,
  MessageChannelMain,
  type MessagePortMain,
  protocol,
  session,
  shell,
  utilityProcess,
  type WebContents,
} from 'electron';
import { createHostApp } from '#host/hostApp';
import type { Installation } from '#host/installation';
import { ENGINE_PORT_MESSAGE } from '#core/protocol/bridge';
import { toPlainError } from '#core/errors';
import { serveDesktopCalls } from './desktopCalls';
import { EngineProcess } from './engineProcess';
import { filesIn } from './openFiles';
import {
  APP_ORIGIN,
  APP_PRIVILEGES,
  APP_SCHEME,
  isAllowedOutside,
  isAllowedPermission,
  isOwnPage,
  windowOptions,
} from './security';

/** The desktop shell: one window, one engine process, the page over `app://`. */
export function startDesktop(installation: Installation): void {
  if (!app.requestSingleInstanceLock()) {
    process.send?.('already-open');
    app.quit();
    return;
  }
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { ...APP_PRIVILEGES } }]);
  // Chromium runs as root only without its sandbox; that switch and this call exclude each other.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  // macOS says which file was double-clicked before the app is ready.
  const early: string[] = [];
  const queue = (event: { preventDefault(): void }, path: string) => {
    event.preventDefault();
    early.push(path);
  };
  app.on('open-file', queue);
  void app.whenReady().then(() => {
    app.off('open-file', queue);
    runDesktop(installation, early);
  });
}

function runDesktop(installation: Installation, early: readonly string[]): void {
  const pending = [...early, ...filesIn(process.argv, app.getAppPath(), process.cwd())];
  const configuration = JSON.stringify({ ...installation.configuration, roots: [] });
  const engine = new EngineProcess<MessagePortMain>(
    () => utilityProcess.fork(installation.engineEntry, [configuration], { serviceName: 'Retake engine' }),
    { onGivenUp: (reason) => dialog.showErrorBox('Retake', `${reason.message} ${reason.hint ?? ''}`) },
  );
  const { pageFolder, uploadsFolder } = installation;
  const host = createHostApp({ engine, pageFolder, uploadsFolder });
  protocol.handle(APP_SCHEME, (request) => host.fetch(request));
  guardSession();
  Menu.setApplicationMenu(Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]));

  let window: BrowserWindow | undefined;
  async function openFile(path: string): Promise<void> {
    if (!window) return;
    try {
      window.webContents.send('openRequest', await engine.grant(path));
    } catch (error) {
      dialog.showErrorBox('Retake', toPlainError(error).message);
    }
  }
  serveDesktopCalls({
    window: () => window,
    engine,
    requestEnginePort: (page) => giveEnginePort(engine, page),
    readyForFiles: () => {
      for (const path of pending.splice(0)) void openFile(path);
    },
  });
  window = openWindow(join(installation.buildFolder, 'preload', 'index.cjs'));
  window.on('closed', () => {
    window = undefined;
  });
  app.on('second-instance', (_event, argv, folder) => {
    if (window?.isMinimized()) window.restore();
    window?.focus();
    for (const path of filesIn(argv, app.getAppPath(), folder)) void openFile(path);
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    void openFile(path);
  });
  app.on('window-all-closed', () => app.quit());
  // npm start is gone: a window that nobody can end from the terminal must not stay.
  process.on('disconnect', () => app.quit());
  app.on('before-quit', quitOnceStopped(engine));
}

/** A new line from the page straight to the engine: nothing of it passes through this process. */
function giveEnginePort(engine: EngineProcess<MessagePortMain>, page: WebContents): void {
  const { port1, port2 } = new MessageChannelMain();
  engine.connect(port1);
  page.postMessage(ENGINE_PORT_MESSAGE, null, [port2]);
}

/** Lets the engine save before the app ends; the second quit goes through. */
function quitOnceStopped(engine: { stop(): Promise<void> }): (event: { preventDefault(): void }) => void {
  let state: 'running' | 'stopping' | 'stopped' = 'running';
  return (event) => {
    if (state === 'stopped') return;
    event.preventDefault();
    if (state === 'stopping') return;
    state = 'stopping';
    void engine.stop().finally(() => {
      state = 'stopped';
      app.quit();
    });
  };
}

function guardSession(): void {
  const own = session.defaultSession;
  own.setPermissionRequestHandler((_contents, permission, answer) => answer(isAllowedPermission(permission)));
  own.setPermissionCheckHandler((_contents, permission) => isAllowedPermission(permission));
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.on('will-navigate', (event) => {
      if (!isOwnPage(event.url)) event.preventDefault();
    });
    contents.on('will-frame-navigate', (event) => {
      if (!isOwnPage(event.url)) event.preventDefault();
    });
    contents.setWindowOpenHandler(({ url }) => {
      if (isAllowedOutside(url)) void shell.openExternal(url);
      return { action: 'deny' };
    });
  });
}

function openWindow(preload: string): BrowserWindow {
  const window = new BrowserWindow(windowOptions(preload));
  window.once('ready-to-show', () => {
    window.show();
    // npm start waits for this word before it lets the window have the stage.
    process.send?.('window-shown');
  });
  reviveDeadPages(window);
  void window.loadURL(`${APP_ORIGIN}/index.html`);
  return window;
}

const PAGE_CRASHES = { most: 3, withinMs: 60_000 };

/** The document lives in the engine: a page whose process died comes back with everything, unless it keeps dying. */
function reviveDeadPages(window: BrowserWindow): void {
  let crashes: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    const now = Date.now();
    crashes = [...crashes.filter((at) => now - at < PAGE_CRASHES.withinMs), now];
    if (crashes.length <= PAGE_CRASHES.most) window.webContents.reload();
    else dialog.showErrorBox('Retake', `The window keeps failing (${reason}). Restart Retake; no edit was lost.`);
  });
}
