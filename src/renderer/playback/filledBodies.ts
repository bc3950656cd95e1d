import { type BodyBuffers, createBodyBuffers, type MeshPiece, unpackBody } from './meshSource';

/** The body of one person in reused buffers. */
export interface ShownBody extends BodyBuffers {
  person: string;
  /** Frame that the buffers hold; -1 when they hold none yet. */
  frame: number;
  /** Raised whenever the buffers changed: upload again. */
  revision: number;
}

/** One set of buffers per person, filled again when the frame moves. */
export class FilledBodies {
  private readonly bodies = new Map<string, ShownBody>();
  private readonly filled = new Map<string, { piece: MeshPiece; frame: number }>();

  /** The buffers of a person; undefined before any body of theirs came. */
  get(person: string): ShownBody | undefined {
    return this.bodies.get(person);
  }

  /** Fills a person's buffers from a piece; they stay as they are where it has no body on the frame. */
  fill(person: string, piece: MeshPiece, frame: number): void {
    let body = this.bodies.get(person);
    if (!body || body.positions.length !== piece.vertexCount * 3) {
      body = { ...createBodyBuffers(piece.vertexCount), person, frame: -1, revision: 0 };
      this.bodies.set(person, body);
      this.filled.delete(person);
    }
    const key = this.filled.get(person);
    if (key?.piece === piece && key.frame === frame) return;
    if (!unpackBody(piece, frame, body)) return;
    this.filled.set(person, { piece, frame });
    body.frame = frame;
    body.revision++;
  }

  /** Forgets a person. */
  delete(person: string): void {
    this.bodies.delete(person);
    this.filled.delete(person);
  }

  clear(): void {
    this.bodies.clear();
    this.filled.clear();
  }
}
