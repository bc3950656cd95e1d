import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Actor, actorSchema, type NewActor } from '#core/document/actor';
import { AppError } from '#core/errors';
import { writeFileAtomically } from './atomicFile';

const fileSchema = z.object({ version: z.literal(1), actors: z.array(actorSchema) });

/** Most actors that are kept: a list that a person can still read. */
const MOST_ACTORS = 500;

/** Actors in one JSON file of the user's data folder, read anew each time: another window may have changed it. */
export class ActorStore {
  constructor(private readonly path: string) {}

  /**
   * All actors, by name.
   * @throws AppError INTERNAL when the file is damaged; it is never overwritten then
   */
  list(): Actor[] {
    if (!existsSync(this.path)) return [];
    try {
      const { actors } = fileSchema.parse(JSON.parse(readFileSync(this.path, 'utf8')));
      return actors.sort((a, b) => a.name.localeCompare(b.name));
    } catch (error) {
      throw new AppError('INTERNAL', `The saved actors in ${this.path} cannot be read.`, {
        hint: 'Move that file away to start with an empty list; what is in it stays as it is.',
        cause: error,
      });
    }
  }

  /** Adds an actor, or replaces the one with its id. @throws AppError NOT_FOUND, INVALID_ARGUMENT, DISK_FULL, READ_ONLY */
  save(given: NewActor): Actor {
    const actors = this.list();
    const { id } = given;
    if (id !== undefined && !actors.some((actor) => actor.id === id)) throw unknownActor();
    if (id === undefined && actors.length >= MOST_ACTORS) {
      throw new AppError('INVALID_ARGUMENT', `There are ${MOST_ACTORS} actors already, and no more are kept.`, {
        hint: 'Remove some that are not needed any more.',
      });
    }
    const actor: Actor = { ...given, id: id ?? randomUUID(), savedAt: new Date().toISOString() };
    this.write([...actors.filter((other) => other.id !== actor.id), actor]);
    return actor;
  }

  /** @throws AppError NOT_FOUND, DISK_FULL, READ_ONLY */
  remove(id: string): void {
    const actors = this.list();
    if (!actors.some((actor) => actor.id === id)) throw unknownActor();
    this.write(actors.filter((actor) => actor.id !== id));
  }

  private write(actors: Actor[]): void {
    writeFileAtomically(this.path, `${JSON.stringify({ version: 1, actors }, undefined, 2)}\n`, 'the list of actors');
  }
}

function unknownActor(): AppError {
  return new AppError('NOT_FOUND', 'This actor is not in the list any more.', { hint: 'Save it as a new one.' });
}
