import type { BodyStep } from '#core/body/bodySteps';
import type { Detection } from '#core/tracks/track';
import type { PlainError } from '#core/errors';
import type {
  ClipCamera,
  EstimatorOptions,
  ObservationRequest,
  ObservationTrack,
  PersonMotion,
} from '../estimation/estimator';
import type { BodyFamily } from '../bodymodel/bodyLibrary';
import type { Plausibility } from '../estimation/plausibility/judgeMotion';
import type { Provider } from '../inference/provider';
import type { RgbFrame } from '../video/rgbFrame';
import type { ImportOutcome, ImportRequest } from '../weights/importing/importModels';

/** Meshes to make: n frames of one person; the answer carries the arrays of the meshes bundle. */
export interface MeshRequest {
  bodyModel: string;
  /** 10, or frames x 10 where the shape is not one for all. */
  betas: Float32Array;
  /** n x 72 axis-angle, rad, camera axes. */
  poses: Float32Array;
  /** n x 3, m. */
  translations: Float32Array;
  frames: number;
}

/** Meshes as the screen takes them: positions in 16 bits, see MeshesMeta. */
export interface ScreenMeshes {
  positions: Uint16Array;
  origins: Float32Array;
  steps: Float32Array;
  normals: Int8Array;
  joints: Float32Array;
  jointRotations: Float32Array;
}

/** Everything a compute thread can be asked, with its answer. */
export interface ComputeTasks {
  detect: { input: { detector: string; effort: 'quick' | 'full'; frame: RgbFrame }; output: Detection[] };
  observe: {
    input: { estimator: string; quality: string; frame: RgbFrame; requests: ObservationRequest[] };
    output: Float32Array[];
  };
  solve: {
    input: {
      estimator: string;
      /** Id of the body model. */
      bodyModel: string;
      options: EstimatorOptions;
      track: ObservationTrack;
      changed: { from: number; to: number };
      camera: ClipCamera;
      isDraft: boolean;
      previous?: PersonMotion;
    };
    output: PersonMotion;
  };
  /** How natural motion is: `judge` says who found so. */
  judge: {
    input: { bodyModel: string; bodyFamily: BodyFamily; rows: PersonMotion; seconds: Float64Array };
    output: Plausibility;
  };
  /** Bodies for the screen; with `step` only as far as that step of SMPL. */
  meshes: { input: MeshRequest & { step?: BodyStep }; output: ScreenMeshes };
  /** Reads a person's own model files and compiles them; on a thread of its own, which is stopped to cancel it. */
  importModels: { input: ImportRequest; output: ImportOutcome };
  /** Exact positions for exports: n x V x 3 f32, metres, camera axes. */
  vertices: { input: MeshRequest; output: Float32Array };
}

/** Name of a task. */
export type ComputeTaskName = keyof ComputeTasks;

/** Engine to thread. */
export type ComputeRequest =
  | { type: 'run'; id: number; task: ComputeTaskName; input: unknown }
  | { type: 'cancel'; id: number }
  /** The last request: the thread cancels what is under way and ends by itself. */
  | { type: 'stop' };

/** Thread to engine. */
export type ComputeReply =
  | { type: 'done'; id: number; output: unknown }
  | { type: 'failed'; id: number; error: PlainError }
  | { type: 'progress'; id: number; share: number }
  /** Something that everybody who runs should know, for example a device that could not be used. */
  | { type: 'notice'; problem: PlainError };

/** What a compute thread needs to know at birth (workerData). */
export interface ComputeConfiguration {
  /** Folder of the converted networks. */
  modelsFolder: string;
  /** Folder of what a person imported: see `UserModelStore`. */
  userModelsFolder: string;
  /** File of the default body. */
  defaultBodyFile: string;
  /** What networks run on, in the order in which it is asked; the CPU alone when absent. */
  providers?: readonly Provider[];
  /** Threads that one network run may use. */
  networkThreads: number;
}
