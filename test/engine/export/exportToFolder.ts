import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { ExportClip, ExportFrame, ExportPerson } from '#engine/export/exportClip';
import type { WrittenFile } from '#engine/export/exportTarget';
import { findExporter } from '#engine/export/registry';
import { runExport } from '#engine/export/runExport';

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A folder that is removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'retake-export-test-'));
  folders.push(folder);
  return folder;
}

/** Runs an export to its end and returns what it wrote. */
export async function exportAll(
  exporterId: string,
  clip: ExportClip,
  options: unknown = {},
  folder?: string,
): Promise<WrittenFile[]> {
  const destination = { folder: folder ?? (await temporaryFolder()), baseName: 'clip', ifExists: 'fail' as const };
  const running = runExport(findExporter(exporterId), clip, options, destination, new AbortController().signal);
  for (;;) {
    const step = await running.next();
    if (step.done) return step.value;
  }
}

/** One frame of a person. */
export async function frameOf(person: ExportPerson, frameIndex: number, vertices = false): Promise<ExportFrame> {
  const request = { span: { from: frameIndex, to: frameIndex + 1 }, vertices: vertices && ('scene' as const) };
  for await (const frame of person.frames(request, new AbortController().signal)) return frame;
  throw new Error('no frame');
}
