/** Pictures kept in memory, limited by bytes; the least recently used go first. */
export class JpegMemory {
  private readonly pictures = new Map<string, Uint8Array>();
  private total = 0;

  constructor(private readonly budgetBytes: number) {}

  /** Bytes held. */
  get bytes(): number {
    return this.total;
  }

  /** The picture of a key, which becomes the most recently used; undefined when it is not held. */
  get(key: string): Uint8Array | undefined {
    const picture = this.pictures.get(key);
    if (picture !== undefined) {
      this.pictures.delete(key);
      this.pictures.set(key, picture);
    }
    return picture;
  }

  /** Keeps a picture and lets the oldest go. */
  set(key: string, picture: Uint8Array): void {
    this.total += picture.length - (this.pictures.get(key)?.length ?? 0);
    this.pictures.delete(key);
    this.pictures.set(key, picture);
    for (const [oldest, dropped] of this.pictures) {
      if (this.total <= this.budgetBytes || oldest === key) return;
      this.pictures.delete(oldest);
      this.total -= dropped.length;
    }
  }
}
