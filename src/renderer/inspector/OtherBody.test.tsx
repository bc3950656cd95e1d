// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FakeEngine } from '../../../test/renderer/fakeEngine';
import { fakePerson } from '../../../test/renderer/fakeProject';
import { closeFake, openFake } from '../../../test/renderer/openFake';
import { projectStore } from '../session/projectStore';
import { titlesStore } from '../session/titles';
import { OtherBody } from './OtherBody';

const shapeEdit = { bodyModel: 'smpl-neutral-1', betas: new Array<number>(10).fill(1) };
const person = fakePerson(1, 0, 100, { shapeEdit });
let engine: FakeEngine;

beforeEach(() => {
  engine = openFake([person]);
});

afterEach(() => {
  cleanup();
  closeFake();
});

const shapeOf = () => projectStore.getState().project?.document.people[0]?.shapeEdit;

describe('a shape that was set for another body', () => {
  it('says both bodies by name, and nothing where it is the same', () => {
    const { rerender } = render(<OtherBody person={person} bodyModel="default-body" estimate={undefined} />);
    expect(screen.getByText(/made for another body: SMPL neutral \(imported\).*Retake default body/)).toBeDefined();
    rerender(<OtherBody person={person} bodyModel="smpl-neutral-1" estimate={undefined} />);
    expect(screen.queryByText(/another body/)).toBeNull();
  });

  it('is fitted anew on the body that is shown, asking each body about its own betas only', async () => {
    render(<OtherBody person={person} bodyModel="default-body" estimate={new Float32Array(10)} />);
    fireEvent.click(screen.getByRole('button', { name: 'Refit stature and weight' }));
    await waitFor(() => expect(shapeOf()?.bodyModel).toBe('default-body'));
    const asked = engine.calls.filter(({ method }) => method === 'shapes.words').map(({ input }) => input);
    expect(asked).toEqual([shapeEdit, { bodyModel: 'default-body', betas: new Array<number>(10).fill(0) }]);
  });

  it('is let go of', async () => {
    render(<OtherBody person={person} bodyModel="default-body" estimate={undefined} />);
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Reset shape' })));
    expect(shapeOf()).toBeUndefined();
  });

  it('cannot be fitted from a body that is not on this computer, and says so', () => {
    titlesStore.setState({ bodies: [{ id: 'default-body', title: 'Retake default body' }] });
    render(<OtherBody person={person} bodyModel="default-body" estimate={undefined} />);
    expect(screen.getByText(/A body that is not on this computer/)).toBeDefined();
    expect(screen.getByRole('button', { name: 'Refit stature and weight' }).getAttribute('aria-disabled')).toBe('true');
  });
});
