import type { BodyModel } from '#core/body/bodyModel';
import type { ProjectDocument } from '#core/document/schema';
import { standingScene, type SceneFrame, type SceneOptions } from '../pipeline/sceneFrame';
import { shapeEditFor, type ShownMotion } from './shownMotion';

/** How the scene of one project stands, made anew when what it was made from has changed. */
export class ProjectScene {
  private made: MadeScene;
  /** Settings, shapes and choices that it was made with, as JSON. */
  private madeWith: string;

  /** @param unsized motion with people as large as they were estimated, or as a human set them */
  constructor(
    document: ProjectDocument,
    body: BodyModel | undefined,
    unsized: ShownMotion,
    private readonly options: () => SceneOptions,
  ) {
    this.made = sceneOf(document, body, unsized, options());
    this.madeWith = causesIn(document);
  }

  /** Camera axes to scene axes, and what is assumed in it. */
  get frame(): SceneFrame {
    return this.made.frame;
  }

  /** By what people (ids) are larger than they were estimated, so that they share a ground; who is not in it is not. */
  get sizes(): ReadonlyMap<string, number> {
    return this.made.sizes;
  }

  /** True when it was made with these settings, shapes and choices; changed motion is not asked about. */
  fits(document: ProjectDocument): boolean {
    return this.madeWith === causesIn(document);
  }

  /** Makes it anew. */
  renew(document: ProjectDocument, body: BodyModel | undefined, unsized: ShownMotion): void {
    this.made = sceneOf(document, body, unsized, this.options());
    this.madeWith = causesIn(document);
  }
}

interface MadeScene {
  frame: SceneFrame;
  sizes: Map<string, number>;
}

function sceneOf(
  document: ProjectDocument,
  body: BodyModel | undefined,
  unsized: ShownMotion,
  options: SceneOptions,
): MadeScene {
  const people = body ? document.people.filter((person) => person.foldedBecause === undefined) : [];
  const fitted = people.flatMap((person) => {
    const motion = unsized.reshaped(person);
    const isHeightGiven = shapeEditFor(person, body) !== undefined;
    return body && motion ? [{ id: person.id, body, motion, isHeightGiven }] : [];
  });
  const frame = standingScene(fitted, options);
  const sizes = new Map(fitted.map(({ id }, k) => [id, frame.sizes[k] ?? 1]));
  return { frame, sizes };
}

/** What of a document a scene depends on, beside the motion, as text to compare. */
function causesIn({ settings, people }: ProjectDocument): string {
  const shapes = people.map(({ id, foldedBecause, shapeEdit, choices }) => [id, foldedBecause, shapeEdit, choices]);
  return JSON.stringify([settings, shapes]);
}
