import type { Browser, Page } from '@playwright/test';

/** Times of the page's main thread between one picture and the next, ms. */
export interface FrameTimes {
  /** Spent in the page's own code, everything called from it included; one number a picture in which any ran. */
  scripting: number[];
  /** Seconds from the first to the last picture, and how many there were: what the software GL let through. */
  seconds: number;
  pictures: number;
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** µs. */
  ts: number;
  dur?: number;
  /** µs of the processor, where the system tells: free of what else the machine does. */
  tdur?: number;
}

/** What the developer tools count as scripting; those inside another are in its time. */
const SCRIPTING = new Set([
  'EventDispatch',
  'EvaluateScript',
  'FireAnimationFrame',
  'FireIdleCallback',
  'FunctionCall',
  'MajorGC',
  'MinorGC',
  'RunMicrotasks',
  'TimerFire',
  'XHRLoad',
  'XHRReadyStateChange',
  'v8.callFunction',
  'v8.run',
]);
/** Handing a finished picture to the compositor. */
const PICTURE = 'Commit';
const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'v8'];

/** The thread that made most pictures: the page's own. In order of time. */
function mainThread(events: readonly TraceEvent[]): TraceEvent[] {
  const threads = new Map<string, TraceEvent[]>();
  for (const event of events) {
    const name = `${event.pid}/${event.tid}`;
    const own = threads.get(name) ?? [];
    threads.set(name, own);
    own.push(event);
  }
  const pictures = (own: readonly TraceEvent[]) => own.filter(({ name }) => name === PICTURE).length;
  const [most] = [...threads.values()].sort((a, b) => pictures(b) - pictures(a));
  return (most ?? []).sort((a, b) => a.ts - b.ts);
}

function frameTimes(events: readonly TraceEvent[]): FrameTimes {
  const scripting: number[] = [];
  const shown: number[] = [];
  let time = 0;
  let end = 0;
  for (const { name, ph, ts, dur = 0, tdur } of mainThread(events)) {
    if (ph !== 'X') continue;
    if (name === PICTURE) {
      if (time > 0 && shown.length > 0) scripting.push(time);
      shown.push(ts);
      time = 0;
    } else if (SCRIPTING.has(name) && ts >= end) {
      end = ts + dur;
      time += (tdur ?? dur) / 1000;
    }
  }
  return { scripting, seconds: ((shown.at(-1) ?? 0) - (shown[0] ?? 0)) / 1e6, pictures: shown.length - 1 };
}

/** Traces the browser while something is done, and says what the page's main thread spent. */
export async function scriptingOf(browser: Browser, page: Page, task: () => Promise<void>): Promise<FrameTimes> {
  await browser.startTracing(page, { categories: CATEGORIES });
  await task();
  const trace: unknown = JSON.parse((await browser.stopTracing()).toString());
  if (typeof trace !== 'object' || trace === null || !('traceEvents' in trace) || !Array.isArray(trace.traceEvents)) {
    throw new TypeError('the browser gave no trace');
  }
  return frameTimes(trace.traceEvents as TraceEvent[]);
}
