/** Execution providers of ONNX Runtime that Retake knows how to ask for. */
export const PROVIDERS = ['cuda', 'tensorrt', 'dml', 'coreml', 'webgpu', 'cpu'] as const;

/** One of {@link PROVIDERS}. */
export type Provider = (typeof PROVIDERS)[number];

/** Names for people. */
export const PROVIDER_TITLES: Readonly<Record<Provider, string>> = {
  cuda: 'CUDA',
  tensorrt: 'TensorRT',
  dml: 'DirectML',
  coreml: 'CoreML',
  webgpu: 'WebGPU',
  cpu: 'CPU',
};

/** Which provider a session runs on, and why it is not the first one asked for. */
export interface ProviderVerdict {
  provider: Provider;
  /** One phrase for the status bar and logs, for example `cuda is not available: libcudnn not found`. */
  reason: string;
}

/** What was found out about a provider on this computer. */
export interface ProviderFinding {
  provider: Provider;
  /** `absent`: there is none on this system, so nothing was tried. */
  state: 'works' | 'refused' | 'absent';
  /** One phrase: why it is refused or absent, or how fast it is. */
  reason: string;
  /** Largest difference from the right answers of the built-in check, where it answered. */
  difference?: number;
  /** One run of the built-in check, ms, where it answered. */
  milliseconds?: number;
}
