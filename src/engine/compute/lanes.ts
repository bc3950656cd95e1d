import type { PlainError } from '#core/errors';
import { EventSource } from '../events';
import type { Provider } from '../inference/provider';
import { ComputeThread } from './computeThread';
import type { ComputeConfiguration, ComputeTaskName, ComputeTasks } from './task';

/** What a thread is for. */
type Lane = 'networks' | 'geometry' | 'meshes';

/** Threads for fits and for meshes: the second starts when the first is busy, and holds a copy of the body of its own. */
const THREADS = { geometry: 2, meshes: 2 } as const;

/**
 * The compute threads of the engine, by what they are for: networks (costly, a few at a time), geometry (fits that may
 * take seconds) and meshes (must answer at once while the others work; exports and the screen share them).
 */
export class ComputeLanes {
  /** What compute threads tell beside their answers. */
  readonly notices = new EventSource<PlainError>();
  private readonly threads: Record<Lane, ComputeThread[]>;

  constructor(
    private readonly entry: string | URL,
    private readonly configuration: ComputeConfiguration,
    networkThreads: number,
    /** Finds out what networks run on; asked before the first network task. */
    private readonly chooseProviders?: () => Promise<readonly Provider[]>,
  ) {
    const threads = (length: number) => Array.from({ length }, () => this.extraThread());
    this.threads = {
      networks: threads(networkThreads),
      geometry: threads(THREADS.geometry),
      meshes: threads(THREADS.meshes),
    };
  }

  /** A thread beside the lanes for one long task; whoever asks for it stops it. */
  extraThread(): ComputeThread {
    return new ComputeThread(this.entry, this.configuration, (problem) => this.notices.emit(problem));
  }

  /** Gives up what the network threads have loaded: they finish what they were asked, later tasks load anew. */
  renewNetworks(): void {
    const old = this.threads.networks;
    this.threads.networks = old.map(() => this.extraThread());
    for (const thread of old) thread.stopWhenIdle();
  }

  /** How many network tasks may usefully run at once. */
  get networkLanes(): number {
    return this.threads.networks.length;
  }

  /** How many fits may usefully run at once. */
  get geometryLanes(): number {
    return this.threads.geometry.length;
  }

  /** How many mesh tasks may usefully run at once. */
  get meshLanes(): number {
    return this.threads.meshes.length;
  }

  /** Runs a task on the least busy thread of its lane; `lane` overrides the task's own for estimators that need it. */
  run<Name extends ComputeTaskName>(
    task: Name,
    input: ComputeTasks[Name]['input'],
    signal?: AbortSignal,
    lane: Lane = laneOf(task),
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
    await Promise.all(Object.values(this.threads).flatMap((threads) => threads.map((thread) => thread.stop())));
  }

  private threadFor(lane: Lane): ComputeThread {
    return this.threads[lane].reduce((least, thread) => (thread.load < least.load ? thread : least));
  }
}

function laneOf(task: ComputeTaskName): Lane {
  if (task === 'meshes' || task === 'vertices') return 'meshes';
  return task === 'solve' || task === 'judge' ? 'geometry' : 'networks';
}
