import { isCancelled } from '#core/errors';
import { hasFrame, overlaps, type Span } from '#core/frames/span';

/** A piece of a person's results: frames `[from, to)` at a version of them. */
export interface PieceKey extends Span {
  person: string;
  version: number;
}

/** A piece that has been fetched. */
export interface Piece<T> extends PieceKey {
  value: T;
  bytes: number;
}

/** What is known of a person whose pieces are wanted. */
export interface WantedPerson {
  person: string;
  version: number;
  /** Frames that have results. */
  present: readonly Span[];
}

/** What is being looked at. */
export interface PieceFocus {
  frame: number;
  direction: 1 | -1;
  /** While true single frames are not asked for: they would come too late. */
  isMoving: boolean;
  /** It has been looked at for a moment. */
  isStill: boolean;
  /** In order of importance. */
  people: readonly WantedPerson[];
}

/** How a cache behaves. */
export interface SpanCacheOptions<T> {
  load(key: PieceKey, signal: AbortSignal): Promise<{ value: T; bytes: number }>;
  /** Frames in a piece; pieces begin at its multiples. */
  pieceFrames: number;
  /** Whether the frame in focus is fetched alone before its piece. */
  singleFirst: boolean;
  budgetBytes: number;
  inFlight: number;
  /** Milliseconds; replaced in tests. */
  now?: () => number;
}

const RETRY_MS = 2000;

const nameOf = ({ person, version, from, to }: PieceKey) => `${person}/${version}/${from}/${to}`;

/**
 * Pieces of results around the frame in focus, the frame itself first, then its piece, then the next one in the direction
 * of motion. What is no longer wanted is aborted; beyond the budget the pieces farthest from the focus go, those already
 * passed before those to come. A piece of an older version serves until the new one is there.
 */
export class SpanCache<T> {
  private focus: PieceFocus = { frame: 0, direction: 1, isMoving: false, isStill: true, people: [] };
  private readonly pieces = new Map<string, Piece<T>>();
  private readonly requests = new Map<string, AbortController>();
  private readonly failures = new Map<string, number>();
  private readonly listeners = new Set<() => void>();
  private total = 0;
  /** Gone to a frame far off: until it rests there only that frame is asked for, so that nothing delays it. */
  private isAfterJump = false;

  constructor(private readonly options: SpanCacheOptions<T>) {}

  /** Bytes held now. */
  get bytes(): number {
    return this.total;
  }

  /** Says what is being looked at; requests follow. */
  show(focus: PieceFocus): void {
    const distance = Math.abs(focus.frame - this.focus.frame);
    if (focus.isStill || focus.isMoving) this.isAfterJump = false;
    else if (distance > 0) this.isAfterJump = distance >= this.options.pieceFrames;
    this.focus = focus;
    this.plan();
  }

  /** The piece that holds a frame of a person at the version that is wanted; until it comes, the one that came last. */
  piece(person: string, frame: number): Piece<T> | undefined {
    const wanted = this.focus.people.find((entry) => entry.person === person)?.version;
    let best: Piece<T> | undefined;
    for (const piece of this.pieces.values()) {
      if (piece.person !== person || frame < piece.from || frame >= piece.to) continue;
      if (best?.version !== wanted || piece.version === wanted) best = piece;
    }
    return best;
  }

  /** Called when a piece came. Returns its own end. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Drops everything, for another project. */
  clear(): void {
    for (const controller of this.requests.values()) controller.abort();
    this.requests.clear();
    this.failures.clear();
    this.pieces.clear();
    this.total = 0;
    this.focus = { ...this.focus, people: [] };
  }

  /** True when something wanted is under way. */
  get isLoading(): boolean {
    return this.requests.size > 0;
  }

