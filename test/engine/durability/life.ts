import type { EngineConfiguration } from '#core/protocol/engineMessages';

/** What an engine does until it is killed. */
export type Act = 'run' | 'models' | 'tracks' | 'export' | 'kept' | 'everything';

/** What an engine that is to be killed is told at birth. */
export interface Life {
  act: Act;
  seed: number;
  /** Its data folder. */
  data: string;
  video: string;
  /** The project, once there is one; else the video is opened. */
  root?: string;
  /** Files of models to import. */
  modelFiles: string[];
  /** MOTChallenge boxes to import. */
  tracksFile: string;
  /** Folder of the converted networks: exports name them. */
  modelsFolder: string;
  defaultBodyFile: string;
  computeEntry: string;
}

/** The engine of such a life, and the one that opens the project after it. */
export function configurationOf(life: Life): EngineConfiguration {
  const { data, modelsFolder, defaultBodyFile, computeEntry } = life;
  return { appVersion: '0', dataFolder: data, modelsFolder, defaultBodyFile, computeEntry, roots: [] };
}
