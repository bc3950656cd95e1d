import {
  Box as BoxIcon,
  Droplet,
  Grid3x3,
  type LucideIcon,
  PersonStanding,
  Spline,
  SquareDashed,
  Waypoints,
} from 'lucide-react';
import type { OverlayId } from '../session/viewStore';

/** Icons of the layers, on the stage and in 3D. */
export const OVERLAY_ICONS: Readonly<Record<OverlayId, LucideIcon>> = {
  boxes: SquareDashed,
  mesh: BoxIcon,
  weights: Droplet,
  joints: Waypoints,
  skeleton: PersonStanding,
  trails: Spline,
  ground: Grid3x3,
};