  private wanted(): PieceKey[] {
    const { frame, direction, isMoving, people } = this.focus;
    const { pieceFrames, singleFirst } = this.options;
    const start = Math.floor(frame / pieceFrames) * pieceFrames;
    const singles: PieceKey[] = [];
    const here: PieceKey[] = [];
    const next: PieceKey[] = [];
    for (const { person, version, present } of people) {
      const piece = (from: number) => ({ person, version, from: Math.max(0, from), to: from + pieceFrames });
      if (singleFirst && !isMoving && hasFrame(present, frame)) {
        singles.push({ person, version, from: frame, to: frame + 1 });
      }
      const wantsFrom = (from: number) => present.some((span) => overlaps(span, piece(from)));
      if (wantsFrom(start)) here.push(piece(start));
      if (wantsFrom(start + direction * pieceFrames)) next.push(piece(start + direction * pieceFrames));
    }
    const others = singleFirst && this.isAfterJump ? [] : [...here, ...next];
    return [...singles, ...others].filter((key) => !this.covers(key));
  }

  private covers(key: PieceKey): boolean {
    for (const piece of this.pieces.values()) {
      const isSame = piece.person === key.person && piece.version === key.version;
      if (isSame && piece.from <= key.from && piece.to >= key.to) return true;
    }
    return false;
  }

  private plan(): void {
    const wanted = this.wanted();
    const names = new Set(wanted.map(nameOf));
    for (const [name, controller] of this.requests) {
      if (names.has(name)) continue;
      controller.abort();
      this.requests.delete(name);
    }
    const now = this.now();
    for (const key of wanted) {
      if (this.requests.size >= this.options.inFlight) return;
      const name = nameOf(key);
      const failedAt = this.failures.get(name);
      if (failedAt !== undefined && now - failedAt < RETRY_MS) continue;
      if (!this.requests.has(name)) this.start(key, name);
    }
  }

  private now(): number {
    return this.options.now?.() ?? performance.now();
  }

  private start(key: PieceKey, name: string): void {
    const controller = new AbortController();
    this.requests.set(name, controller);
    this.options.load(key, controller.signal).then(
      ({ value, bytes }) => {
        if (this.requests.get(name) !== controller) return;
        this.requests.delete(name);
        this.failures.delete(name);
        this.add({ ...key, value, bytes }, name);
        for (const listener of [...this.listeners]) listener();
        this.plan();
      },
      (error: unknown) => {
        if (this.requests.get(name) !== controller) return;
        this.requests.delete(name);
        if (!isCancelled(error)) this.failures.set(name, this.now());
        this.plan();
      },
    );
  }

  private add(piece: Piece<T>, name: string): void {
    for (const [otherName, other] of this.pieces) {
      // Versions are names of states, not numbers in order: an undone edit brings an earlier one back.
      const isReplaced = other.person === piece.person;
      if (isReplaced && other.from >= piece.from && other.to <= piece.to) this.drop(otherName);
    }
    this.pieces.set(name, piece);
    this.total += piece.bytes;
    while (this.total > this.options.budgetBytes) {
      const victim = this.farthest();
      if (victim === undefined) return;
      this.drop(victim);
    }
  }

  private drop(name: string): void {
    this.total -= this.pieces.get(name)?.bytes ?? 0;
    this.pieces.delete(name);
  }

  /** The piece to give up next; never one that holds the frame in focus. */
  private farthest(): string | undefined {
    let worst: { name: string; cost: number } | undefined;
    for (const [name, piece] of this.pieces) {
      const cost = this.distanceOf(piece);
      if (cost > 0 && (!worst || cost > worst.cost)) worst = { name, cost };
    }
    return worst?.name;
  }

  /** Frames from the focus to a piece; those already passed count double. */
  private distanceOf(piece: Span): number {
    const { frame, direction } = this.focus;
    if (frame >= piece.from && frame < piece.to) return 0;
    const signed = frame < piece.from ? piece.from - frame : piece.to - 1 - frame;
    return signed * direction > 0 ? Math.abs(signed) : 2 * Math.abs(signed);
  }
}
