import type { BodyModel } from '#core/body/bodyModel';
import type { RunSettings } from '#core/document/schema';
import type { BodyLibrary } from '../bodymodel/bodyLibrary';
import { findEstimator } from '../estimation/registry';

function nameOf({ estimator, bodyModel }: RunSettings): string {
  return `${findEstimator(estimator).bodyFamily} ${bodyModel ?? ''}`;
}

/** The bodies that the settings of one project ask for, at hand without waiting once they were loaded. */
export class ProjectBodies {
  private readonly loaded = new Map<string, BodyModel>();

  constructor(private readonly bodies: BodyLibrary) {}

  /** The body of these settings, or undefined while it is not loaded. */
  known(settings: RunSettings): BodyModel | undefined {
    return this.loaded.get(nameOf(settings));
  }

  /** Loads the body of these settings. @throws AppError MODEL_MISSING, NOT_FOUND, BODY_INVALID */
  async load(settings: RunSettings): Promise<BodyModel> {
    const body = await this.bodies.choose(findEstimator(settings.estimator).bodyFamily, settings.bodyModel);
    this.loaded.set(nameOf(settings), body);
    return body;
  }
}
