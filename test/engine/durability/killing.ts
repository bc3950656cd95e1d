import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { applyPatches } from '#core/document/patch';
import type { ProjectDocument } from '#core/document/schema';
import { sweepTemporaryFiles } from '#engine/project/atomicFile';
import { DocumentStore } from '#engine/project/documentStore';
import { readJournal } from '#engine/project/journal';
import { MotionStore } from '#engine/project/motionStore';
import { type ProjectFolder, projectFolder } from '#engine/project/projectFolder';
import { documentOf, somebody } from '../project/documents';
import { diceFrom } from '../project/randomEdits';
import { digestOf, MOTION_FRAMES } from './editor';

const NEWLINE = 0x0a;

/** What came of killing an editing process again and again. */
export interface Counts {
  kills: number;
  acknowledged: number;
  found: number;
  /** Edits that were durable but not yet acknowledged when the process died. */
  ahead: number;
  /** Half-written lines that were set aside on opening. */
  torn: number;
  mismatches: string[];
}

/** Nothing was killed yet. */
export function emptyCounts(): Counts {
  return { kills: 0, acknowledged: 0, found: 0, ahead: 0, torn: 0, mismatches: [] };
}

interface Acknowledged {
  seq: number;
  digest: string;
}

/** Lets an editor work on a project and kills it; some are killed while they are still opening it. */
function editUntilKilled(editor: string, root: string, seed: number, next: () => number): Promise<Acknowledged[]> {
  const child = spawn(process.execPath, [editor, root, String(seed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = () => child.kill('SIGKILL');
  // By the number of edits, not by the clock alone: a busy machine must not turn the test into one of opening.
  const after = 1 + Math.floor(60 * next() ** 2);
  const delay = 20 * next();
  const early = next() < 0.1 ? setTimeout(kill, 1500 * next()) : undefined;
  let text = '';
  let told = 0;
  child.stdout.on('data', (bytes: Buffer) => {
    const before = told;
    told += bytes.filter((byte) => byte === NEWLINE).length;
    if (before < after && told >= after) setTimeout(kill, delay);
    text += bytes.toString('latin1');
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(early);
      if (code !== null) return reject(new Error(`the editor ended by itself with ${code}`));
      const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
      resolve(
        lines.filter(Boolean).map((line) => {
          const [seq, digest = ''] = line.split(' ');
          return { seq: Number(seq), digest };
        }),
      );
    });
  });
}

/** Digests of a document after each change that the journal holds. */
export function digestsFrom(
  folder: ProjectFolder,
  start: { seq: number; document: ProjectDocument },
): Map<number, string> {
  const digests = new Map<number, string>();
  let { document } = start;
  for (const { seq, edit } of readJournal(folder.journal).entries) {
    if (seq <= start.seq) continue;
    document = applyPatches(document, edit.patches);
    digests.set(seq, digestOf(document));
  }
  return digests;
}

function leftovers(root: string): string[] {
  sweepTemporaryFiles(root, true);
  const known = /^(project\.json|edits(\.rejected)?\.jsonl|lock|results|p1|\d+(-\d+)?\.bundle|shape\.bundle)$/;
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !known.test(name.split(/[\\/]/).pop() ?? ''),
  );
}

/**
 * Kills an editing process `kills` times at random moments and compares what it had acknowledged with what is there when
 * the project is opened again.
 */
export async function killAgainAndAgain(editor: string, root: string, kills: number, seed: number): Promise<Counts> {
  const folder = projectFolder(root);
  const next = diceFrom(seed);
  DocumentStore.create(folder, documentOf([somebody(1), somebody(2), somebody(3)]));
  const counts = emptyCounts();
  const wrong = (what: string) => counts.mismatches.push(`kill ${counts.kills}: ${what}`);
  let start = openAndClose(folder, counts);
  for (; counts.kills < kills; ) {
    const acknowledged = await editUntilKilled(editor, root, seed + counts.kills, next);
    counts.kills += 1;
    const digests = digestsFrom(folder, start);
    const opened = openAndClose(folder, counts);
    for (const { seq, digest } of acknowledged) {
      counts.acknowledged += 1;
      if (digests.get(seq) === digest) counts.found += 1;
      else wrong(`edit ${seq} is ${digests.has(seq) ? 'another' : 'lost'}`);
    }
    const last = acknowledged[acknowledged.length - 1]?.seq ?? start.seq;
    if (opened.seq < last || opened.seq > last + 1) wrong(`opened at ${opened.seq} after ${last} was acknowledged`);
    if (opened.seq === last + 1) counts.ahead += 1;
    const expected = digests.get(opened.seq);
    if (expected !== undefined && expected !== digestOf(opened.document)) wrong('the document is not its journal');
    const { warnings } = new MotionStore(folder.results, MOTION_FRAMES);
    if (warnings.length > 0) wrong('results are half-written');
    for (const name of leftovers(root)) wrong(`${name} was left`);
    start = opened;
  }
  return counts;
}

function openAndClose(folder: ProjectFolder, counts: Counts): { seq: number; document: ProjectDocument } {
  const store = new DocumentStore(folder, false);
  if (store.warnings.length > 0) counts.torn += 1;
  const { seq, document } = store;
  if (existsSync(folder.journal)) store.close();
  return { seq, document };
}
