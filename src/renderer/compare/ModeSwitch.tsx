import { Segmented } from '../controls/Segmented';
import { useCompare } from './compareStore';
import { showCompare } from './runActions';

const MODES = [
  { id: 'review', title: 'Review' },
  { id: 'compare', title: 'Compare' },
] as const;

/** Changes between correcting and comparing runs. */
export function ModeSwitch() {
  const isOpen = useCompare((state) => state.isOpen);
  return (
    <Segmented
      label="Workspace"
      value={isOpen ? 'compare' : 'review'}
      options={MODES}
      onChange={(mode) => void showCompare(mode === 'compare')}
    />
  );
}
