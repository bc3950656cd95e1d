import { ComputeThread } from './computeThread';
import type { ComputeConfiguration, ComputeTaskName, ComputeTasks } from './task';

/** Threads for meshes: the second starts when the first is busy, and holds a copy of the body of its own. */
const MESH_THREADS = 2;

/**
 * The compute threads of the engine, by what they are for: networks (costly, a few at a time), geometry (fits that may
 * take seconds) and meshes (must answer at once while the others work; exports and the screen share them).
 */
export class ComputeLanes {
  private readonly networks: ComputeThread[];
  private readonly geometry: ComputeThread;
  private readonly meshes: ComputeThread[];

  constructor(entry: string | URL, configuration: ComputeConfiguration, networkThreads: number) {
    const thread = () => new ComputeThread(entry, configuration);
    this.networks = Array.from({ length: networkThreads }, thread);
    this.geometry = thread();
    this.meshes = Array.from({ length: MESH_THREADS }, thread);
  }

  /** How many network tasks may usefully run at once. */
  get networkLanes(): number {
    return this.networks.length;
  }

  /** How many mesh tasks may usefully run at once. */
  get meshLanes(): number {
    return this.meshes.length;
  }

  /** Runs a task on the least busy thread of its lane; `lane` overrides the task's own for estimators that need it. */
  run<Name extends ComputeTaskName>(
    task: Name,
    input: ComputeTasks[Name]['input'],
    signal?: AbortSignal,
    lane: 'networks' | 'geometry' | 'meshes' = laneOf(task),
    onProgress?: (share: number) => void,
  ): Promise<ComputeTasks[Name]['output']> {
    return this.threadFor(lane).run(task, input, signal, onProgress);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.networks, this.geometry, ...this.meshes].map((thread) => thread.stop()));
  }

  private threadFor(lane: 'networks' | 'geometry' | 'meshes'): ComputeThread {
    if (lane === 'geometry') return this.geometry;
    const threads = lane === 'meshes' ? this.meshes : this.networks;
    return threads.reduce((least, thread) => (thread.load < least.load ? thread : least));
  }
}

function laneOf(task: ComputeTaskName): 'networks' | 'geometry' | 'meshes' {
  if (task === 'meshes' || task === 'vertices') return 'meshes';
  return task === 'solve' ? 'geometry' : 'networks';
}
