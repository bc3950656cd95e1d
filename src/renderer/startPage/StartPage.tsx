import { Play } from 'lucide-react';
import { Button } from '../controls/Button';
import { useProject } from '../session/projectStore';
import text from '../theme/text.module.css';
import { DropZone } from './DropZone';
import { MissingVideoBanner } from './MissingVideoBanner';
import { openAndTell, useOpening } from './openMedia';
import { ReadyList } from './ReadyList';
import { RecentProjects } from './RecentProjects';
import samplePicture from './sample.jpg';
import styles from './startPage.module.css';

const STEPS = [
  ['Open', 'People are found and followed as boxes.'],
  ['Run', 'A body is fitted to each person in each frame.'],
  ['Correct', 'Fix boxes and mix-ups. Only what changed runs again.'],
  ['Export', 'FBX, GLB or OBJ, with units stated.'],
] as const;

function Sample() {
  const isBusy = useOpening((state) => state.name !== undefined);
  const isReady = useProject((state) => state.engine !== undefined);
  return (
    <section className={styles['sample']} aria-label="Sample">
      <img src={samplePicture} alt="" />
      <div className={text['grow']}>
        <b>New here? Try the sample clip</b>
        <p>Two people, 240 frames, no file of yours and no sign-up: find, correct, look in 3D, export.</p>
      </div>
      <Button
        size="l"
        icon={Play}
        disabled={isBusy || !isReady}
        onClick={() => void openAndTell('the sample', { source: 'sample' })}
      >
        Try the sample
      </Button>
    </section>
  );
}

/** What a page shows with no project open. */
export function StartPage() {
  return (
    <main className={styles['page']} data-region="start">
      <div className={styles['inner']}>
        <div className={styles['main']}>
          <MissingVideoBanner />
          <DropZone />
          <Sample />
          <ol className={styles['steps']}>
            {STEPS.map(([title, what], index) => (
              <li key={title}>
                <span className={styles['stepNumber']}>{index + 1}</span>
                <b>{title}</b>
                <p>{what}</p>
              </li>
            ))}
          </ol>
        </div>
        <aside className={styles['side']}>
          <RecentProjects />
          <ReadyList />
        </aside>
      </div>
    </main>
  );
}
