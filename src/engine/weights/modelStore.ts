import { stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#core/errors';
import { models } from './models';
import { readManifest } from './setup/manifest';
import { USER_NETWORKS } from './userModels/partKinds';
import type { UserModelStore } from './userModels/userModelStore';

/** A converted network, ready to be opened. */
export interface ResolvedModel {
  id: string;
  path: string;
  /** SHA-256 of the ONNX file as recorded when it was converted, hex. */
  sha256: string;
  title: string;
  licence: string;
}

/**
 * Finds networks by id: the converted ones that come with Retake in one folder (`models/converted` of a checkout, the
 * resources of a packaged app), and those compiled from a person's own files in another.
 */
export class ModelStore {
  constructor(
    readonly directory: string,
    private readonly userModels?: UserModelStore,
  ) {}

  /**
   * Where a network is.
   * @throws AppError `MODEL_MISSING` when the id is unknown or the network has not been converted or imported.
   */
  async resolve(modelId: string): Promise<ResolvedModel> {
    if (this.userModels && Object.hasOwn(USER_NETWORKS, modelId)) return this.userModels.resolve(modelId);
    const model = models.find((candidate) => candidate.id === modelId);
    if (model === undefined) {
      const known = [...models.map((candidate) => candidate.id), ...Object.keys(USER_NETWORKS)].join(', ');
      throw new AppError('MODEL_MISSING', `There is no model "${modelId}"; known are ${known}`);
    }
    const converted = (await readManifest(this.directory)).models[modelId];
    const file = path.join(this.directory, model.file);
    const found = await stat(file).catch(() => undefined);
    if (converted === undefined || found?.size !== converted.bytes) {
      throw new AppError('MODEL_MISSING', `The network "${model.title}" is not in ${this.directory}`, {
        hint: 'Run "npm run setup" to fetch and convert the networks.',
      });
    }
    return { id: modelId, path: file, sha256: converted.sha256, title: model.title, licence: model.licence };
  }

  /** Every network that comes with Retake, with its file, undefined where it is missing. For `retake doctor`. */
  async list(): Promise<{ id: string; title: string; licence: string; found: ResolvedModel | undefined }[]> {
    return Promise.all(
      models.map(async ({ id, title, licence }) => ({
        id,
        title,
        licence,
        found: await this.resolve(id).catch(() => undefined),
      })),
    );
  }
}

/** Everything that comes with Retake, with its size; undefined where it is missing. For the models page. */
export async function builtInModels(
  directory: string,
  defaultBodyFile: string,
): Promise<{ id: string; title: string; licence: string; bytes?: number }[]> {
  const sized = async (id: string, title: string, licence: string, file: string) => {
    const bytes = (await stat(file).catch(() => undefined))?.size;
    return { id, title, licence, ...(bytes === undefined ? {} : { bytes }) };
  };
  return Promise.all([
    ...models.map(({ id, title, licence, file }) => sized(id, title, licence, path.join(directory, file))),
    sized('default-body', 'Default body', 'CC0 1.0, MakeHuman community assets', defaultBodyFile),
  ]);
}
