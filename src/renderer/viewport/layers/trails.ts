import { Color } from 'three';
import { JOINT_COUNT } from '#core/body/skeleton';
import type { ScenePerson, SceneState } from '../sceneState';
import type { ViewportLayer } from './layer';
import { ThickLines } from './thickLines';

/** Wrists and ankles. */
const TRAILED_JOINTS = [20, 21, 7, 8] as const;
const FRAMES_BEFORE = 30;
const MOST_PEOPLE = 12;

/** The way of wrists and ankles over the last second of frames, in the person's colour, paler the longer ago. */
export class TrailsLayer implements ViewportLayer {
  private readonly lines = new ThickLines(MOST_PEOPLE * TRAILED_JOINTS.length * FRAMES_BEFORE, {
    width: 1.8,
    casing: false,
    xray: false,
  });
  readonly object = this.lines.object;
  private readonly faded = new Color();

  update(scene: SceneState): void {
    this.lines.begin();
    for (const entry of scene.people) {
      for (const joint of TRAILED_JOINTS) this.trail(entry, scene, joint);
    }
    this.lines.end();
  }

  dispose(): void {
    this.lines.dispose();
  }

  private trail(entry: ScenePerson, { motion, frame, colors }: SceneState, joint: number): void {
    let before = motion(entry, frame - FRAMES_BEFORE);
    for (let age = FRAMES_BEFORE - 1; age >= 0; age--) {
      const now = motion(entry, frame - age);
      if (before && now) {
        this.faded.copy(entry.color).lerp(colors.clayQuiet, age / FRAMES_BEFORE);
        const from = (before.row * JOINT_COUNT + joint) * 3;
        this.lines.segment(
          before.piece.joints,
          from,
          now.piece.joints,
          (now.row * JOINT_COUNT + joint) * 3,
          this.faded,
        );
      }
      before = now;
    }
  }
}
