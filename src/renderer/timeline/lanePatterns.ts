import type { LanePattern } from '../theme/identity';

const TILE = 10;
const INK = 'rgb(0 0 0 / .34)';

function lines(
  context: CanvasRenderingContext2D,
  segments: readonly (readonly [number, number, number, number])[],
): void {
  context.strokeStyle = INK;
  context.lineWidth = 1.2;
  context.beginPath();
  for (const [x1, y1, x2, y2] of segments) {
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
  }
  context.stroke();
}

const UP = [
  [-1, 6, 6, -1],
  [-1, 11, 11, -1],
  [4, 11, 11, 4],
] as const;
const DOWN = [
  [-1, 4, 6, 11],
  [-1, -1, 11, 11],
  [4, -1, 11, 6],
] as const;

function dots(context: CanvasRenderingContext2D): void {
  context.fillStyle = INK;
  for (const [x, y] of [
    [2.5, 2.5],
    [7.5, 7.5],
  ] as const) {
    context.beginPath();
    context.arc(x, y, 1.3, 0, Math.PI * 2);
    context.fill();
  }
}

const DRAW: Record<LanePattern, (context: CanvasRenderingContext2D) => void> = {
  solid: () => undefined,
  diagonalUp: (context) => lines(context, UP),
  dots,
  vertical: (context) =>
    lines(context, [
      [2.5, 0, 2.5, TILE],
      [7.5, 0, 7.5, TILE],
    ]),
  diagonalDown: (context) => lines(context, DOWN),
  horizontal: (context) =>
    lines(context, [
      [0, 2.5, TILE, 2.5],
      [0, 7.5, TILE, 7.5],
    ]),
  crossHatch: (context) => lines(context, [...UP, ...DOWN]),
  chequer: (context) => {
    context.fillStyle = INK;
    context.fillRect(0, 0, 5, 5);
    context.fillRect(5, 5, 5, 5);
  },
};

const tiles = new Map<string, HTMLCanvasElement>();

/** A tile of a person's pattern to fill over the colour; undefined for the solid one. */
export function patternFill(context: CanvasRenderingContext2D, pattern: LanePattern): CanvasPattern | undefined {
  if (pattern === 'solid') return undefined;
  let tile = tiles.get(pattern);
  if (!tile) {
    tile = document.createElement('canvas');
    tile.width = TILE * 2;
    tile.height = TILE * 2;
    const inner = tile.getContext('2d');
    if (!inner) return undefined;
    inner.scale(2, 2);
    DRAW[pattern](inner);
    tiles.set(pattern, tile);
  }
  const fill = context.createPattern(tile, 'repeat') ?? undefined;
  fill?.setTransform(new DOMMatrix([0.5, 0, 0, 0.5, 0, 0]));
  return fill;
}
