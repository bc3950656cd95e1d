import { type FrameTimes, frameAtSeconds, meanFrameRate } from '#core/frames/frameTimes';

/**
 * The frame that typed text asks for: `118`, `3.93s`, `0:03` or `1:02.5` (minutes and seconds), `0:03:28` and
 * `00:00:03:28` (the last part is frames in the second), `+10` and `-10` (from the current frame), `50%`. Kept inside
 * the clip. Undefined when it cannot be read.
 */
export function parseFrameEntry(entry: string, current: number, times: FrameTimes): number | undefined {
  const text = entry.trim().replace(/,/g, '').replace('−', '-');
  const last = times.pts.length - 1;
  const keep = (frame: number) => Math.max(0, Math.min(last, Math.round(frame)));
  if (/^[+-]\d+$/.test(text)) return keep(current + Number(text));
  if (/^\d+$/.test(text)) return keep(Number(text));
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(text);
  if (percent) return keep((Number(percent[1]) / 100) * last);
  const seconds = /^(\d*\.?\d+)\s*s$/i.exec(text);
  if (seconds) return keep(frameAtSeconds(times, Number(seconds[1])));
  if (/^\d+(:\d+){1,3}(\.\d+)?$/.test(text)) return keep(parseTimecode(text, times));
  return undefined;
}

function parseTimecode(text: string, times: FrameTimes): number {
  const parts = text.split(':').map(Number);
  const hasFrames = parts.length >= 3 && !text.includes('.');
  const frames = hasFrames ? (parts.pop() ?? 0) : 0;
  const seconds = parts.reduce((sum, part) => sum * 60 + part, 0);
  return frameAtSeconds(times, seconds + frames / meanFrameRate(times));
}
