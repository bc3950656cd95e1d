/** One line of the report: a ratio and what it is made of. */
export interface Measurement {
  title: string;
  /** Dimensionless; below or above 1 as `meaning` says. */
  ratio?: number;
  /** How to read the ratio. */
  meaning: string;
  /** The numbers behind it, for example `ours 3.1 s, ffmpeg 2.9 s`. */
  detail: string;
}

/** Seconds that a task takes. */
export async function secondsOf(task: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await task();
  return (performance.now() - start) / 1000;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
