import { Lock, RotateCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '../controls/Button';
import { Banner } from '../controls/Marks';
import { useProject } from '../session/projectStore';
import styles from './workspace.module.css';

const PATIENCE_MS = 700;

/** Says why the project cannot be changed, until closed. */
export function ReadOnlyBanner() {
  const problem = useProject((state) => state.project?.readOnly);
  const projectId = useProject((state) => state.project?.projectId);
  const [closedFor, setClosedFor] = useState<string>();
  if (!problem || closedFor === projectId) return null;
  return (
    <div className={styles['lost']} role="status">
      <Banner tone="neutral" icon={Lock} title="Open for reading only">
        {problem.message} {problem.hint ?? 'Nothing will be changed; export works.'}{' '}
        <Button look="link" onClick={() => setClosedFor(projectId)}>
          Close
        </Button>
      </Banner>
    </div>
  );
}

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
