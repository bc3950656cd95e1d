import { encodeModel } from '../onnx/encodeModel';
import { convertGraphModel, type WantedHead } from './convertGraphModel';
import { readGraphModel } from './graphModel';

/** Name of the input of the converted network: RGB 0..255, N x 3 x H x W float32, H and W multiples of 32. */
export const MOVENET_INPUT = 'image';

/**
 * Heads of MoveNet MultiPose, all N x channels x H/4 x W/4 float32, in cells of 4 px. Pairs are y first, then x;
 * keypoints are in COCO order.
 *
 * - `center` (1): logit that a person's centre lies in the cell.
 * - `box_scale` (2): height and width of the person's box, cells; negative values mean 0.
 * - `box_offset` (2): y and x of the box centre from the cell's corner, cells.
 * - `keypoint_heatmap` (17): logit that keypoint q lies in the cell.
 * - `keypoint_regression` (34): y and x of keypoint q from the cell of the person's centre, cells; channels 2q, 2q+1.
 * - `keypoint_offset` (34): y and x of keypoint q from the corner of its own cell, cells; channels 2q, 2q+1.
 *
 * Decoding: reference section 8 of the pose-network notes, restated in models/README.md.
 */
export const MOVENET_HEADS: readonly WantedHead[] = [
  { node: 'StatefulPartitionedCall/center_0/conv2d_4/BiasAdd', output: 'center', channels: 1 },
  { node: 'StatefulPartitionedCall/box_scale_0/conv2d_5/BiasAdd', output: 'box_scale', channels: 2 },
  { node: 'StatefulPartitionedCall/box_offset_0/conv2d_6/BiasAdd', output: 'box_offset', channels: 2 },
  { node: 'StatefulPartitionedCall/kpt_heatmap_0/conv2d_7/BiasAdd', output: 'keypoint_heatmap', channels: 17 },
  { node: 'StatefulPartitionedCall/kpt_regress_0/conv2d_8/BiasAdd', output: 'keypoint_regression', channels: 34 },
  { node: 'StatefulPartitionedCall/kpt_offset_0/conv2d_9/BiasAdd', output: 'keypoint_offset', channels: 34 },
];

/**
 * Converts MoveNet MultiPose Lightning (TFJS graph model, one weights file) to ONNX bytes: input {@link MOVENET_INPUT},
 * outputs {@link MOVENET_HEADS}. The in-graph post-processing (6 people at most, fixed size) is left out.
 * @throws AppError `MODEL_INVALID` when the files are not that model.
 */
export function convertMoveNetMultiPose(json: unknown, weights: Uint8Array): Uint8Array {
  const graph = convertGraphModel(readGraphModel(json, weights), {
    name: 'movenet-multipose',
    input: MOVENET_INPUT,
    heads: MOVENET_HEADS,
    sizeMultiple: 32,
  });
  return encodeModel(graph);
}
