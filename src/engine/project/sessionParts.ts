import type { RunSettings } from '#core/document/schema';
import type { Problem } from '#core/protocol/messages';
import type { TrackerTrack } from '#core/tracks/track';
import type { ComputeLanes } from '../compute/lanes';
import type { WeightFacts } from '../estimation/estimator';
import type { FfmpegTool } from '../video/findFfmpeg';
import type { MediaFacts } from '../video/mediaFacts';
import type { ProjectBodies } from './projectBodies';
import type { ProjectFolder } from './projectFolder';
import type { ProjectLock } from './projectLock';

/** What a session is made of; whoever opens a project gathers it. */
export interface SessionParts {
  folder: ProjectFolder;
  media: MediaFacts;
  ffmpeg: FfmpegTool;
  lanes: ComputeLanes;
  bodies: ProjectBodies;
  /** What is known of the user's own weights that settings run with. */
  weightsOf: (settings: RunSettings) => WeightFacts;
  lock: ProjectLock | undefined;
  readOnly: Problem | undefined;
  /** Boxes given from a file: they stand in for detector and tracker. */
  givenTracks?: TrackerTrack[];
}
