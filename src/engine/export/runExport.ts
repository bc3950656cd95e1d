import { Breather } from './breather';
import type { ExportClip } from './exportClip';
import type { ExportPlan, ExportProgress, Exporter } from './exporter';
import { FolderTarget, type OpenFile, resolveBaseName, type WrittenFile } from './exportTarget';
import type { IfExists } from './placing';
import { sidecarName, sidecarText } from './provenance';
import { safeFileName } from './safeNames';

/** Where an export goes and under which name. */
export interface ExportDestination {
  /** Absolute path; made when it is not there. */
  folder: string;
  /** What file names begin with, in the user's words; cleaned by `safeFileName`. */
  baseName: string;
  ifExists: IfExists;
  /** For tests of failing disks. */
  openFile?: OpenFile;
}

/** Names at the top of the target folder that a plan takes, the sidecar included. */
function topLevelNames(plan: ExportPlan, exporterId: string, baseName: string): string[] {
  const names = plan.files.map(({ name }) => name.split('/')[0] ?? name);
  return [...new Set([...names, sidecarName(baseName, exporterId)])];
}

/**
 * What an export would write, the sidecar included, with sizes in bytes and checks. Writes nothing.
 * @throws AppError INVALID_ARGUMENT for wrong options
 */
export function preflightExport(exporter: Exporter, clip: ExportClip, options: unknown, baseName: string): ExportPlan {
  const safe = safeFileName(baseName);
  const plan = exporter.preflight(clip, options, safe);
  if (plan.files.length === 0) return plan;
  const sidecar = sidecarText(
    clip,
    exporter,
    options,
    plan.files.map(({ name, estimatedBytes }) => ({ name, bytes: estimatedBytes })),
  );
  return {
    files: [...plan.files, { name: sidecarName(safe, exporter.id), estimatedBytes: sidecar.length }],
    checks: plan.checks,
  };
}

/**
 * Runs an export into a folder: all files and the sidecar appear together at the end; when it fails or is cancelled
 * nothing is left. Yields progress, returns the files that are in place.
 * @throws AppError INVALID_ARGUMENT, FILE_EXISTS, READ_ONLY, DISK_FULL, INTERNAL; the signal's reason when aborted
 */
export async function* runExport(
  exporter: Exporter,
  clip: ExportClip,
  options: unknown,
  destination: ExportDestination,
  signal: AbortSignal,
): AsyncGenerator<ExportProgress, WrittenFile[]> {
  signal.throwIfAborted();
  const { folder, ifExists, openFile } = destination;
  const wanted = safeFileName(destination.baseName);
  const namesUnder = (baseName: string): string[] =>
    topLevelNames(exporter.preflight(clip, options, baseName), exporter.id, baseName);
  const baseName = await resolveBaseName(folder, wanted, ifExists, namesUnder);
  const target = await FolderTarget.open({ folder, baseName, ifExists, ...(openFile ? { openFile } : {}) });
  try {
    const breather = new Breather();
    for await (const progress of exporter.run(clip, options, target, signal)) {
      yield progress;
      await breather.pause(signal);
    }
    signal.throwIfAborted();
    const text = sidecarText(clip, exporter, options, target.written());
    const sidecar = await target.create(sidecarName(baseName, exporter.id));
    await sidecar.write(text);
    await sidecar.close();
    return await target.commit();
  } finally {
    // Also when the caller stops listening; after a commit there is nothing left to remove.
    await target.discard();
  }
}
