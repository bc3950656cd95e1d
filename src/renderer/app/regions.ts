const FOCUSABLE =
  'button:not([tabindex="-1"]):not(:disabled), [href], input:not(:disabled), select, textarea, [tabindex="0"]';

/**
 * Moves the keyboard focus to the next (1) or previous (-1) region of the page, around the ends. Regions are elements
 * with `data-region`, in document order; one without anything to focus is passed over.
 */
export function focusNextRegion(direction: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')];
  const current = document.activeElement?.closest('[data-region]');
  const start = regions.findIndex((region) => region === current);
  for (let step = 1; step <= regions.length; step++) {
    const from = start === -1 && direction === -1 ? 0 : start;
    const region = regions[(from + direction * step + regions.length * 2) % regions.length];
    const target = region?.matches('[tabindex="0"]') ? region : region?.querySelector<HTMLElement>(FOCUSABLE);
    if (!target) continue;
    target.focus();
    if (document.activeElement === target) return;
  }
}
