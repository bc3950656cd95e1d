import { z } from 'zod';
import { runSettingsSchema } from '../document/schema';

/** Longest name of a kept run. */
export const MOST_RUN_NAME = 80;

/** A run that was kept to be compared with: its bodies stay as they were. */
export const keptRunMessage = z.object({
  id: z.string(),
  /** Counts up within the project; never given twice. */
  number: z.int().min(1),
  name: z.string(),
  /** ISO 8601, UTC. */
  keptAt: z.string(),
  /** What the newest run was made with when it was kept. */
  settings: runSettingsSchema,
  /** Id of the body model that its motion is for. */
  bodyModel: z.string(),
  /** Its name for people; runs that were kept by earlier versions have none. */
  bodyTitle: z.string().optional(),
  people: z.array(
    z.object({
      person: z.string(),
      /** Frames with a body. */
      frames: z.int(),
      /** Part of the address of its motion and meshes; as they are compared now, where a list of runs was asked for. */
      version: z.int(),
    }),
  ),
});

/** See {@link keptRunMessage}. */
export type KeptRun = z.infer<typeof keptRunMessage>;
