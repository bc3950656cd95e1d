import { z } from 'zod';

/**
 * What the desktop's preload script offers the page as `window.retake`: functions only, never `ipcRenderer`, and tokens,
 * never paths. The line to the engine arrives as a DOM message event: see {@link ENGINE_PORT_MESSAGE}.
 */
export interface DesktopBridge {
  /** `linux`, `darwin` or `win32`: for key names. */
  readonly platform: string;
  /** Asks for a new line to the engine; it arrives as a window message with the port. */
  requestEnginePort(): void;
  /** The system's dialog for a video or a project; the token of what was chosen, or undefined. */
  openMedia(kind: 'video' | 'folder' | 'project'): Promise<string | undefined>;
  /** The system's dialog for model files, several at once; tokens of what was chosen. */
  chooseModels(): Promise<string[]>;
  /** A token for a file dropped on the page. @throws when the file has no path (made by a page). */
  grantDropped(file: unknown): Promise<string>;
  /** Shows an exported file in the system's file manager. */
  revealExport(jobId: string, name: string): Promise<void>;
  setTitle(title: string): void;
  /** Progress on the dock or task bar, 0 to 1; undefined takes it away. */
  setProgress(share: number | undefined): void;
  /** Calls `listener` with the token of a file that the system asks Retake to open; returns its end. */
  onOpenRequest(listener: (token: string) => void): () => void;
}

/** `data` of the window message that carries the engine port on the desktop. */
export const ENGINE_PORT_MESSAGE = 'retake-engine-port';

/** Channels between preload and main, with what may be sent on each; main checks every message against these. */
export const desktopChannels = {
  requestEnginePort: z.undefined(),
  /** The page listens for files that the system wants opened; those that came before wait for this. */
  readyForFiles: z.undefined(),
  chooseModels: z.undefined(),
  openMedia: z.enum(['video', 'folder', 'project']),
  grantDropped: z.string().min(1).max(32_768),
  revealExport: z.tuple([z.string().max(200), z.string().max(1_000)]),
  setTitle: z.string().max(500),
  setProgress: z.number().min(0).max(1).optional(),
} as const;

/** Name of a channel from page to main. */
export type DesktopChannel = keyof typeof desktopChannels;
