import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Diagnostic } from '#core/protocol/messages';
import { toAppError } from '../session/engineError';
import { projectStore } from '../session/projectStore';

/** What the checks of this computer said last. */
export interface DiagnosticsState {
  checks: readonly Diagnostic[];
  isRunning: boolean;
  /** Milliseconds the last round took; undefined before the first. */
  tookMs: number | undefined;
  problem: string | undefined;
}

/** The one store of checks. */
export const diagnosticsStore = createStore<DiagnosticsState>(() => ({
  checks: [],
  isRunning: false,
  tookMs: undefined,
  problem: undefined,
}));

/** Reads a part of it in a component. */
export function useDiagnostics<T>(selector: (state: DiagnosticsState) => T): T {
  return useStore(diagnosticsStore, selector);
}

const AGAIN_MS = 2_000;

/** Runs all checks; a round under way is not started twice. */
export async function runDiagnostics(): Promise<void> {
  const { client } = projectStore.getState();
  if (!client || diagnosticsStore.getState().isRunning) return;
  diagnosticsStore.setState({ isRunning: true, problem: undefined });
  const start = performance.now();
  try {
    const checks = await client.diagnostics({});
    diagnosticsStore.setState({ checks, isRunning: false, tookMs: performance.now() - start });
    // Devices are still being tried: the verdict is there a moment later.
    if (checks.some(({ id, state }) => id === 'device' && state === 'note')) {
      setTimeout(() => void runDiagnostics(), AGAIN_MS);
    }
  } catch (error) {
    diagnosticsStore.setState({ isRunning: false, problem: toAppError(error).message });
  }
}
