import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ProjectDocument } from '#core/document/schema';
import { DocumentStore } from '#engine/project/documentStore';
import { type ProjectFolder, projectFolder } from '#engine/project/projectFolder';

/** A folder that is gone after the test. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'retake-project-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A project folder with a first snapshot. */
export function newProject(document: ProjectDocument, root = join(scratchFolder(), 'clip.retake')): ProjectFolder {
  const folder = projectFolder(root);
  DocumentStore.create(folder, document);
  return folder;
}
