import { stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#core/errors';
import { models } from './models';
import { readManifest } from './setup/manifest';

/** A converted network, ready to be opened. */
export interface ResolvedModel {
  id: string;
  path: string;
  /** SHA-256 of the ONNX file as recorded when it was converted, hex. */
  sha256: string;
  title: string;
  licence: string;
}

/** Finds the converted networks in one folder (`models/converted` of a checkout, the resources of a packaged app). */
export class ModelStore {
  constructor(readonly directory: string) {}

  /**
   * Where a network is.
   * @throws AppError `MODEL_MISSING` when the id is unknown or the network has not been converted.
   */
  async resolve(modelId: string): Promise<ResolvedModel> {
    const model = models.find((candidate) => candidate.id === modelId);
    if (model === undefined) {
      const known = models.map((candidate) => candidate.id).join(', ');
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

  /** Every network of the registry with its file, undefined where it is missing. For `retake doctor`. */
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
