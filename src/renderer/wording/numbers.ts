import type { Span } from '#core/frames/span';

/** A number with thousands separated by commas, a true minus and a fixed number of decimals. */
export function formatNumber(value: number, decimals = 0): string {
  const rounded = Number(value.toFixed(decimals));
  const text = Math.abs(rounded).toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return rounded < 0 ? `−${text}` : text;
}

/** `1 frame`, `24 frames`: the number and its unit, with an s where it is not one. */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatNumber(count)} ${count === 1 ? singular : plural}`;
}

/** First and last frame of a span with an en dash: `106–129`; one number for one frame. */
export function spanText(span: Span): string {
  return span.to - span.from <= 1 ? `${span.from}` : `${span.from}–${span.to - 1}`;
}

/** The same for being read out: `frames 106 to 129`, `frame 106`. */
export function spokenSpan(span: Span): string {
  return span.to - span.from <= 1 ? `frame ${span.from}` : `frames ${span.from} to ${span.to - 1}`;
}

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'];

/** Bytes with a unit, in thousands, one decimal from MB on. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${formatNumber(value, unit >= 2 ? 1 : 0)} ${UNITS[unit]}`;
}

/** Percent with a space. */
export function formatPercent(fraction: number): string {
  return `${formatNumber(Math.round(fraction * 100))} %`;
}
