import { join } from 'node:path';

/** Extension of a project folder. */
export const PROJECT_EXTENSION = '.retake';

/** Places inside a project folder. */
export interface ProjectFolder {
  root: string;
  /** Snapshot of the document, replaced atomically. */
  document: string;
  /** Edits since that snapshot and before it: append-only. */
  journal: string;
  rejected: string;
  /** Facts of the media (pts table), so that opening needs no second look at the video. */
  media: string;
  lock: string;
  /** Detections by chunk of frames: derived, costly, kept. */
  detections: string;
  /** Tracks that people refer to, where they cannot be made again from the detections, by the change that took them over. */
  tracks: string;
  /** The same in projects of earlier versions: one file. */
  tracksFile: string;
  /** Tracks from files of other programs, one bundle an import: not to be made again. */
  imports: string;
  /** Motion by person and chunk: derived, costly, kept. */
  results: string;
  /** Runs that were kept to be compared with. */
  runs: string;
  /** Where exports go unless another folder is asked for. */
  exports: string;
  /** Observations, overwritten motion, JPEG previews: deletable at any time. */
  cache: string;
}

/** Names the places of a project folder. */
export function projectFolder(root: string): ProjectFolder {
  return {
    root,
    document: join(root, 'project.json'),
    journal: join(root, 'edits.jsonl'),
    rejected: join(root, 'edits.rejected.jsonl'),
    media: join(root, 'media.json'),
    lock: join(root, 'lock'),
    detections: join(root, 'detections'),
    tracks: join(root, 'tracks'),
    tracksFile: join(root, 'tracks.bundle'),
    imports: join(root, 'imports'),
    results: join(root, 'results'),
    runs: join(root, 'runs'),
    exports: join(root, 'exports'),
    cache: join(root, 'cache'),
  };
}
