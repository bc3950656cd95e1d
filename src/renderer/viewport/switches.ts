import { Grip, type LucideIcon, Rotate3d, ScanEye, Tag } from 'lucide-react';
import type { ViewportSwitch } from './viewportStore';

/** A way to look at bodies in 3D: its button and its key. */
export interface SwitchEntry {
  id: ViewportSwitch;
  /** Id of its command. */
  command: string;
  title: string;
  icon: LucideIcon;
  shortcut: string;
}

/** Ways to look at bodies in 3D that are on or off, in the order of their buttons. */
export const SWITCHES: readonly SwitchEntry[] = [
  { id: 'hasRings', command: 'view-rings', title: 'Rotation rings of the picked joint', icon: Rotate3d, shortcut: 'T' },
  { id: 'hasNames', command: 'view-names', title: 'Names of all joints', icon: Tag, shortcut: 'Shift+J' },
  {
    id: 'isXray',
    command: 'view-xray',
    title: 'X-ray: skeleton in see-through bodies',
    icon: ScanEye,
    shortcut: 'Shift+X',
  },
  { id: 'isWireframe', command: 'view-wireframe', title: 'Wireframe', icon: Grip, shortcut: 'W' },
];
