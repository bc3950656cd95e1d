import { z } from 'zod';
import { DEFAULT_RUN_SETTINGS, type RunSettings } from '#core/document/schema';
import { AppError } from '#core/errors';
import { unknownOption } from '#engine/checkedOptions';
import type { Estimator } from '#engine/estimation/estimator';
import { estimatorOptions, findEstimator } from '#engine/estimation/registry';
import { findExporter } from '#engine/export/registry';
import { type OptionValues, textOption } from '../command';

/** Options by the id of the format or estimator they are for. */
type OptionsById = Map<string, Record<string, unknown>>;

/** What a call says about how to compute: settings to change, and options of the formats it exports. */
export interface ChosenOptions {
  settings: Partial<RunSettings>;
  formats: OptionsById;
}

/**
 * `--estimator`, `--match-vibe`, `--quality`, `--body` and `--set ID.OPTION=VALUE`, each checked against the schema of
 * what it is for before anything is computed.
 * @throws AppError INVALID_ARGUMENT, NOT_FOUND
 */
export function chosenOptions(values: OptionValues, formats: readonly string[]): ChosenOptions {
  const id = textOption(values, 'estimator');
  const estimator = findEstimator(id ?? DEFAULT_RUN_SETTINGS.estimator);
  const options = optionsById(values, formats, estimator);
  const preset = values['match-vibe'] === true ? presetOf(estimator, 'match-vibe').options : {};
  const own = { ...preset, ...options.get(estimator.id) };
  options.delete(estimator.id);
  for (const [exporter, chosen] of options) findExporter(exporter).resolveOptions(chosen);
  const quality = qualityOf(values, estimator);
  const bodyModel = textOption(values, 'body');
  const settings: Partial<RunSettings> = {
    ...(id === undefined ? {} : { estimator: id, quality: quality ?? estimator.qualities[0]?.id ?? '' }),
    ...(quality === undefined ? {} : { quality }),
    ...(id !== undefined || Object.keys(own).length > 0 ? { estimatorOptions: own } : {}),
    ...(bodyModel === undefined ? {} : { bodyModel }),
  };
  estimatorOptions({ ...DEFAULT_RUN_SETTINGS, estimator: estimator.id, estimatorOptions: own });
  return { settings, formats: options };
}

function presetOf(estimator: Estimator, id: string) {
  const preset = estimator.presets.find((candidate) => candidate.id === id);
  if (preset) return preset;
  throw new AppError('INVALID_ARGUMENT', `--${id} is nothing that ${estimator.title} can do.`, {
    hint: 'Add --estimator vibe, or leave it out.',
  });
}

function qualityOf(values: OptionValues, { title, qualities }: Estimator): string | undefined {
  const quality = textOption(values, 'quality');
  const known = qualities.map(({ id }) => id);
  if (quality === undefined || known.includes(quality)) return quality;
  throw new AppError('INVALID_ARGUMENT', `--quality of ${title} takes ${known.join(' or ')}, not "${quality}".`);
}

function optionsById(values: OptionValues, formats: readonly string[], estimator: Estimator): OptionsById {
  const options: OptionsById = new Map();
  for (const setting of Array.isArray(values['set']) ? values['set'].map(String) : []) {
    const match = /^([\w-]+)\.([\w-]+)=(.*)$/.exec(setting);
    if (!match) {
      throw new AppError('INVALID_ARGUMENT', `The setting "${setting}" is not of the form ID.OPTION=VALUE.`, {
        hint: 'For example --set fbx.target=unreal.',
      });
    }
    const [, id = '', name = '', text = ''] = match;
    if (id !== estimator.id && !formats.includes(id)) {
      throw new AppError('INVALID_ARGUMENT', `The setting "${setting}" is for a format that is not exported.`, {
        hint: `Add ${id} to --export, or leave the setting out.`,
      });
    }
    const isEstimator = id === estimator.id;
    const { title, optionsSchema } = isEstimator ? estimator : findExporter(id);
    const { shape } = optionsSchema;
    const known = Object.keys(shape);
    if (!known.includes(name)) throw unknownOption(isEstimator ? title : `the ${title} export`, name, known);
    options.set(id, { ...options.get(id), [name]: valueOf(text, shape[name]) });
  }
  return options;
}

/** The value that an option takes: the text itself where its schema allows that, as rates of exports do ("24"). */
function valueOf(text: string, schema: z.core.$ZodType | undefined): string | number | boolean {
  if (schema && z.safeParse(schema, text).success) return text;
  if (text === 'true' || text === 'false') return text === 'true';
  return text.trim() !== '' && !Number.isNaN(Number(text)) ? Number(text) : text;
}
