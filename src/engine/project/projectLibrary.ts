import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { DEFAULT_RUN_SETTINGS, DOCUMENT_VERSION, type ProjectDocument } from '#core/document/schema';
import { shortName } from '../export/safeNames';
import type { MediaFacts } from '../video/mediaFacts';
import { DocumentStore } from './documentStore';
import { factsAt } from './factsAt';
import { mediaPath } from './mediaFile';
import { PROJECT_EXTENSION, projectFolder } from './projectFolder';
import { readSnapshot } from './snapshot';

function nameOf(media: MediaFacts): string {
  return basename(media.path, extname(media.path)) || 'video';
}

/** True when the project in `root` was made from this content; false when there is none or it cannot be read. */
function isProjectOf(root: string, media: MediaFacts): boolean {
  try {
    const reference = readSnapshot(projectFolder(root)).document.media;
    return reference.fingerprint === media.fingerprint.sampledHash && reference.ptsHash === media.ptsHash;
  } catch {
    return false;
  }
}

/**
 * The folder of a video's project below `projects`: the one that stands for the same content, whatever the video is
 * called now, or a new one with its first snapshot. The name holds the begin of the content's hash. `onMade` is told a new
 * one's folder before anything is in it.
 * @throws AppError when the folder cannot be written.
 */
export function projectRootOf(projects: string, media: MediaFacts, onMade?: (root: string) => void): string {
  const short = media.fingerprint.sampledHash.slice(0, 8);
  const name = nameOf(media);
  const stem = `${shortName(name.replace(/[^\p{L}\p{N} _-]/gu, '_'))}-${short}`;
  const own = join(projects, stem + PROJECT_EXTENSION);
  if (isProjectOf(own, media)) return own;
  const names = existsSync(projects) ? readdirSync(projects) : [];
  const alike = names.filter((entry) => entry.includes(`-${short}`) && entry.endsWith(PROJECT_EXTENSION));
  const found = alike.map((entry) => join(projects, entry)).find((root) => isProjectOf(root, media));
  if (found) return found;
  // Taken by a video that begins like this one.
  const isTaken = existsSync(projectFolder(own).document) && isReadable(own);
  const root = isTaken ? join(projects, `${stem}${media.ptsHash.slice(0, 8)}${PROJECT_EXTENSION}`) : own;
  if (!existsSync(projectFolder(root).document)) {
    if (!existsSync(root)) onMade?.(root);
    DocumentStore.create(projectFolder(root), newDocument(name, media, root));
  }
  return root;
}

function isReadable(root: string): boolean {
  try {
    readSnapshot(projectFolder(root));
    return true;
  } catch {
    return false;
  }
}

function newDocument(name: string, media: MediaFacts, root: string): ProjectDocument {
  return {
    schemaVersion: DOCUMENT_VERSION,
    id: randomUUID(),
    name,
    createdAt: new Date().toISOString(),
    media: {
      path: relative(dirname(root), resolve(media.path)),
      size: media.fingerprint.size,
      fingerprint: media.fingerprint.sampledHash,
      ptsHash: media.ptsHash,
      width: media.width,
      height: media.height,
      frameCount: media.frameCount,
    },
    settings: DEFAULT_RUN_SETTINGS,
    people: [],
    nextNumber: 1,
  };
}

/**
 * Writes down where a project's video is now, when it is not where the project says any more. Saved at once: the next
 * opening looks for the video before it reads the journal. What stands where it was is another video when somebody `located` it.
 */
export function followMovedMedia(store: DocumentStore, root: string, media: MediaFacts, located = false): void {
  const { media: reference } = store.document;
  const known = mediaPath(projectFolder(root), reference);
  if (known === resolve(media.path)) return;
  const facts = factsAt(known);
  if (!located && facts && (facts.isDirectory() || facts.size === reference.size)) return;
  const path = relative(dirname(root), resolve(media.path));
  store.applySystem({
    label: 'Video found at its new place',
    patches: [{ op: 'replace', path: ['media', 'path'], value: path }],
    inverse: [{ op: 'replace', path: ['media', 'path'], value: reference.path }],
  });
  store.save();
}
