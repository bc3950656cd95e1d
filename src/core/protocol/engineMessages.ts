/** What the bulk plane answers to a path below `/bulk/`. */
export interface BulkReply {
  status: number;
  headers: Record<string, string>;
  /** The answer, or… */
  body?: Uint8Array<ArrayBuffer>;
  /** …a file to stream as the answer. */
  file?: string;
}

/** What an engine must be told at birth; plain data. */
export interface EngineConfiguration {
  appVersion: string;
  /** Where projects, uploads, settings and exports live. */
  dataFolder: string;
  /** Folder of the converted networks. */
  modelsFolder: string;
  /** File of the default body. */
  defaultBodyFile: string;
  /** The sample clip, where it is installed. */
  sampleFile?: string;
  /** Built file of the compute thread. */
  computeEntry: string;
  /** Built file of the throw-away process that tries devices; everything runs on the CPU without it. */
  probeEntry?: string;
  /** Folders that may be browsed from the page; empty where the shell has a dialog of its own. */
  roots: string[];
  /** ffmpeg chosen in the settings. */
  ffmpegPath?: string;
}

/** Shell to engine, over the parent port. */
export type EngineRequest =
  | { type: 'connect' }
  | { type: 'bulk'; id: number; path: string }
  | { type: 'cancelBulk'; id: number }
  | { type: 'grant'; id: number; path: string }
  | { type: 'stop' };

/** Engine to shell, over the parent port. */
export type EngineNotice =
  | { type: 'ready' }
  | { type: 'bulk'; id: number; reply: BulkReply }
  | { type: 'granted'; id: number; token: string }
  | { type: 'stopped' };
