import { Color, SRGBColorSpace } from 'three';
import { readToken } from '../theme/readToken';

/** A colour and how much of it. */
export interface Translucent {
  color: Color;
  /** 0 to 1. */
  alpha: number;
}

/** Colours of the 3D view, from the tokens of the theme. */
export interface ViewportColors {
  axes: readonly [Color, Color, Color];
  gridMinor: Translucent;
  gridMajor: Translucent;
  bone: Color;
  joint: Color;
  accent: Color;
  camera: Color;
  /** Body of the selected person, and of the others. */
  clay: Color;
  clayQuiet: Color;
  /** Of two compared runs. */
  runs: Readonly<Record<'A' | 'B', Color>>;
  /** By slot 1 to 8. */
  people: readonly Color[];
}

const scratch = typeof document === 'undefined' ? undefined : document.createElement('canvas');

/** Any CSS colour as numbers: the browser's own reading of it. */
function parseColor(css: string): Translucent {
  if (!scratch) return { color: new Color(), alpha: 1 };
  scratch.width = 1;
  scratch.height = 1;
  const context = scratch.getContext('2d', { willReadFrequently: true });
  if (!context) return { color: new Color(), alpha: 1 };
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = css;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 255] = context.getImageData(0, 0, 1, 1).data;
  return { color: new Color().setRGB(red / 255, green / 255, blue / 255, SRGBColorSpace), alpha: alpha / 255 };
}

/** Reads the colours for an element's theme. */
export function readViewportColors(element: Element): ViewportColors {
  const read = (name: `--${string}`) => parseColor(readToken(element, name));
  const isLight = document.documentElement.dataset['theme'] === 'light';
  return {
    axes: [read('--axis-x').color, read('--axis-y').color, read('--axis-z').color],
    gridMinor: read('--grid-minor'),
    gridMajor: read('--grid-major'),
    bone: read('--bone').color,
    joint: read('--joint').color,
    accent: read('--accent').color,
    camera: read('--text-3').color,
    clay: parseColor(isLight ? '#c3c6cc' : '#c9ccd2').color,
    clayQuiet: parseColor(isLight ? '#a4a8b0' : '#74787f').color,
    runs: { A: read('--run-a').color, B: read('--run-b').color },
    people: [1, 2, 3, 4, 5, 6, 7, 8].map((slot) => read(`--person-${slot}`).color),
  };
}
