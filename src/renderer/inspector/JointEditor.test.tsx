// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JOINT } from '#core/body/skeleton';
import { decodeBundle } from '#core/protocol/arrayBundle';
import type { MotionMeta } from '#core/protocol/bulkRoutes';
import { fakeMotion } from '../../../test/renderer/fakeBodies';
import type { FakeEngine } from '../../../test/renderer/fakeEngine';
import { fakePerson } from '../../../test/renderer/fakeProject';
import { closeFake, openFake } from '../../../test/renderer/openFake';
import { readMotionPiece } from '../playback/motionSource';
import { projectStore, useProject } from '../session/projectStore';
import { viewStore } from '../session/viewStore';
import { JointEditor } from './JointEditor';
import type { RotationForm } from './rotationForms';

const FRAME = 20;
const motion = { piece: readMotionPiece(decodeBundle<MotionMeta>(fakeMotion(0, 120, 0).buffer)), row: FRAME };
let engine: FakeEngine;

function Editor({ form }: { form: RotationForm }) {
  const person = useProject((state) => state.project?.document.people[0]);
  if (!person) return null;
  return <JointEditor {...{ person, motion, form }} frame={FRAME} joint={JOINT.leftElbow} />;
}

beforeEach(() => {
  engine = openFake([fakePerson(1, 0, 120)]);
  viewStore.setState({ turnKind: 'offset' });
});

afterEach(() => {
  cleanup();
  closeFake();
});

const editsOf = () => projectStore.getState().project?.document.people[0]?.poseEdits;
const sent = () => engine.calls.filter(({ method }) => method === 'projects.applyEdit');
const field = (name: RegExp) => screen.getByLabelText<HTMLInputElement>(name);

function type(input: HTMLInputElement, text: string, key: 'Enter' | 'Escape'): void {
  fireEvent.focus(input);
  fireEvent.change(input, { target: { value: text } });
  fireEvent.keyDown(input, { key });
  fireEvent.blur(input);
}

describe('the picked joint in numbers', () => {
  it('is turned by a typed angle: one edit, of that joint on that frame', async () => {
    render(<Editor form="euler" />);
    type(field(/^left_elbow z/), '90', 'Enter');
    await waitFor(() => expect(sent()).toHaveLength(1));
    expect(editsOf()).toEqual([{ frame: FRAME, joint: JOINT.leftElbow, kind: 'offset', rotation: expect.anything() }]);
    const [x, y, z] = editsOf()?.[0]?.rotation ?? [];
    expect(x).toBeCloseTo(0, 9);
    expect(y).toBeCloseTo(0, 9);
    expect(z).toBeCloseTo(Math.PI / 2, 9);
    expect(screen.getByText('Edited')).toBeDefined();
  });

  it('stays as it was when a typed angle is dropped with Escape', () => {
    render(<Editor form="axisAngle" />);
    type(field(/^left_elbow x/), '0.7', 'Escape');
    expect(editsOf()).toBeUndefined();
    expect(sent()).toHaveLength(0);
    expect(field(/^left_elbow x/).value).toBe('0.000');
  });

  it('is shown turned while its letter is dragged, and not any more after Escape', () => {
    render(<Editor form="axisAngle" />);
    const letter = screen.getByText('X');
    letter.setPointerCapture = () => undefined;
    fireEvent.pointerDown(letter, { button: 0, clientX: 0 });
    fireEvent.pointerMove(letter, { clientX: 30 });
    expect(editsOf()?.[0]?.rotation[0]).toBeCloseTo(0.3, 9);
    fireEvent.keyDown(window, { key: 'Escape' });
    expect(editsOf()).toBeUndefined();
    expect(sent()).toHaveLength(0);
  });

  it('is turned on this frame only where that is chosen, and reset', async () => {
    render(<Editor form="axisAngle" />);
    fireEvent.click(screen.getByRole('button', { name: 'This frame only' }));
    type(field(/^left_elbow y/), '-0,5', 'Enter');
    expect(editsOf()).toEqual([{ frame: FRAME, joint: JOINT.leftElbow, kind: 'replace', rotation: [0, -0.5, 0] }]);
    fireEvent.click(screen.getByRole('button', { name: 'Reset on this frame' }));
    expect(editsOf()).toBeUndefined();
    await waitFor(() => expect(sent()).toHaveLength(2));
  });
});
