import type { PlainError } from '#core/errors';
import { EventSource } from '../events';
import type { Provider } from '../inference/provider';
import { ComputeThread } from './computeThread';
import type { ComputeConfiguration, ComputeTaskName, ComputeTasks } from './task';

/** Threads for meshes: the second starts when the first is busy, and holds a copy of the body of its own. */
const MESH_THREADS = 2;

/**
 * The compute threads of the engine, by what they are for: networks (costly, a few at a time), geometry (fits that may
 * take seconds) and meshes (must answer at once while the others work; exports and the screen share them).
 */
export class ComputeLanes {
  /** What compute threads tell beside their answers. */
  readonly notices = new EventSource<PlainError>();
  private networks: ComputeThread[];
  private readonly geometry: ComputeThread;
  private readonly meshes: ComputeThread[];

  constructor(
    private readonly entry: string | URL,
    private readonly configuration: ComputeConfiguration,
    networkThreads: number,
    /** Finds out what networks run on; asked before the first network task. */
    private readonly chooseProviders?: () => Promise<readonly Provider[]>,
  ) {
    this.networks = Array.from({ length: networkThreads }, () => this.extraThread());
    this.geometry = this.extraThread();
    this.meshes = Array.from({ length: MESH_THREADS }, () => this.extraThread());
  }

  /** A thread beside the lanes for one long task; whoever asks for it stops it. */
  extraThread(): ComputeThread {
    return new ComputeThread(this.entry, this.configuration, (problem) => this.notices.emit(problem));
  }

  /** Gives up what the network threads have loaded: they finish what they were asked, later tasks load anew. */
  renewNetworks(): void {
    const old = this.networks;
    this.networks = old.map(() => this.extraThread());
    for (const thread of old) thread.stopWhenIdle();
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
    if (lane === 'networks' && this.chooseProviders && !this.configuration.providers) {
      return this.prepared(this.chooseProviders).then(() => this.threadFor(lane).run(task, input, signal, onProgress));
    }
    return this.threadFor(lane).run(task, input, signal, onProgress);
  }

  /** Threads read what they run on when they start, which is with their first task. */
  private async prepared(choose: () => Promise<readonly Provider[]>): Promise<void> {
    const providers = await choose();
    this.configuration.providers ??= providers;
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
  return task === 'solve' || task === 'judge' ? 'geometry' : 'networks';
}
