import { z } from 'zod';
import { BETA_COUNT } from '../body/bodyModel';

/** Most letters of an actor's name. */
export const ACTOR_NAME_LENGTH = 80;

/** The shape of a person, saved to be used again in other clips. */
export const actorSchema = z.object({
  id: z.string().regex(/^[\w-]{1,64}$/),
  name: z.string().trim().min(1).max(ACTOR_NAME_LENGTH),
  /** Id of the body model that the betas belong to; they mean nothing to another one. */
  bodyModel: z.string().min(1).max(200),
  /** 10, standard deviations. */
  betas: z.array(z.number().min(-20).max(20)).length(BETA_COUNT),
  /** ISO 8601. */
  savedAt: z.string(),
});

/** See {@link actorSchema}. */
export type Actor = z.infer<typeof actorSchema>;

/** What is given to save one: without an id it is a new one, with an id it takes the place of that one. */
export const newActorSchema = actorSchema
  .omit({ id: true, savedAt: true })
  .extend({ id: actorSchema.shape.id.optional() });

/** See {@link newActorSchema}. */
export type NewActor = z.infer<typeof newActorSchema>;
