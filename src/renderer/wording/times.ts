/** Time left: seconds under 10 s, steps of 5 s under a minute, then minutes and tens of seconds, then hours. */
export function timeLeft(seconds: number): string {
  if (seconds < 10) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 57.5) return `${Math.round(seconds / 5) * 5} s`;
  if (seconds < 3600) {
    const tens = Math.round(seconds / 10);
    const minutes = Math.floor(tens / 6);
    const rest = (tens % 6) * 10;
    return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
  }
  const minutes = Math.round(seconds / 60);
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A position as hours, minutes, seconds and frames in the second, with `rate` frames per second: `00:00:03:28`. */
export function timecode(frameIndex: number, seconds: number, rate: number): string {
  const whole = Math.floor(seconds + 1e-6);
  const inSecond = rate > 0 ? Math.min(Math.ceil(rate) - 1, Math.round((seconds - whole) * rate)) : frameIndex;
  const pad = (value: number) => String(Math.max(0, value)).padStart(2, '0');
  return [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60, inSecond].map(pad).join(':');
}

/** Seconds with two decimals, or minutes and seconds from a minute on. */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(2)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** Frames per second, at most two decimals, `30 fps`. */
export function formatRate(rate: number): string {
  return `${Number(rate.toFixed(2))} fps`;
}

/** A day as people say it: `today`, `yesterday`, `18 November`. */
export function formatDay(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  const day = (value: Date) => Math.floor((value.getTime() - value.getTimezoneOffset() * 60_000) / 86_400_000);
  const ago = day(now) - day(date);
  if (ago === 0) return 'today';
  if (ago === 1) return 'yesterday';
  const year = date.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' as const };
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', ...year });
}
