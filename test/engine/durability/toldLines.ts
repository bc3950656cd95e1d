import { writeSync } from 'node:fs';

/** What a process that is to be killed says of itself on stdout, a line each, once it is durable or asked for. */
export type Told =
  /** The project is open. */
  | { what: 'open' }
  /** The document after change `seq`. */
  | { what: 'edit'; seq: number; digest: string }
  /** Frames from 0 on whose detections are kept. */
  | { what: 'detected'; frames: number }
  /** Rows of motion of a person that are kept. */
  | { what: 'solved'; person: string; rows: number }
  /** A network was asked about this. */
  | { what: 'asked'; of: string }
  /** What a network saw is kept. */
  | { what: 'observed'; of: string }
  /** A run came to its end. */
  | { what: 'ran' }
  /** Tracks that were written to a file. */
  | { what: 'tracks'; path: string; sha256: string }
  /** Parts that are installed, sorted. */
  | { what: 'models'; ids: string[] }
  /** Parts or a kept run are about to be taken away, on purpose. */
  | { what: 'removing'; of: 'models' | 'kept' }
  /** Runs that are kept, by id, with the digest of everybody's motion in them. */
  | { what: 'kept'; runs: Record<string, string> }
  /** Sidecar of an export that is in place, with the number of files beside it. */
  | { what: 'export'; folder: string; names: string[] };

/** Says a line at once. */
export function tell(told: Told): void {
  const bytes = Buffer.from(`${JSON.stringify(told)}\n`);
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(1, bytes, written);
    } catch (error) {
      // The pipe is full: whoever reads it is slower.
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

/** Whole lines of a process that was killed; half a last one is left out. */
export function toldIn(text: string): Told[] {
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return lines.filter(Boolean).map((line) => JSON.parse(line) as Told);
}
