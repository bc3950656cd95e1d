import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second of /proc on Linux (USER_HZ, the same everywhere). */
const TICKS_PER_SECOND = 100;

/** What a process and all it started use at this moment. */
export interface TreeUsage {
  /** Bytes in memory. */
  residentBytes: number;
  /** Processor time so far, s, with that of children that have ended. */
  cpuSeconds: number;
}

interface ProcessRow {
  parent: number;
  residentBytes: number;
  cpuSeconds: number;
}

function readRow(pid: number): ProcessRow | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold anything; behind it come the state and numbers from field 4 on.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
    const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return {
      parent: Number(fields[1]),
      residentBytes: Number(resident ?? 0) * 1024,
      cpuSeconds: ticks / TICKS_PER_SECOND,
    };
  } catch {
    // It ended in between.
    return undefined;
  }
}

/** The use of a process with everything below it, all threads; undefined where there is no /proc (not Linux). */
export function treeUsage(root: number): TreeUsage | undefined {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return undefined;
  }
  const rows = new Map<number, ProcessRow>();
  for (const name of names) {
    const row = /^\d+$/.test(name) ? readRow(Number(name)) : undefined;
    if (row) rows.set(Number(name), row);
  }
  const usage: TreeUsage = { residentBytes: 0, cpuSeconds: 0 };
  for (const [pid, row] of rows) {
    let ancestor: number | undefined = pid;
    while (ancestor !== undefined && ancestor !== root) ancestor = rows.get(ancestor)?.parent;
    if (ancestor !== root) continue;
    usage.residentBytes += row.residentBytes;
    usage.cpuSeconds += row.cpuSeconds;
  }
  return usage;
}
