import type { BrowserWindowConstructorOptions } from 'electron';

/** The page's origin on the desktop. */
export const APP_SCHEME = 'app';
/** Host part of the page's address. */
export const APP_HOST = 'retake';
/** Address of the page. */
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;

/** Privileges of `app://` (Electron security checklist 18): a normal secure origin, never past the CSP. */
export const APP_PRIVILEGES = {
  standard: true,
  secure: true,
  supportFetchAPI: true,
  stream: true,
  codeCache: true,
} as const;

/** Options of every window (checklist items 2, 3, 4, 6, 9, 10); `preload` is the built script. */
export function windowOptions(preload: string): BrowserWindowConstructorOptions {
  return {
    width: 1440,
    height: 900,
    minWidth: 1180,
    minHeight: 680,
    show: false,
    backgroundColor: '#16181c',
    title: 'Retake',
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      v8CacheOptions: 'code',
    },
  };
}

const ALLOWED_PERMISSIONS = new Set(['fullscreen', 'clipboard-sanitized-write']);

/** Whether the page may have a permission (checklist 5). */
export function isAllowedPermission(permission: string): boolean {
  return ALLOWED_PERMISSIONS.has(permission);
}

/** Whether a navigation stays on the page's own origin (checklist 13). */
export function isOwnPage(url: string): boolean {
  return url === APP_ORIGIN || url.startsWith(`${APP_ORIGIN}/`);
}

const OUTSIDE_HOSTS = new Set([
  'github.com',
  'smpl.is.tue.mpg.de',
  'smplify.is.tue.mpg.de',
  'nodejs.org',
  'ffmpeg.org',
]);

/** Whether a link may be handed to the system's browser (checklist 14, 15): https and on the list. */
export function isAllowedOutside(url: string): boolean {
  try {
    const { protocol, hostname } = new URL(url);
    return protocol === 'https:' && OUTSIDE_HOSTS.has(hostname);
  } catch {
    return false;
  }
}
