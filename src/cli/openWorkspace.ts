import { Workspace } from '#engine/workspace';
import { findInstallation, findRoot } from '#host/installation';

/** A workspace in this very thread, for one command; `dispose` ends its threads and children. */
export function openWorkspace(): { workspace: Workspace; dispose: () => Promise<void> } {
  const installation = findInstallation(findRoot(import.meta.dirname));
  const workspace = new Workspace({ ...installation.configuration, roots: [] });
  return { workspace, dispose: () => workspace.stop() };
}
