import { Film } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { RecentProject } from '#core/protocol/messages';
import { toAppError } from '../session/engineError';
import { useProject } from '../session/projectStore';
import { countOf } from '../wording/numbers';
import { formatDay } from '../wording/times';
import { openAndTell } from './openMedia';
import styles from './startPage.module.css';

function Recent({ project }: { project: RecentProject }) {
  return (
    <button
      type="button"
      className={styles['recent']}
      onClick={() => void openAndTell(project.name, { source: 'project', projectId: project.projectId })}
    >
      <span className={styles['recentIcon']}>
        <Film size={18} strokeWidth={1.25} aria-hidden />
      </span>
      <span style={{ minWidth: 0 }}>
        <b>{project.name}</b>
        <small>
          {countOf(project.frameCount, 'frame')}, {countOf(project.people, 'person', 'people')}
        </small>
        <small data-warn={project.note !== undefined}>{project.note ?? formatDay(project.changedAt)}</small>
      </span>
    </button>
  );
}

/** Projects opened before, newest first. */
export function RecentProjects() {
  const client = useProject((state) => state.client);
  const isReady = useProject((state) => state.engine !== undefined);
  const [projects, setProjects] = useState<readonly RecentProject[]>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    if (!client || !isReady) return;
    client.projects
      .recent({})
      .then(setProjects)
      .catch((error: unknown) => setProblem(toAppError(error).message));
  }, [client, isReady]);
  return (
    <section aria-label="Recent projects">
      <div className={styles['sideHead']}>
        <h2>Recent</h2>
      </div>
      {problem && <p className={styles['note']}>{problem}</p>}
      {projects?.length === 0 && <p className={styles['note']}>Videos you open appear here.</p>}
      {projects?.slice(0, 4).map((project) => (
        <Recent key={project.projectId} project={project} />
      ))}
    </section>
  );
}
