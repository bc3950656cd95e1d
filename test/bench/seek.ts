import { answerBulk } from '#engine/bulk';
import { bulkRoutes } from '#core/protocol/bulkRoutes';
import type { ProjectSession } from '#engine/project/projectSession';
import type { Workspace } from '#engine/workspace';
import { type Measurement, median } from './measure';

const SEEKS = 60;

/** Time until the engine has picture and meshes of a frame that was jumped to, with the preview made before. */
export async function benchSeek(workspace: Workspace, session: ProjectSession): Promise<Measurement> {
  await session.frames.fill();
  const { frameCount } = session.parts.media;
  const signal = new AbortController().signal;
  const times: number[] = [];
  for (let seek = 0; seek < SEEKS; seek++) {
    const frame = (seek * 97) % frameCount;
    const people = session.document.people.filter((person) => session.motion.get(person.id)?.present[frame] === 1);
    const start = performance.now();
    await Promise.all([
      answerBulk(workspace, bulkRoutes.frame(session.id, frame, 1280), signal),
      ...people.map(({ id }) => answerBulk(workspace, bulkRoutes.meshes(session.id, id, frame, frame + 1, 0), signal)),
    ]);
    times.push(performance.now() - start);
  }
  return {
    title: 'Jump to a frame: picture and meshes from the engine',
    meaning: 'no peer; without the page that draws them',
    detail: `median ${median(times).toFixed(1)} ms, slowest ${Math.max(...times).toFixed(1)} ms of ${SEEKS}`,
  };
}
