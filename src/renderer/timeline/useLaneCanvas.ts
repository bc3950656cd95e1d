import { type RefObject, useLayoutEffect, useRef } from 'react';
import { useView } from '../session/viewStore';
import { isSoftwareGl } from '../viewport/softwareGl';
import { useTimeline } from './timelineStore';

/**
 * A canvas as wide as the lanes and `height` px high, at the screen's resolution. `draw` is called whenever it changes
 * (make it with useCallback) or the width does; one unit is one CSS px. Where the processor draws, it is part of the
 * picture of its panel and no layer of its own, which would be blended into every picture of the page.
 */
export function useLaneCanvas(
  height: number,
  draw: (context: CanvasRenderingContext2D, element: HTMLCanvasElement, width: number) => void,
): RefObject<HTMLCanvasElement | null> {
  const ref = useRef<HTMLCanvasElement | null>(null);
  const width = useTimeline((state) => state.width);
  // Drawings read the theme's tokens.
  const theme = useView((state) => state.theme);
  useLayoutEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d', { willReadFrequently: isSoftwareGl() });
    if (!canvas || !context) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    draw(context, canvas, width);
  }, [draw, height, width, theme]);
  return ref;
}
