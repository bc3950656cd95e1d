import { createBrowserShell } from './browserShell';
import { mount } from './mount';

/** Starts the page as a local server sends it. */
export function startBrowser(): void {
  mount(createBrowserShell());
}
