import { AppError } from '#core/errors';
import { bulkRoutes } from '#core/protocol/bulkRoutes';
import type { WrittenFile } from './exportTarget';

/** More files than this are not offered one by one for download (frames of an OBJ sequence). */
const MOST_OFFERED = 12;

/** What exports of this engine wrote, so that the page can download files by job and name without knowing paths. */
export class ExportedFiles {
  private readonly jobs = new Map<string, readonly WrittenFile[]>();

  add(jobId: string, files: readonly WrittenFile[]): void {
    this.jobs.set(jobId, files);
  }

  /** The path of an exported file. @throws AppError NOT_FOUND. */
  find(jobId: string, name: string): string {
    const file = this.jobs.get(jobId)?.find((written) => written.name === name);
    if (!file) throw new AppError('NOT_FOUND', 'This export is not known any more.', { hint: 'Export again.' });
    return file.path;
  }

  /** Files as the page lists them. */
  listed(jobId: string, files: readonly WrittenFile[]): { name: string; bytes: number; url: string }[] {
    return files
      .slice(0, MOST_OFFERED)
      .map(({ name, bytes }) => ({ name, bytes, url: bulkRoutes.exported(jobId, name) }));
  }
}
