// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Job } from '#core/protocol/messages';
import type { ModelsEvent } from '#core/protocol/modelMessages';
import { FakeEngine } from '../../../test/renderer/fakeEngine';
import { fakeDocument, fakeProject } from '../../../test/renderer/fakeProject';
import { App } from '../app/App';
import { dialogStore } from '../app/dialogStore';
import type { Shell } from '../app/shell';
import { noticeStore } from '../session/notices';
import { modelsStore } from './modelsStore';

let engine: FakeEngine;
let sent: string[];

const shell = (): Shell => ({
  kind: 'browser',
  connect: async () => engine.connection(),
  grantFile: async (file) => {
    sent.push(file.name);
    return `token of ${file.name}`;
  },
});

function job(state: Job['state'], done: number, problem?: Job['problem']): Job {
  const stages = [{ id: 'import', title: 'Read and compile', done, total: 240, unit: 'MB' }];
  return {
    id: 'job-3',
    kind: 'setup',
    title: 'Import of models',
    state,
    stages,
    fraction: done / 240,
    secondsLeft: 12,
    ...(problem ? { problem } : {}),
  };
}

function tell(event: ModelsEvent): void {
  act(() => engine.modelsEvents.emit(event));
}

beforeEach(async () => {
  engine = new FakeEngine(fakeProject(fakeDocument([])));
  sent = [];
  noticeStore.setState({ notices: [], said: '' });
  modelsStore.setState({ models: undefined, job: undefined, report: [], sending: undefined });
  dialogStore.setState({ dialog: undefined, page: 'models' });
  render(<App shell={shell()} />);
  await screen.findByRole('heading', { name: 'VIBE with SMPL' });
});
afterEach(cleanup);

it('says what is needed, where it is to be had and under which licence', () => {
  const vibe = screen.getByRole('region', { name: 'VIBE with SMPL' });
  expect(within(vibe).getByText('Not set up')).toBeDefined();
  const where = within(vibe).getByRole('button', { name: 'Where to get it: SPIN checkpoint' });
  expect(where.getAttribute('aria-expanded')).toBe('false');
  fireEvent.click(where);
  expect(where.getAttribute('aria-expanded')).toBe('true');
  expect(within(vibe).getByText(/SPIN: research and other non-commercial use only/)).toBeDefined();
  expect(
    within(vibe)
      .getByRole('link', { name: /nkolot\/SPIN/ })
      .getAttribute('href'),
  ).toMatch(/^https:\/\/github\.com/);
});

it('sends every dropped file and imports them together', async () => {
  const files = [new File(['a'], 'vibe.pth.tar'), new File(['b'], 'SMPL_NEUTRAL.pkl')];
  const items = files.map((file) => ({
    webkitGetAsEntry: () => ({ isFile: true, isDirectory: false, name: file.name }),
  }));
  fireEvent.drop(screen.getByRole('main'), { dataTransfer: { files, items } });
  await waitFor(() =>
    expect(engine.calls.find(({ method }) => method === 'models.import')?.input).toEqual({
      tokens: ['token of vibe.pth.tar', 'token of SMPL_NEUTRAL.pkl'],
    }),
  );
  expect(sent).toEqual(['vibe.pth.tar', 'SMPL_NEUTRAL.pkl']);
});

it('shows how far an import is, here and in the status bar, and cancels it', async () => {
  tell({ type: 'import', job: job('running', 60), report: [] });
  const panel = screen.getByRole('region', { name: 'Import models' });
  expect(await within(panel).findByText('60 of 240 MB')).toBeDefined();
  expect(within(panel).getByText('10 s left')).toBeDefined();
  expect(within(screen.getByRole('contentinfo')).getByText('Import of models')).toBeDefined();
  fireEvent.click(within(panel).getByRole('button', { name: 'Cancel' }));
  await waitFor(() => expect(engine.calls.map(({ method }) => method)).toContain('jobs.cancel'));
  tell({ type: 'import', job: job('cancelled', 60), report: [] });
  expect(await screen.findByText('Stopped. Nothing was installed.')).toBeDefined();
  expect(screen.getByText('Import stopped, nothing was installed')).toBeDefined();
});

it('tells what became of each file, long lists when asked for', async () => {
  tell({ type: 'import', job: job('running', 1), report: [] });
  const long = `vibe.pth.tar: ${'encoder.gru.weight_ih_l0 is missing; '.repeat(20)}end of the list`;
  const report = [
    { state: 'installed' as const, file: 'a', text: 'a: SPIN checkpoint, compiled and tried.', parts: ['x'] },
    { state: 'refused' as const, file: 'vibe.pth.tar', text: long, hint: 'Choose another.', parts: [] },
  ];
  tell({ type: 'import', job: job('done', 240), report });
  const last = await screen.findByRole('region', { name: 'Last import' });
  expect(await within(last).findByText('a: SPIN checkpoint, compiled and tried.')).toBeDefined();
  expect(within(last).queryByText(/end of the list/)).toBeNull();
  fireEvent.click(within(last).getByRole('button', { name: 'Show all' }));
  expect(within(last).getByText(/end of the list/)).toBeDefined();
  expect(noticeStore.getState().said).toBe('Import done, 1 installed');
});

it('says why an import failed', async () => {
  tell({ type: 'import', job: job('running', 1), report: [] });
  const problem = { code: 'DISK_FULL', message: 'The disk is full.', hint: 'Free some space.' };
  tell({ type: 'import', job: job('failed', 1, problem), report: [] });
  expect(await screen.findByText('The disk is full. Free some space.')).toBeDefined();
  expect(noticeStore.getState().notices.at(-1)).toMatchObject({ level: 'error', text: 'The disk is full.' });
});
