// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BETA_LIMIT } from '#core/body/shapeWords';
import { decodeBundle } from '#core/protocol/arrayBundle';
import type { MotionMeta } from '#core/protocol/bulkRoutes';
import { fakeMotion } from '../../../test/renderer/fakeBodies';
import type { FakeEngine } from '../../../test/renderer/fakeEngine';
import { fakePerson } from '../../../test/renderer/fakeProject';
import { closeFake, openFake } from '../../../test/renderer/openFake';
import { readMotionPiece } from '../playback/motionSource';
import { shownBodies } from '../playback/shownBodies';
import { projectStore, useProject } from '../session/projectStore';
import { ShapeTab } from './ShapeTab';

const row = { piece: readMotionPiece(decodeBundle<MotionMeta>(fakeMotion(0, 120, 0).buffer)), row: 0 };
let engine: FakeEngine;

function Tab() {
  return <ShapeTab person={useProject((state) => state.project?.document.people[0])} />;
}

beforeEach(() => {
  engine = openFake([fakePerson(1, 0, 120)]);
  vi.spyOn(shownBodies, 'motion').mockReturnValue(row);
});

afterEach(() => {
  cleanup();
  closeFake();
  vi.restoreAllMocks();
});

const shapeOf = () => projectStore.getState().project?.document.people[0]?.shapeEdit;
const sent = () => engine.calls.filter(({ method }) => method === 'projects.applyEdit');

async function type(label: string, text: string): Promise<void> {
  const input = await screen.findByLabelText(label);
  await act(async () => {
    fireEvent.change(input, { target: { value: text } });
    fireEvent.keyDown(input, { key: 'Enter' });
  });
}

async function press(name: string): Promise<void> {
  const button = await screen.findByRole('button', { name });
  await act(async () => fireEvent.click(button));
}

describe('the shape in words', () => {
  it('takes typed kg: one edit of the betas that the engine says, for the body that is shown', async () => {
    render(<Tab />);
    await type('Weight, kg', '80');
    await waitFor(() =>
      expect(shapeOf()).toEqual({ bodyModel: 'default-body', betas: [0, 1.5, 0, 0, 0, 0, 0, 0, 0, 0] }),
    );
    expect(sent()).toHaveLength(1);
    const field = await screen.findByLabelText<HTMLInputElement>('Weight, kg');
    await waitFor(() => expect(field.value).toBe('80.0'));
    expect(screen.getByText('Set, locked over the clip')).toBeDefined();
  });

  it('says when nobody is like that', async () => {
    render(<Tab />);
    await type('Weight, kg', '300');
    expect(await screen.findByText(/this is the nearest one/)).toBeDefined();
    expect(shapeOf()?.betas[1]).toBe(BETA_LIMIT);
  });

  it('goes back to the estimate', async () => {
    render(<Tab />);
    await type('Beta 3, standard deviations', '1');
    expect(shapeOf()?.betas[3]).toBe(1);
    await press('Reset to the estimate');
    expect(shapeOf()).toBeUndefined();
  });
});

describe('actors', () => {
  it('are saved under a name, and applied to a person as one edit', async () => {
    render(<Tab />);
    await type('Beta 0, standard deviations', '2');
    const name = screen.getByLabelText('Name of the actor');
    fireEvent.change(name, { target: { value: 'Ada' } });
    await press('Save as actor');
    expect(engine.actors).toMatchObject([{ name: 'Ada', bodyModel: 'default-body', betas: shapeOf()?.betas }]);
    await press('Reset to the estimate');
    await press('Apply');
    expect(shapeOf()).toEqual({ bodyModel: 'default-body', betas: [2, 0, 0, 0, 0, 0, 0, 0, 0, 0] });
  });

  it('of other bodies are counted and not offered', async () => {
    const betas = new Array<number>(10).fill(1);
    engine.actors = [{ id: 'a', name: 'Bea', bodyModel: 'smpl-neutral-1', betas, savedAt: '2026-01-01' }];
    render(<Tab />);
    expect(await screen.findByText(/^1 more belongs to other bodies/)).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Apply' })).toBeNull();
  });

  it('are removed', async () => {
    const betas = new Array<number>(10).fill(1);
    engine.actors = [{ id: 'a', name: 'Bea', bodyModel: 'default-body', betas, savedAt: '2026-01-01' }];
    render(<Tab />);
    await press('Remove');
    expect(engine.actors).toEqual([]);
    expect(screen.getByText(/^None yet/)).toBeDefined();
  });
});
