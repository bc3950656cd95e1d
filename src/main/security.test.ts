import { describe, expect, it } from 'vitest';
import { APP_PRIVILEGES, isAllowedOutside, isAllowedPermission, isOwnPage, windowOptions } from './security';

// Numbers are those of Electron's docs/tutorial/security.md.
describe('window options', () => {
  const preferences = windowOptions('/preload.cjs').webPreferences;
  it('has no Node in the page (2)', () => {
    expect(preferences?.nodeIntegration).toBe(false);
    expect(preferences?.nodeIntegrationInWorker).toBe(false);
  });
  it('isolates the context (3)', () => expect(preferences?.contextIsolation).toBe(true));
  it('sandboxes the page (4)', () => expect(preferences?.sandbox).toBe(true));
  it('leaves web security on (6)', () => expect(preferences?.webSecurity).toBe(true));
  it('enables nothing experimental (9, 10)', () => {
    expect(preferences).not.toHaveProperty('enableBlinkFeatures');
    expect(preferences).not.toHaveProperty('experimentalFeatures');
  });
  it('has no webview (11)', () => expect(preferences?.webviewTag).toBe(false));
});

describe('permissions, navigation and links', () => {
  it('grants full screen and copying only (5)', () => {
    expect(isAllowedPermission('fullscreen')).toBe(true);
    for (const permission of ['geolocation', 'media', 'notifications', 'openExternal', 'hid']) {
      expect(isAllowedPermission(permission)).toBe(false);
    }
  });
  it('stays on its own page (13)', () => {
    expect(isOwnPage('app://retake/index.html')).toBe(true);
    for (const url of ['app://retake.evil/', 'app://other/', 'https://example.com', 'file:///etc/passwd']) {
      expect(isOwnPage(url)).toBe(false);
    }
  });
  it('opens known https sites outside and nothing else (14, 15)', () => {
    expect(isAllowedOutside('https://github.com/x')).toBe(true);
    for (const url of ['http://github.com', 'https://github.com.evil.org', 'file:///bin/sh', 'javascript:1', '']) {
      expect(isAllowedOutside(url)).toBe(false);
    }
  });
  it('does not let app:// past the content security policy (18)', () => {
    expect(APP_PRIVILEGES).not.toHaveProperty('bypassCSP');
  });
});
