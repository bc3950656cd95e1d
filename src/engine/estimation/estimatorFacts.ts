import { optionsJsonSchema } from '../checkedOptions';
import type { Estimator } from './estimator';

/** An estimator as the run dialog and the terminal show it. `missing`: what is not on this computer yet, a sentence. */
export function estimatorFacts({ id, title, qualities, optionsSchema, presets }: Estimator, missing?: string) {
  return {
    id,
    title,
    qualities: qualities.map((quality) => ({ id: quality.id, title: quality.title })),
    optionsSchema: optionsJsonSchema(optionsSchema),
    presets: presets.map((preset) => ({ ...preset, options: { ...preset.options } })),
    ...(missing === undefined ? {} : { missing }),
  };
}
