import type { CommandArea } from '../commands/command';

/** What is done with the mouse, for the sheet: what, and how. */
export const MOUSE_HINTS: Partial<
  Record<CommandArea, { title: string; hints: readonly (readonly [string, string])[] }>
> = {
  'Move in time': {
    title: 'Timeline with the mouse',
    hints: [
      ['Zoom at the pointer', 'Ctrl+wheel'],
      ['Pan', 'Shift+wheel'],
      ['Set in to out', 'Shift+drag ruler'],
      ['One frame', 'Wheel on the ruler'],
      ['Edit several people', 'Shift+drag lanes'],
      ['Copy a box on', 'Drag its keyframe right'],
      ['Outside, or back in', 'U+drag on a lane'],
    ],
  },
  Boxes: {
    title: 'Boxes with the mouse',
    hints: [
      ['From the centre', 'Alt+drag'],
      ['Keep the shape', 'Shift+drag'],
      ['Box behind', 'Alt+click'],
      ['Select several', 'Shift+click'],
    ],
  },
  Compare: {
    title: 'Compare with the mouse',
    hints: [
      ['Move the divider', 'Drag; double click: middle'],
      ['Set in to out', 'Drag on Chosen'],
      ['Go to a frame', 'Click the curve'],
    ],
  },
  See: {
    title: 'Views with the mouse',
    hints: [
      ['Zoom at the pointer', 'Wheel'],
      ['Pan', 'Middle drag'],
      ['Orbit in 3D', 'Drag'],
      ['Pick a joint', 'Click it'],
      ['Turn it', 'Drag a ring'],
      ['In steps of 15°, 5°', 'Ctrl, Ctrl+Shift'],
    ],
  },
};
