import { Box, Camera, Droplet, Grid3x3, PersonStanding, Spline, Waypoints } from 'lucide-react';
import { BodyLayer } from './body';
import { CameraFrustumLayer } from './cameraFrustum';
import { GroundLayer } from './ground';
import { JointsLayer } from './joints';
import type { LayerEntry } from './layer';
import { SkeletonLayer } from './skeleton';
import { SkinWeightsLayer } from './skinWeights';
import { TrailsLayer } from './trails';

/** Layers of the 3D view, in the order of their buttons. A new one is a file and a line here. */
export const LAYERS: readonly LayerEntry[] = [
  { id: 'body', title: 'Mesh', icon: Box, overlay: 'mesh', space: 'camera', create: () => new BodyLayer() },
  {
    id: 'skinWeights',
    title: 'Skin weights',
    icon: Droplet,
    overlay: 'weights',
    space: 'camera',
    create: () => new SkinWeightsLayer(),
  },
  {
    id: 'joints',
    title: 'Joints',
    icon: Waypoints,
    overlay: 'joints',
    space: 'camera',
    create: () => new JointsLayer(),
  },
  {
    id: 'skeleton',
    title: 'Skeleton',
    icon: PersonStanding,
    overlay: 'skeleton',
    space: 'camera',
    create: () => new SkeletonLayer(),
  },
  { id: 'trails', title: 'Trails', icon: Spline, overlay: 'trails', space: 'camera', create: () => new TrailsLayer() },
  { id: 'ground', title: 'Ground', icon: Grid3x3, overlay: 'ground', space: 'scene', create: () => new GroundLayer() },
  {
    id: 'camera',
    title: 'Video camera',
    icon: Camera,
    overlay: undefined,
    space: 'camera',
    create: () => new CameraFrustumLayer(),
  },
];
