import { focusNextRegion } from '../app/regions';
import { OVERLAY_IDS, type OverlayId, showOnlyOverlay, toggleOverlay, viewStore } from '../session/viewStore';
import type { Command } from './command';
import { isProjectOpen } from './conditions';

const area = 'See';

/** Titles of the layers, also for toolbars. */
export const OVERLAY_TITLES: Readonly<Record<OverlayId, string>> = {
  boxes: 'Boxes',
  mesh: 'Mesh',
  weights: 'Skin weights',
  joints: 'Joints',
  skeleton: 'Skeleton',
  trails: 'Trails',
  ground: 'Ground',
};

function overlayCommands(): Command[] {
  return OVERLAY_IDS.flatMap((overlay, index) => [
    {
      id: `show-${overlay}`,
      title: OVERLAY_TITLES[overlay],
      area,
      shortcuts: [`${index + 1}`],
      when: isProjectOpen,
      run: () => toggleOverlay(overlay),
    },
    {
      id: `show-only-${overlay}`,
      title: `Only ${OVERLAY_TITLES[overlay].toLowerCase()}`,
      area,
      shortcuts: [`Shift+${index + 1}`],
      when: isProjectOpen,
      run: () => showOnlyOverlay(overlay),
    },
  ]);
}

/** Commands of layers, regions and theme. */
export const viewCommands: readonly Command[] = [
  ...overlayCommands(),
  { id: 'next-region', title: 'Next panel', area, shortcuts: ['F6'], when: () => true, run: () => focusNextRegion(1) },
  {
    id: 'previous-region',
    title: 'Previous panel',
    area,
    shortcuts: ['Shift+F6'],
    when: () => true,
    run: () => focusNextRegion(-1),
  },
  {
    id: 'theme',
    title: 'Light or dark theme',
    area,
    shortcuts: [],
    when: () => true,
    run: () => viewStore.setState(({ theme }) => ({ theme: theme === 'dark' ? 'light' : 'dark' })),
  },
];
