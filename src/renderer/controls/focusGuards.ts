/**
 * Base UI puts guards around an open menu: invisible elements that hand the focus on as soon as they get it. They are
 * focusable, so they must not be hidden from screen readers (ARIA 1.2, aria-hidden); being empty, they say nothing there.
 */
export function showFocusGuards(): void {
  for (const guard of document.querySelectorAll('[data-base-ui-focus-guard][aria-hidden]')) {
    guard.removeAttribute('aria-hidden');
  }
}
