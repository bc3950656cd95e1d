import type { EngineConnection } from '../session/engineClient';

/**
 * The page's only platform seam. Members that a platform lacks are absent, and what needs them hides itself.
 */
export interface Shell {
  kind: 'browser' | 'desktop';
  /** A line to the engine that lasts as long as the page. */
  connect(): Promise<EngineConnection>;
  /**
   * A native dialog for a video or project; resolves with a token for `projects.open`, or undefined when cancelled. Absent
   * where the server-side browser (`files.browse`) or an upload takes its place.
   */
  openMedia?(kind: 'video' | 'folder' | 'project'): Promise<string | undefined>;
  /**
   * A native dialog for model files, several at once; resolves with their tokens, none when cancelled. Absent where files
   * are sent or found in the engine's folders.
   */
  chooseModels?(): Promise<string[]>;
  /**
   * Makes a dropped or chosen file known to the engine and resolves with its token. In a browser this uploads it;
   * `onProgress` gets 0 to 1. @throws AppError when it cannot be taken.
   */
  grantFile(file: File, onProgress: (fraction: number) => void, signal: AbortSignal): Promise<string>;
  /** Progress outside the page: 0 to 1, or undefined for none. */
  setProgress?(fraction: number | undefined): void;
  /** Shows an exported file where it lies; absent in a browser, which downloads. */
  revealExport?(jobId: string, name: string): void;
  /** Tells of files the system wants opened. */
  onOpenRequest?(listener: (token: string) => void): void;
}
