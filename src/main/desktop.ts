import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  Menu,
  MessageChannelMain,
  protocol,
  session,
  shell,
  utilityProcess,
} from 'electron';
import { createHostApp } from '#host/hostApp';
import type { Installation } from '#host/installation';
import type { EngineHost } from '#host/engineHost';
import { ENGINE_PORT_MESSAGE } from '#core/protocol/bridge';
import { serveDesktopCalls } from './desktopCalls';
import { EngineProcess } from './engineProcess';
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
    app.quit();
    return;
  }
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { ...APP_PRIVILEGES } }]);
  app.enableSandbox();
  void app.whenReady().then(() => runDesktop(installation));
}

function runDesktop(installation: Installation): void {
  let window: BrowserWindow | undefined;
  const pending: string[] = filesIn(process.argv.slice(1));
  const configuration = JSON.stringify({ ...installation.configuration, roots: [] });
  const engine = new EngineProcess(
    { fork: () => utilityProcess.fork(installation.engineEntry, [configuration], { serviceName: 'Retake engine' }) },
    () => giveEnginePort(),
    (reason) => dialog.showErrorBox('Retake', `${reason.message} ${reason.hint ?? ''}`),
  );
  const host = createHostApp({
    engine: engineAsHost(engine),
    pageFolder: installation.pageFolder,
    uploadsFolder: installation.uploadsFolder,
  });
  protocol.handle(APP_SCHEME, (request) => host.fetch(request));

  function giveEnginePort(): void {
    if (!window) return;
    const { port1, port2 } = new MessageChannelMain();
    engine.connect(port1);
    window.webContents.postMessage(ENGINE_PORT_MESSAGE, null, [port2]);
  }
  async function openFile(path: string): Promise<void> {
    if (!window) pending.push(path);
    else window.webContents.send('openRequest', await engine.grant(path));
  }

  guardSession();
  Menu.setApplicationMenu(Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]));
  serveDesktopCalls({ window: () => window, engine, requestEnginePort: giveEnginePort });
  window = openWindow(join(installation.buildFolder, 'preload', 'index.cjs'));
  window.webContents.on('did-finish-load', () => {
    for (const path of pending.splice(0)) void openFile(path);
  });
  app.on('second-instance', (_event, argv) => {
    window?.focus();
    for (const path of filesIn(argv.slice(1))) void openFile(path);
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    void openFile(path);
  });
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', quitOnceStopped(engine));
}

/** Arguments that name files; switches, and the folder of the app in a checkout, are not. */
function filesIn(argv: readonly string[]): string[] {
  return argv.filter((argument) => !argument.startsWith('-') && /\.\w+$/.test(argument));
}

/** Lets the engine save before the app ends; the second quit goes through. */
function quitOnceStopped(engine: EngineProcess): (event: { preventDefault(): void }) => void {
  let isStopped = false;
  return (event) => {
    if (isStopped) return;
    event.preventDefault();
    void engine.stop().finally(() => {
      isStopped = true;
      app.quit();
    });
  };
}

/** The host app needs bulk answers and tokens only: control lines go from page to engine directly. */
function engineAsHost(engine: EngineProcess): EngineHost {
  return {
    connect: () => {
      throw new Error('on the desktop the page connects over its own port');
    },
    bulk: (path, signal) => engine.bulk(path, signal),
    grant: (path) => engine.grant(path),
    stop: () => engine.stop(),
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
  void window.loadURL(`${APP_ORIGIN}/index.html`);
  return window;
}
