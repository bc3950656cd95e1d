import { createContext, use } from 'react';
import type { Shell } from './shell';

const ShellContext = createContext<Shell | undefined>(undefined);

/** Gives the platform to the components below. */
export const ShellProvider = ShellContext.Provider;

/** The platform the page runs on. @throws Error outside of {@link ShellProvider}: a slip in the code. */
export function useShell(): Shell {
  const shell = use(ShellContext);
  if (!shell) throw new Error('useShell was called outside of ShellProvider');
  return shell;
}
