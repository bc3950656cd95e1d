import { RotateCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Banner } from '../controls/Marks';
import { useProject } from '../session/projectStore';
import styles from './workspace.module.css';

const PATIENCE_MS = 700;

/** Says that the line to the engine is down, once it has been for a moment. */
export function ConnectionBanner() {
  const isLost = useProject((state) => state.connection === 'lost');
  const unsaved = useProject((state) => state.unsavedEdits);
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (!isLost) {
      setShown(false);
      return undefined;
    }
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isLost]);
  if (!isShown) return null;
  const kept = unsaved > 0 ? `${unsaved} edits wait here and are saved when it is back.` : 'No edit was lost.';
  return (
    <div className={styles['lost']} role="alert">
      <Banner tone="warn" icon={RotateCw} title="The connection to the engine is lost">
        Connecting again. {kept}
      </Banner>
    </div>
  );
}
