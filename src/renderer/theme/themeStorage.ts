import { viewStore } from '../session/viewStore';

const KEY = 'retake.theme';

/** Takes up the theme of the last visit and keeps later changes. Call before the first paint. */
export function keepTheme(): void {
  try {
    const stored = localStorage.getItem(KEY);
    if (stored === 'light' || stored === 'dark') viewStore.setState({ theme: stored });
    document.documentElement.dataset['theme'] = viewStore.getState().theme;
    viewStore.subscribe((state, before) => {
      if (state.theme !== before.theme) localStorage.setItem(KEY, state.theme);
    });
  } catch {
    // A browser that forbids storage just forgets the theme.
  }
}
