/** Values by key with a size each, least recently used first; the base of every cache of the page. */
export class ByteBudget<T> {
  private readonly entries = new Map<string, { value: T; bytes: number }>();
  private total = 0;

  /**
   * @param budget bytes that may be held
   * @param drop frees what a value holds outside of JavaScript's memory
   */
  constructor(
    private readonly budget: number,
    private readonly drop: (value: T) => void = () => {},
  ) {}

  /** Bytes held now. */
  get bytes(): number {
    return this.total;
  }

  has(key: string): boolean {
    return this.entries.has(key);
  }

  /** The value, which counts as used now. */
  use(key: string): T | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }

  /** Adds or replaces a value, then drops the longest unused ones that `isKept` does not name until the budget holds. */
  add(key: string, value: T, bytes: number, isKept: (key: string) => boolean = () => false): void {
    this.remove(key);
    this.entries.set(key, { value, bytes });
    this.total += bytes;
    for (const candidate of [...this.entries.keys()]) {
      if (this.total <= this.budget) return;
      if (candidate !== key && !isKept(candidate)) this.remove(candidate);
    }
  }

  remove(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.entries.delete(key);
    this.total -= entry.bytes;
    this.drop(entry.value);
  }

  clear(): void {
    for (const key of [...this.entries.keys()]) this.remove(key);
  }

  keys(): IterableIterator<string> {
    return this.entries.keys();
  }
}
