import { JOINT_COUNT, JOINT_PARENTS } from '#core/body/skeleton';
import type { SceneState } from '../sceneState';
import type { ViewportLayer } from './layer';
import { ThickLines } from './thickLines';

const MOST_PEOPLE = 12;

/** Bones as lines through the bodies; the selected person's in the accent. */
export class SkeletonLayer implements ViewportLayer {
  private readonly lines = new ThickLines(MOST_PEOPLE * JOINT_COUNT, { width: 1.8, casing: true, xray: true });
  readonly object = this.lines.object;

  update({ people, colors }: SceneState): void {
    this.lines.begin();
    for (const { body, isSelected, run, color } of people) {
      const ink = run ? color : isSelected ? colors.accent : colors.bone;
      for (let joint = 1; joint < JOINT_COUNT; joint++) {
        const parent = JOINT_PARENTS[joint] ?? 0;
        this.lines.segment(body.joints, parent * 3, body.joints, joint * 3, ink);
      }
    }
    this.lines.end();
  }

  dispose(): void {
    this.lines.dispose();
  }
}
