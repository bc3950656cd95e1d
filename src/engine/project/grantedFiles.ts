import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, extname, join, sep } from 'node:path';
import { AppError } from '#core/errors';
import type { Folder } from '#core/protocol/messages';
import { factsAt } from './factsAt';
import { PROJECT_EXTENSION } from './projectFolder';

const VIDEO_EXTENSIONS = new Set(
  '.mp4 .mov .m4v .mkv .webm .avi .mpg .mpeg .ts .mts .m2ts .wmv .flv .3gp .ogv .gif'.split(' '),
);
const IMAGE_EXTENSIONS = new Set('.jpg .jpeg .png'.split(' '));
const MODEL_EXTENSIONS = new Set('.pkl .npz .npy .pth .pt .tar .zip'.split(' '));
const MAX_ENTRIES = 2_000;
/** Token of the list of roots, where there are several. */
const ROOTS = 'roots';

/**
 * Paths that the page may name, by opaque token. The page never sees or sends a path: it gets tokens from browsing
 * below the roots, from an upload, or from the shell for what a person chose in a dialog.
 */
export class GrantedFiles {
  private readonly paths = new Map<string, string>();
  private readonly tokens = new Map<string, string>();
  /** Tokens that a person's choice stands behind, not only the listing of a folder. */
  private readonly chosen = new Set<string>();
  private readonly roots: string[];

  /** Roots that do not exist are left out. */
  constructor(roots: readonly string[]) {
    this.roots = roots.filter((root) => existsSync(root)).map((root) => realpathSync(root));
  }

  /** A token for a path a person chose; the same path gets the same token. */
  grant(path: string): string {
    const token = this.tokenOf(path);
    this.chosen.add(token);
    return token;
  }

  private tokenOf(path: string): string {
    const known = this.tokens.get(path);
    if (known) return known;
    const token = randomUUID();
    this.paths.set(token, path);
    this.tokens.set(path, token);
    return token;
  }

  /**
   * The path of a token. @throws AppError NOT_FOUND for a token this engine did not give, and for a listed path that
   * leads out of the roots by now.
   */
  resolve(token: string): string {
    const path = this.paths.get(token);
    if (path === undefined || (!this.chosen.has(token) && !this.isAllowed(path))) {
      throw new AppError('NOT_FOUND', 'This file is not open to Retake any more.', { hint: 'Choose the file again.' });
    }
    return path;
  }

  /**
   * Lists folders, videos, image folders and projects of a folder below the roots, or folders and what may be models;
   * links that lead out are left out.
   * @throws AppError FORBIDDEN outside the roots, NOT_FOUND for an unreadable folder.
   */
  browse(token?: string, show: 'videos' | 'models' = 'videos'): Folder {
    if (token === ROOTS || (token === undefined && this.roots.length !== 1)) return this.listRoots();
    const path = token === undefined ? (this.roots[0] ?? '') : this.resolve(token);
    if (!this.isAllowed(path)) throw new AppError('FORBIDDEN', 'This folder is outside the folders Retake may show.');
    return {
      token: this.tokenOf(path),
      name: basename(path) || path,
      ...this.parentOf(path),
      entries: this.list(path, show),
    };
  }

  private parentOf(path: string): { parent?: string } {
    const parent = dirname(path);
    if (parent !== path && this.isAllowed(parent)) return { parent: this.tokenOf(parent) };
    return this.roots.length > 1 ? { parent: ROOTS } : {};
  }

  private listRoots(): Folder {
    const entries = this.roots.map((path) => ({ token: this.tokenOf(path), name: path, kind: 'folder' as const }));
    return { token: ROOTS, name: 'Folders', entries };
  }

  private isAllowed(path: string): boolean {
    try {
      const real = realpathSync(path);
      return this.roots.some((root) => real === root || real.startsWith(root.endsWith(sep) ? root : root + sep));
    } catch {
      return false;
    }
  }

  private list(folder: string, show: 'videos' | 'models'): Folder['entries'] {
    let names: string[];
    try {
      names = readdirSync(folder).filter((name) => !name.startsWith('.'));
    } catch {
      throw new AppError('NOT_FOUND', `The folder ${basename(folder)} cannot be read.`);
    }
    names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    return names.slice(0, MAX_ENTRIES).flatMap((name): Folder['entries'] => {
      const path = join(folder, name);
      const facts = factsAt(path);
      if (!facts || !this.isAllowed(path)) return [];
      if (facts.isFile()) {
        const extensions = show === 'models' ? MODEL_EXTENSIONS : VIDEO_EXTENSIONS;
        if (!extensions.has(extname(name).toLowerCase())) return [];
        const kind = show === 'models' ? 'model' : 'video';
        return [{ token: this.tokenOf(path), name, kind, bytes: facts.size }];
      }
      if (!facts.isDirectory()) return [];
      const kind = show === 'models' ? 'folder' : folderKind(path, name);
      return [{ token: this.tokenOf(path), name, kind }];
    });
  }
}

function folderKind(path: string, name: string): 'folder' | 'project' | 'images' {
  if (name.endsWith(PROJECT_EXTENSION)) return 'project';
  try {
    const images = readdirSync(path).filter((entry) => IMAGE_EXTENSIONS.has(extname(entry).toLowerCase()));
    return images.length >= 2 && images.every((entry) => /\d/.test(entry)) ? 'images' : 'folder';
  } catch {
    return 'folder';
  }
}
