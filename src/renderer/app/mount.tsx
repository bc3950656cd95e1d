import './jitlessZod';
import '../theme/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { keepTheme } from '../theme/themeStorage';
import { App } from './App';
import type { Shell } from './shell';

/** Puts the App into the page, on the platform given. */
export function mount(shell: Shell): void {
  const root = document.getElementById('root');
  if (!root) throw new Error('the page has no element with the id root');
  keepTheme();
  createRoot(root).render(
    <StrictMode>
      <App shell={shell} />
    </StrictMode>,
  );
}
