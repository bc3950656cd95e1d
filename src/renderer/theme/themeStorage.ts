import { viewStore } from '../session/viewStore';

const KEY = 'retake.theme';

function remember(theme: string): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    return;
  }
}

/** Takes up the theme of the last visit and keeps later changes. Call before the first paint. */
export function keepTheme(): void {
  try {
    const stored = localStorage.getItem(KEY);
    if (stored === 'light' || stored === 'dark') viewStore.setState({ theme: stored });
  } catch {
    // A browser that forbids storage just forgets the theme.
  }
  const apply = () => {
    document.documentElement.dataset['theme'] = viewStore.getState().theme;
  };
  apply();
  // On the store and not in an effect: canvases read the tokens while the components that own them render again.
  viewStore.subscribe((state, before) => {
    if (state.theme === before.theme) return;
    apply();
    remember(state.theme);
  });
}
