import { FileSearch } from 'lucide-react';
import { useStore } from 'zustand';
import { useShell } from '../app/shellContext';
import { Button } from '../controls/Button';
import { Banner } from '../controls/Marks';
import { chooseAndOpen, missingVideoStore, useOpening } from './openMedia';
import styles from './startPage.module.css';

/** Says that the video of a project is missed, and lets the person say where it is. */
export function MissingVideoBanner() {
  const shell = useShell();
  const missing = useStore(missingVideoStore, (state) => state.missing);
  const isBusy = useOpening((state) => state.name !== undefined);
  if (!missing) return null;
  return (
    <div className={styles['missing']} role="alert">
      <Banner tone="warn" icon={FileSearch} title={`The video of ${missing.name} was not found`}>
        {missing.message} Its boxes, bodies and edits are safe; say where the video is now.
      </Banner>
      <div className={styles['missingButtons']}>
        <Button look="primary" disabled={isBusy} onClick={() => void chooseAndOpen(shell, missing)}>
          Locate video…
        </Button>
        <Button disabled={isBusy} onClick={() => missingVideoStore.setState({ missing: undefined })}>
          Not now
        </Button>
      </div>
    </div>
  );
}
