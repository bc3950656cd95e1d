import { Lock, RotateCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import { bulkRoutes } from '#core/protocol/bulkRoutes';
import { Button } from '../controls/Button';
import { Banner } from '../controls/Marks';
import { useProject } from '../session/projectStore';
import { countOf } from '../wording/numbers';
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

const ASK_AGAIN_MS = 3000;

/** True once a server answers here that does not know this page: it was started again, with an address of its own. */
function useIsStranger(isLost: boolean): boolean {
  const [isStranger, setStranger] = useState(false);
  useEffect(() => {
    if (!isLost || !location.protocol.startsWith('http')) {
      setStranger(false);
      return undefined;
    }
    const ask = () =>
      fetch(bulkRoutes.body('none'))
        .then(({ status }) => setStranger(status === 403))
        .catch(() => undefined);
    const timer = setInterval(() => void ask(), ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isLost]);
  return isStranger;
}

/** Says that the line to the engine is down, once it has been for a moment. */
export function ConnectionBanner() {
  const isLost = useProject((state) => state.connection === 'lost');
  const unsaved = useProject((state) => state.unsavedEdits);
  const [isShown, setShown] = useState(false);
  const isStranger = useIsStranger(isLost);
  useEffect(() => {
    if (!isLost) {
      setShown(false);
      return undefined;
    }
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isLost]);
  if (!isShown) return null;
  if (isStranger) {
    const lost =
      unsaved > 0 ? `${countOf(unsaved, 'edit')} made since then ${unsaved === 1 ? 'is' : 'are'} not in it.` : '';
    return (
      <div className={styles['lost']} role="alert">
        <Banner tone="warn" icon={RotateCw} title="Retake was started again">
          Open the address that it printed now; this page belongs to the one before. All saved edits are there. {lost}
        </Banner>
      </div>
    );
  }
  const waits = unsaved === 1 ? 'waits here and is' : 'wait here and are';
  const kept = unsaved > 0 ? `${countOf(unsaved, 'edit')} ${waits} saved when it is back.` : 'No edit was lost.';
  return (
    <div className={styles['lost']} role="alert">
      <Banner tone="warn" icon={RotateCw} title="The connection to the engine is lost">
        Connecting again. {kept}
      </Banner>
    </div>
  );
}
