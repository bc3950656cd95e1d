import { ArrowLeftRight } from 'lucide-react';
import { IconButton } from '../controls/IconButton';
import { Segmented } from '../controls/Segmented';
import { compareStore, type CompareView, useCompare } from './compareStore';
import { showView, swapRuns } from './runActions';

const VIEWS: readonly { id: CompareView; title: string }[] = [
  { id: 'ghost', title: 'Ghosts' },
  { id: 'split', title: 'Split' },
  { id: 'blink', title: 'Blink' },
];

/** How the two runs are shown, and which of them is which. */
export function CompareViews() {
  const view = useCompare((state) => state.view);
  return (
    <>
      <Segmented label="How A and B are shown" value={view} options={VIEWS} onChange={showView} />
      <IconButton icon={ArrowLeftRight} label="Swap A and B" onClick={swapRuns} />
    </>
  );
}

/** Fraction of the way that the arrow keys move the divider, and with Shift. */
const STEPS = { fine: 0.01, coarse: 0.1 } as const;
const EDGE = 0.02;

/** Puts the divider somewhere, 0 (left) to 1, never quite at an edge. */
export function moveDivider(divider: number): void {
  compareStore.setState({ divider: Math.max(EDGE, Math.min(1 - EDGE, divider)) });
}

/** Where a key moves the divider to; undefined for keys that do not. */
export function dividerAfterKey(key: string, isShifted: boolean, divider: number): number | undefined {
  const step = isShifted ? STEPS.coarse : STEPS.fine;
  if (key === 'ArrowLeft') return divider - step;
  if (key === 'ArrowRight') return divider + step;
  if (key === 'Home') return 0;
  return key === 'End' ? 1 : undefined;
}
