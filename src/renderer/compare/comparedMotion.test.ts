// @vitest-environment happy-dom
import { afterEach, expect, it } from 'vitest';
import { viewStore } from '../session/viewStore';
import { followCompared } from './comparedMotion';
import { compareStore, INITIAL_COMPARE_STATE } from './compareStore';

afterEach(() => {
  compareStore.setState(INITIAL_COMPARE_STATE);
  viewStore.setState({ pickedJoint: undefined });
});

it('shows the curve of a joint that is picked on a body, only while runs are compared', () => {
  const end = followCompared();
  viewStore.setState({ pickedJoint: 4 });
  expect(compareStore.getState().joint).toBe('mean');
  compareStore.setState({ isOpen: true });
  expect(compareStore.getState().joint).toBe('mean');
  viewStore.setState({ pickedJoint: 7 });
  expect(compareStore.getState().joint).toBe(7);
  compareStore.setState({ joint: 'worst' });
  viewStore.setState({ pickedJoint: undefined });
  expect(compareStore.getState().joint).toBe('worst');
  end();
});
