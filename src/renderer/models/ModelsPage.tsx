import { useState } from 'react';
import { useShell } from '../app/shellContext';
import { notify } from '../session/notices';
import { toAppError } from '../session/engineError';
import { BuiltInCard } from './BuiltInCard';
import { droppedFiles } from './droppedFiles';
import { ImportPanel } from './ImportPanel';
import { SetCard } from './SetCard';
import styles from './models.module.css';
import { importFiles, useModels } from './modelsStore';

/** What runs need: what is installed, what is missing and where it is to be had; files dropped anywhere are imported. */
export function ModelsPage() {
  const shell = useShell();
  const models = useModels((state) => state.models);
  const [isOver, setOver] = useState(false);
  const onDrop = (event: React.DragEvent) => {
    event.preventDefault();
    setOver(false);
    droppedFiles(shell, event.dataTransfer)
      .then((files) => importFiles(shell, files))
      .catch((error: unknown) => notify({ level: 'error', text: toAppError(error).message }));
  };
  const vibe = models?.sets.find((set) => set.id === 'vibe');
  return (
    <main
      className={styles['page']}
      data-region="models"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={onDrop}
    >
      <header className={styles['head']}>
        <h1>Models</h1>
        <p>
          Two roads to motion. The built-in one is ready.{' '}
          {vibe?.state === 'ready'
            ? 'VIBE is ready too: Retake keeps what you brought on this computer and never uploads or ships it.'
            : 'For VIBE, bring the files you have a licence for: Retake reads them here and never uploads or ships them.'}
        </p>
      </header>
      <div className={styles['columns']}>
        <div className={styles['cards']}>
          {models && <BuiltInCard networks={models.builtIn} />}
          {models?.sets.map((set) => (
            <SetCard key={set.id} set={set} />
          ))}
        </div>
        <ImportPanel isOver={isOver} />
      </div>
    </main>
  );
}
