import type { MotionTrack } from '../../motionTrack';
import type { SampleGrid } from '../../sampleGrid';
import {
  type FbxNode,
  type FbxProperty,
  array,
  float64,
  int32,
  int64,
  integers,
  node,
  objectName,
  text,
} from './binary';
import { eulerCurves } from './eulerCurves';
import { lastTick, properties, property, TICKS_PER_SECOND } from './headNodes';
import type { ChannelLayout, FileLayout, PersonLayout } from './layout';

/** eInterpolationLinear with generic tangents, as other writers spell it. */
const LINEAR_KEYS = 24836;

/** Stack (take) and layer of the file. */
export function takeNodes(layout: FileLayout, grid: SampleGrid, name: string): FbxNode[] {
  const time = (key: string, value: bigint): FbxNode => property(key, 'KTime', 'Time', '', int64(value));
  const end = lastTick(grid);
  return [
    {
      ...node(
        'AnimationStack',
        [int64(layout.stack), objectName(name, 'AnimStack'), text('')],
        [
          properties(
            time('LocalStart', 0n),
            time('LocalStop', end),
            time('ReferenceStart', 0n),
            time('ReferenceStop', end),
          ),
        ],
      ),
      sealed: true,
    },
    {
      ...node('AnimationLayer', [int64(layout.layer), objectName('BaseLayer', 'AnimLayer'), text('')]),
      sealed: true,
    },
  ];
}

/** Key times of a grid, encoded once: all curves of a file share them. */
export function keyTimes(grid: SampleGrid): FbxProperty {
  return array(BigInt64Array.from({ length: grid.count }, (_, k) => grid.ticks(k, TICKS_PER_SECOND)));
}

function curveNode(id: number, times: FbxProperty, values: Float32Array): FbxNode {
  return node(
    'AnimationCurve',
    [int64(id), objectName('', 'AnimCurve'), text('')],
    [
      node('Default', [float64(values[0] ?? 0)]),
      node('KeyVer', [int32(4008)]),
      node('KeyTime', [times]),
      node('KeyValueFloat', [array(values)]),
      node('KeyAttrFlags', [integers([LINEAR_KEYS])]),
      node('KeyAttrDataFloat', [array(Float32Array.of(0, 0, 9.419963e-30, 0))]),
      node('KeyAttrRefCount', [integers([values.length])]),
    ],
  );
}

/**
 * Translation curves of a bone in units of the file. With a root bone the way over the ground is the root's, and height
 * is the pelvis's; both together are the pelvis of the clip.
 */
function translationCurves(track: MotionTrack, layout: PersonLayout, bone: number, scale: number): Float32Array[] {
  const isRoot = layout.bones[bone]?.joint === -1;
  const hasRoot = layout.bones[0]?.joint === -1;
  const rest = layout.bones.find(({ joint }) => joint === 0)?.rest ?? [0, 0, 0];
  return [0, 1, 2].map((axis) =>
    Float32Array.from({ length: track.count }, (_, row) => {
      const value = track.translations[row * 3 + axis]!;
      if (!hasRoot) return value * scale;
      if (axis === 1) return isRoot ? 0 : value * scale;
      return (isRoot ? value - rest[axis]! : rest[axis]!) * scale;
    }),
  );
}

function channelNodes(
  channel: ChannelLayout,
  layout: PersonLayout,
  track: MotionTrack,
  times: FbxProperty,
  scale: number,
): FbxNode[] {
  const joint = layout.bones[channel.bone]?.joint ?? 0;
  const curves =
    channel.property === 'R' ? eulerCurves(track, joint) : translationCurves(track, layout, channel.bone, scale);
  const first = ['X', 'Y', 'Z'].map((axis, k) =>
    property(`d|${axis}`, 'Number', '', 'A', float64(curves[k]?.[0] ?? 0)),
  );
  return [
    node(
      'AnimationCurveNode',
      [int64(channel.node), objectName(channel.property, 'AnimCurveNode'), text('')],
      [properties(...first)],
    ),
    ...channel.curves.map((id, k) => curveNode(id, times, curves[k] ?? new Float32Array(track.count))),
  ];
}

/** Curves of a person, bone by bone. */
export function* animationNodes(
  layout: PersonLayout,
  track: MotionTrack,
  times: FbxProperty,
  scale: number,
): Generator<FbxNode> {
  for (const channel of layout.channels) yield* channelNodes(channel, layout, track, times, scale);
}
