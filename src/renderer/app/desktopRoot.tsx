import type { DesktopBridge } from '#core/protocol/bridge';
import { createDesktopShell } from './desktopShell';
import { mount } from './mount';

/** Starts the page in the desktop window. */
export function startDesktop(bridge: DesktopBridge): void {
  mount(createDesktopShell(bridge));
}
