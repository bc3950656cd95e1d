import type { ProjectDocument, RunSettings } from '#core/document/schema';
import type { TrackTable } from '#core/tracks/effectiveBoxes';
import type { TrackerTrack } from '#core/tracks/track';
import { findDetector } from '../detection/registry';
import { findTracker } from '../tracking/registry';
import type { TrackerInput } from '../tracking/tracker';
import { trackShots } from '../tracking/trackShots';
import type { AdoptedTracks } from './adoptedTracks';
import type { DetectionStore } from './detectionStore';
import type { ImportedTracks } from './importedTracks';

const GIVEN = 'given';

function sourceOf(settings: RunSettings): string {
  const detector = findDetector(settings.detector);
  const tracker = findTracker(settings.tracker);
  return `${detector.id}-${detector.version} ${tracker.id}-${tracker.version}`;
}

/** New tracks, to take the place of those that people refer to. */
export interface NextTracks {
  tracks: readonly TrackerTrack[];
  source: string;
  /** Frames that the detector had been through. */
  frames: number;
}

/**
 * The tracks that the people of a document refer to. They are made from the detections, or given, or (until another
 * detector has been through the whole clip) those of the detector before.
 */
export class ProjectTracks {
  /** Sentences about tracks that could not be read. */
  readonly warnings: readonly string[];
  private list: readonly TrackerTrack[];
  private source: string;
  private frames: number;
  private byId: TrackTable;
  private raised = 1;
  private savedVersion = 1;
  /** Number of the change that took the tracks over. */
  private adoptedBy: number;

  /**
   * `given` are boxes from a file; they stay the project's until other ones are given. `document` is the one whose people
   * follow the tracks.
   */
  constructor(
    private readonly adopted: AdoptedTracks,
    private readonly imported: ImportedTracks,
    private readonly clip: Omit<TrackerInput, 'detections'>,
    private given: readonly TrackerTrack[] | undefined,
    { settings, people, nextNumber }: ProjectDocument,
    detections: DetectionStore,
  ) {
    const stored = adopted.read();
    this.warnings = stored ? [] : adopted.warnings();
    const source = sourceOf(settings);
    const isOther = stored !== undefined && stored.source !== source;
    if (isOther && stored.source === GIVEN) this.given ??= stored.tracks;
    // A document that never had anybody follows nothing yet, whatever was detected.
    const isFresh = people.length === 0 && nextNumber === 1;
    this.list = isFresh ? [] : isOther ? stored.tracks : this.track(settings, detections);
    this.source = isOther ? stored.source : source;
    this.frames = isOther || isFresh ? 0 : detections.detectedFrames;
    this.byId = this.tableOf(this.list);
    this.adoptedBy = stored?.seq ?? 0;
    // Given for the first time in this session: to be adopted.
    this.isAdopted = given === undefined;
  }

  private isAdopted: boolean;

  get tracks(): readonly TrackerTrack[] {
    return this.list;
  }

  get table(): TrackTable {
    return this.byId;
  }

  /** Raised when tracks changed: part of their address. */
  get version(): number {
    return this.raised;
  }

  /** True when boxes were given and no detector is to run. */
  get isGiven(): boolean {
    return this.given !== undefined;
  }

  /**
   * What the detections make of tracks now: `current` when nothing is newer, `pending` while tracks of another source
   * still stand because the detector has not been through the clip.
   */
  next(settings: RunSettings, detections: DetectionStore): NextTracks | 'current' | 'pending' {
    if (this.given) return this.isAdopted ? 'current' : { tracks: this.given, source: GIVEN, frames: 0 };
    const source = sourceOf(settings);
    const frames = detections.detectedFrames;
    if (source === this.source && frames === this.frames) return 'current';
    if (source !== this.source && this.list.length > 0 && frames < this.clip.frameCount) return 'pending';
    return { tracks: this.track(settings, detections), source, frames };
  }

  /**
   * Puts new tracks in place: what the detections do not give is kept first, then `follow` lets the document take it over as
   * change `seq`. @throws AppError DISK_FULL, READ_ONLY; everything is as it was then
   */
  adopt({ tracks, source, frames }: NextTracks, seq: number, follow: () => void): void {
    const isKept = source === GIVEN || source !== this.source;
    if (isKept) this.adopted.write(seq, { source, tracks: [...tracks] });
    try {
      follow();
    } catch (error) {
      if (isKept && seq !== this.adoptedBy) this.adopted.withdraw(seq);
      throw error;
    }
    this.list = tracks;
    this.source = source;
    this.frames = frames;
    this.byId = this.tableOf(tracks);
    this.isAdopted = true;
    this.adoptedBy = seq;
    this.raised += 1;
    if (!isKept) return;
    this.savedVersion = this.raised;
    this.adopted.keepOnly(seq);
  }

  /** Adds tracks from a file, beside those of the tracker. @throws AppError DISK_FULL, READ_ONLY. */
  addImported(tracks: readonly TrackerTrack[], source: string): TrackerTrack[] {
    const added = this.imported.add(tracks, source);
    this.byId = this.tableOf(this.list);
    this.raised += 1;
    return added;
  }

  /** Keeps the tracks for builds that could not make them again. @throws AppError DISK_FULL, READ_ONLY. */
  save(): void {
    if (this.savedVersion === this.raised) return;
    this.adopted.write(this.adoptedBy, { source: this.source, tracks: [...this.list] });
    this.savedVersion = this.raised;
    this.adopted.keepOnly(this.adoptedBy);
  }

  private tableOf(tracks: readonly TrackerTrack[]): TrackTable {
    return new Map([...tracks, ...this.imported.tracks].map((track) => [track.id, track]));
  }

  private track(settings: RunSettings, detections: DetectionStore): TrackerTrack[] {
    const input = { ...this.clip, detections: detections.detections };
    return trackShots(findTracker(settings.tracker), input, detections.cuts);
  }
}
