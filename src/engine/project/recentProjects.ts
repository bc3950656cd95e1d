import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RecentProject } from '#core/protocol/messages';
import { detectedFramesByName } from './detectionStore';
import { PROJECT_EXTENSION, type ProjectFolder, projectFolder } from './projectFolder';
import { readSnapshot } from './snapshot';

const MOST = 20;

/** Projects below `projects`, newest change first; folders that cannot be read are left out. `only` names one folder. */
export function readRecentProjects(projects: string, only?: string): RecentProject[] {
  if (!existsSync(projects)) return [];
  const names = only === undefined ? readdirSync(projects) : [only];
  const found = names.flatMap((name) => (name.endsWith(PROJECT_EXTENSION) ? readOne(join(projects, name)) : []));
  return found.sort((a, b) => b.changedAt.localeCompare(a.changedAt)).slice(0, MOST);
}

function readOne(root: string): RecentProject[] {
  const folder = projectFolder(root);
  try {
    const { id, name, media, people, settings } = readSnapshot(folder).document;
    const changed = [folder.document, folder.journal].filter(existsSync).map((path) => statSync(path).mtimeMs);
    return [
      {
        projectId: id,
        name,
        frameCount: media.frameCount,
        people: people.filter((person) => person.foldedBecause === undefined).length,
        changedAt: new Date(Math.max(...changed)).toISOString(),
        ...interruption(folder, settings.detector, media.frameCount),
      },
    ];
  } catch {
    return [];
  }
}

/** Says of a project whose search for people was stopped how far it went. */
function interruption(folder: ProjectFolder, detector: string, frameCount: number): { note?: string } {
  const folders = existsSync(folder.detections) ? readdirSync(folder.detections) : [];
  const own = folders.filter((name) => name.startsWith(`${detector}-`));
  const frames = Math.max(0, ...own.map((name) => detectedFramesByName(join(folder.detections, name))));
  if (frames === 0 || frames >= frameCount) return {};
  return { note: `Interrupted at ${Math.floor((frames / frameCount) * 100)} %, can resume` };
}
