import { AppError } from '#core/errors';
import { convertMoveNetMultiPose } from './tfjs/moveNetMultiPose';
import { convertBlazePose } from './tflite/blazePose';
import type { ModelEntry } from './models';

/** Makes the ONNX bytes of one model from its source files, by their path in the tarball. */
type Recipe = (files: ReadonlyMap<string, Uint8Array>, model: ModelEntry) => Uint8Array;

const RECIPES: Readonly<Record<string, Recipe>> = {
  'movenet-multipose': (files, model) => {
    const [json, weights] = model.sourceFiles.map((path) => fileAt(files, path));
    return convertMoveNetMultiPose(parseJson(json ?? new Uint8Array(0)), weights ?? new Uint8Array(0));
  },
  'blazepose-heavy': convertTfliteFile,
  'blazepose-full': convertTfliteFile,
};

/**
 * Converts one model of the registry; `files` holds its `sourceFiles`.
 * @throws AppError `MODEL_INVALID` when a file is missing or is not what the converter knows.
 */
export function convertModel(model: ModelEntry, files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const recipe = RECIPES[model.id];
  if (recipe === undefined) throw new AppError('INTERNAL', `There is no recipe for the model ${model.id}`);
  return recipe(files, model);
}

function convertTfliteFile(files: ReadonlyMap<string, Uint8Array>, model: ModelEntry): Uint8Array {
  return convertBlazePose(model.id, fileAt(files, model.sourceFiles[0] ?? ''));
}

function fileAt(files: ReadonlyMap<string, Uint8Array>, path: string): Uint8Array {
  const bytes = files.get(path);
  if (bytes === undefined) throw new AppError('MODEL_INVALID', `The package lacks the file ${path}`);
  return bytes;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new AppError('MODEL_INVALID', 'The model description is not JSON', { cause });
  }
}
