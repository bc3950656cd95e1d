import type { LucideIcon } from 'lucide-react';
import type { Object3D } from 'three';
import type { OverlayId } from '../../session/viewStore';
import type { SceneState } from '../sceneState';

/** Something drawn in the 3D view. Owns what it puts on the GPU and reuses it from frame to frame. */
export interface ViewportLayer {
  readonly object: Object3D;
  /** Brings the object up to the scene; called only while the layer is shown. Allocates nothing. */
  update(scene: SceneState): void;
  dispose(): void;
}

/** A line of the registry. */
export interface LayerEntry {
  id: string;
  /** Title and icon of its button; only for layers with a switch of their own. */
  title: string;
  icon: LucideIcon;
  /** Switch of the view store; undefined for layers that are always shown. */
  overlay: OverlayId | undefined;
  /** Axes its object lives in: the video camera's (x right, y down, z forward) or the scene's (y up, ground at 0). */
  space: 'camera' | 'scene';
  create(): ViewportLayer;
}
