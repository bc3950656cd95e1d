// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { JOINT } from '#core/body/skeleton';
import { decodeBundle } from '#core/protocol/arrayBundle';
import type { BodyMeta } from '#core/protocol/bulkRoutes';
import { fakeBody } from '../../../test/renderer/fakeBodies';
import { fakePerson } from '../../../test/renderer/fakeProject';
import { closeFake, openFake } from '../../../test/renderer/openFake';
import { readBodyShape } from '../playback/meshSource';
import { shownBodies } from '../playback/shownBodies';
import { viewStore } from '../session/viewStore';
import { viewportStore } from '../viewport/viewportStore';
import { WeightsTab } from './WeightsTab';

const person = fakePerson(1, 0, 120);
const shape = readBodyShape(decodeBundle<BodyMeta>(fakeBody('default-body').buffer));

beforeEach(() => {
  openFake([person]);
  viewStore.setState({ pickedJoint: undefined, weightsView: 'blended' });
  viewportStore.setState({ pickedVertex: undefined });
  vi.spyOn(shownBodies, 'shape').mockReturnValue(shape);
});

afterEach(() => {
  cleanup();
  closeFake();
  vi.restoreAllMocks();
});

function typeVertex(text: string): void {
  const input = screen.getByLabelText('Number of the vertex');
  fireEvent.change(input, { target: { value: text } });
  fireEvent.keyDown(input, { key: 'Enter' });
}

describe('the Weights tab', () => {
  it('lists the joints of a typed vertex with their weights, strongest first', () => {
    render(<WeightsTab person={person} />);
    typeVertex('2');
    expect(screen.getByText('Vertex 2')).toBeDefined();
    expect(screen.getAllByText(/^0\.\d{3}$/).map((entry) => entry.textContent)).toEqual(['0.750', '0.250']);
    expect(screen.getByRole('row', { name: /^Template, m/ }).textContent).toContain('0.2000');
  });

  it('says in a sentence that a vertex is not there, and keeps the one before', () => {
    render(<WeightsTab person={person} />);
    typeVertex('1');
    typeVertex('99999');
    expect(screen.getByRole('status').textContent).toBe('There is no vertex 99,999: this body has 0 to 2.');
    expect(viewportStore.getState().pickedVertex).toBe(1);
    typeVertex('-1');
    expect(screen.getByRole('status').textContent).toMatch(/^There is no vertex .1: this body has 0 to 2\.$/);
    typeVertex('2');
    expect(screen.queryByRole('status')).toBeNull();
  });

  it('picks joints by keyboard along their chains, and shows the weights of that joint', () => {
    render(<WeightsTab person={person} />);
    const list = screen.getByRole('listbox', { name: 'Joints' });
    fireEvent.keyDown(list, { key: 'ArrowDown' });
    fireEvent.keyDown(list, { key: 'ArrowDown' });
    expect(viewStore.getState()).toMatchObject({ pickedJoint: JOINT.leftHip, weightsView: 'joint' });
    expect(screen.getByRole('option', { selected: true }).getAttribute('aria-label')).toBe(
      'left_hip, joint 1, 2 vertices',
    );
    fireEvent.keyDown(list, { key: 'Escape' });
    expect(viewStore.getState().pickedJoint).toBeUndefined();
  });
});
