/** The value of a token on an element, for canvases, which cannot read `var()`. */
export function readToken(element: Element, name: `--${string}`): string {
  return getComputedStyle(element).getPropertyValue(name).trim();
}
