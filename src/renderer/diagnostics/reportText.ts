import type { Diagnostic } from '#core/protocol/messages';

/** A detail without anything that looks like a path of this computer. */
function withoutPaths(detail: string): string {
  return detail.replace(/(?:[A-Za-z]:\\|\/)[^\s,;)]+/g, '(path)');
}

/** The report for a bug tracker: versions and check results, no paths, no names. */
export function reportText(version: string | undefined, checks: readonly Diagnostic[]): string {
  const width = Math.max(8, ...checks.map((check) => check.id.length)) + 2;
  const line = (name: string, value: string) => `${name.padEnd(width)}${value}`;
  const system = typeof navigator === 'undefined' ? '' : navigator.userAgent;
  return [
    line('retake', version ?? 'unknown'),
    line('page', system),
    ...checks.map((check) => line(check.id, `${check.state}: ${withoutPaths(check.detail)}`)),
  ].join('\n');
}
