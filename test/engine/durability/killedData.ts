import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { brokenInvariants } from '#core/tracks/invariants';
import { exportTracks } from '#engine/pipeline/exchangeTracks';
import { projectFolder } from '#engine/project/projectFolder';
import type { ProjectSession } from '#engine/project/projectSession';
import { readStoredBundle } from '#engine/project/storedBundle';
import type { Workspace } from '#engine/workspace';
import { documentOf } from '../project/documents';
import { digestOf } from './editor';
import { keptDigests } from './keptDigests';
import { type Counts, digestsFrom } from './killing';
import type { Told } from './toldLines';

type Document = ReturnType<typeof documentOf>;

/** One data folder whose engines are killed one after the other. */
export class KilledData {
  root: string | undefined;
  private observed = new Set<string>();
  private detected = 0;
  private solved = new Map<string, number>();
  private models: string[] = [];
  private kept: Record<string, string> = {};
  private tracks = new Map<string, string>();
  private firsts = new Map<string, Document>();

  constructor(
    private readonly counts: Counts,
    private readonly wrong: (what: string) => void,
  ) {}

  /** Notes what an engine told; what was kept before it must not have been asked for again. */
  hear(told: readonly Told[], isRun: boolean): void {
    const keptBefore = { observed: new Set(this.observed), detected: this.detected };
    for (const line of told) {
      if (line.what === 'detected') this.detected = line.frames;
      if (line.what === 'observed') this.observed.add(line.of);
      if (line.what === 'solved' && isRun) this.solved.set(line.person, line.rows);
      if (line.what === 'models') this.models = line.ids;
      if (line.what === 'kept') this.kept = line.runs;
      if (line.what === 'tracks') this.tracks.set(line.path, line.sha256);
      if (line.what === 'removing' && line.of === 'models') this.models = [];
      if (line.what === 'removing' && line.of === 'kept') this.kept = {};
      if (line.what !== 'asked') continue;
      if (keptBefore.observed.has(line.of)) this.wrong(`${line.of.slice(0, 40)} was kept and asked again`);
      const frame = Number(/^detect (\d+)/.exec(line.of)?.[1] ?? Infinity);
      if (frame < keptBefore.detected) this.wrong(`frame ${frame} was searched again`);
    }
  }

  /** Compares the edits that were told with the journal as the killed engine left it. */
  compareEdits(told: readonly Told[]): void {
    if (this.root === undefined) return;
    const digests = digestsFrom(projectFolder(this.root), { seq: 0, document: this.first(this.root) });
    for (const line of told) {
      if (line.what !== 'edit') continue;
      this.counts.acknowledged += 1;
      if (digests.get(line.seq) === line.digest) this.counts.found += 1;
      else this.wrong(`edit ${line.seq} is ${digests.has(line.seq) ? 'another' : 'lost'}`);
    }
  }

  /** The document that a project began with: journals of these short lives are never cut. */
  private first(root: string): Document {
    const known = this.firsts.get(root);
    if (known) return known;
    const now = JSON.parse(readFileSync(projectFolder(root).document, 'utf8')) as { document: Document };
    const { settings, people: _people, nextNumber: _next, ...same } = now.document;
    const first = { ...same, settings, people: [], nextNumber: 1, name: 'clip' };
    this.firsts.set(root, first);
    return first;
  }

  /** Compares what the next engine finds with what was told. */
  compareOpened(session: ProjectSession, told: readonly Told[]): void {
    const { document, store, motion } = session;
    if (session.parts.readOnly) this.wrong(`opened for reading only: ${session.parts.readOnly.message}`);
    for (const what of brokenInvariants(document)) this.wrong(what);
    const last = told.findLast((line) => line.what === 'edit');
    if (last && store.seq < last.seq) this.wrong(`opened at ${store.seq} after ${last.seq} was acknowledged`);
    if (last && store.seq === last.seq && digestOf(document) !== last.digest) this.wrong('opened as another document');
    const { warnings } = session.snapshot();
    if (warnings.some((warning) => !warning.includes('last edit'))) this.wrong(warnings.join(' '));
    if (warnings.length > 0) this.counts.torn += 1;
    if (session.results().detectedFrames < this.detected)
      this.wrong(`only ${session.results().detectedFrames} of ${this.detected} searched frames are there`);
    for (const [person, rows] of this.solved) {
      const found = motion.get(person)?.keys.filter((key) => key !== 0).length ?? 0;
      if (found < rows) this.wrong(`${found} of ${rows} finished rows of a person are there`);
    }
    const runs = keptDigests(session);
    for (const [id, digest] of Object.entries(this.kept)) {
      if (runs[id] !== digest) this.wrong(`the kept run ${id} is ${runs[id] === undefined ? 'gone' : 'another'}`);
    }
    for (const path of damagedBundles(session.parts.folder.root)) this.wrong(`${path} is damaged`);
  }

  /**
   * Compares the installed parts and the files of tracks with what was told. A file of tracks may be the one after the last
   * that was told: it was written from the document as it stands.
   */
  compareFiles(workspace: Workspace, session: ProjectSession): void {
    const parts = workspace.models.store.list();
    for (const { id, problem } of parts) if (problem !== undefined) this.wrong(`${id}: ${problem}`);
    const ids = new Set(parts.map(({ id }) => id));
    for (const id of this.models) if (!ids.has(id)) this.wrong(`the installed part ${id} is gone`);
    for (const [path, sha256] of this.tracks) {
      if (!existsSync(path)) this.wrong(`${path} is gone`);
      else if (hashOf(path) !== sha256 && !isOfNow(session, path)) this.wrong(`${path} is not what was told`);
      if (existsSync(path)) this.tracks.set(path, hashOf(path));
    }
  }

  /** The next engine begins with another data folder. */
  forget(): void {
    this.root = undefined;
    this.observed.clear();
    this.detected = 0;
    this.solved.clear();
    this.models = [];
    this.kept = {};
    this.tracks.clear();
  }
}

/** Digest of a file, as engines tell it. */
export function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16);
}

function isOfNow(session: ProjectSession, path: string): boolean {
  const format = /_tracks_([\w-]+)\.\w+$/.exec(path)?.[1] ?? '';
  const fresh = `${path}.fresh`;
  exportTracks(session, format, fresh);
  return hashOf(fresh) === hashOf(path);
}

/** Files of arrays below a project that do not pass their checksum. */
function damagedBundles(root: string): string[] {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => {
    if (!name.endsWith('.bundle') || /(^|[\\/])\./.test(name)) return false;
    try {
      readStoredBundle(join(root, name));
      return false;
    } catch {
      return true;
    }
  });
}
