/** The value of a token on an element, for canvases, which cannot read `var()`. */
export function readToken(element: Element, name: `--${string}`): string {
  return getComputedStyle(element).getPropertyValue(name).trim();
}

/** The ten steps of the quality ramp, from suspect to good. */
export function qualityRamp(element: Element): string[] {
  return Array.from({ length: 10 }, (_, step) => readToken(element, `--quality-${step}`));
}
