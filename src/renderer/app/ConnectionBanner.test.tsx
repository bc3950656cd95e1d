// @vitest-environment happy-dom
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EMPTY_PROJECT_STATE, projectStore } from '../session/projectStore';
import { ConnectionBanner } from './ConnectionBanner';

beforeEach(() => {
  vi.useFakeTimers();
  projectStore.setState({ ...EMPTY_PROJECT_STATE, connection: 'lost', unsavedEdits: 1 });
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  projectStore.setState(EMPTY_PROJECT_STATE);
});

const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

it('says that it connects again while nobody answers, and what waits', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('refused')));
  render(<ConnectionBanner />);
  expect(screen.queryByRole('alert')).toBeNull();
  await wait(5000);
  expect(screen.getByRole('alert').textContent).toContain('1 edit waits here and is saved when it is back.');
});

it('says to open the new address where the server was started again', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('Forbidden', { status: 403 })));
  render(<ConnectionBanner />);
  await wait(5000);
  expect(screen.getByRole('alert').textContent).toContain('Open the address that it printed now');
  expect(screen.getByRole('alert').textContent).toContain('1 edit made since then is not in it.');
});
