import type { BodyModel } from '#core/body/bodyModel';
import type { ProjectDocument } from '#core/document/schema';
import { standingScene, type SceneFrame } from '../pipeline/sceneFrame';
import { shapeEditFor, type ShownMotion } from './shownMotion';

/** How the scene of one project stands, made anew when what it was made from has changed. */
export class ProjectScene {
  private made: SceneFrame;
  /** Settings, shapes and choices that it was made with, as JSON. */
  private madeWith: string;

  constructor(document: ProjectDocument, body: BodyModel | undefined, shown: ShownMotion) {
    this.made = sceneOf(document, body, shown);
    this.madeWith = causesIn(document);
  }

  /** Camera axes to scene axes, and what is assumed in it. */
  get frame(): SceneFrame {
    return this.made;
  }

  /** True when it was made with these settings, shapes and choices; changed motion is not asked about. */
  fits(document: ProjectDocument): boolean {
    return this.madeWith === causesIn(document);
  }

  /** Makes it anew. */
  renew(document: ProjectDocument, body: BodyModel | undefined, shown: ShownMotion): void {
    this.made = sceneOf(document, body, shown);
    this.madeWith = causesIn(document);
  }
}

function sceneOf(document: ProjectDocument, body: BodyModel | undefined, shown: ShownMotion): SceneFrame {
  const people = body ? document.people.filter((person) => person.foldedBecause === undefined) : [];
  return standingScene(
    people.flatMap((person) => {
      const motion = shown.reshaped(person);
      const isHeightGiven = shapeEditFor(person, body) !== undefined;
      return body && motion ? [{ body, motion, isHeightGiven }] : [];
    }),
  );
}

/** What of a document a scene depends on, beside the motion, as text to compare. */
function causesIn({ settings, people }: ProjectDocument): string {
  const shapes = people.map(({ id, shapeEdit, choices }) => (shapeEdit || choices ? [id, shapeEdit, choices] : []));
  return JSON.stringify([settings, shapes]);
}
