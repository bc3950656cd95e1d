import type { Provider } from '../provider';

/** What runtimes and drivers say, and what it means. */
const MEANINGS: readonly [RegExp, string][] = [
  [/No supported adapters|Failed to get a WebGPU adapter/u, 'no graphics adapter with a usable driver was found'],
  [
    /Failed to load (shared )?library|cannot open shared object|LoadLibrary failed/u,
    'the libraries it needs are not installed',
  ],
  [/backend not found|no available backend/iu, 'this build of ONNX Runtime has no such device'],
  [
    /no CUDA-capable device|CUDA driver version is insufficient/iu,
    'no NVIDIA device with a driver that is new enough was found',
  ],
];

/** Why a provider is refused, as a phrase for people: known messages are explained, others lose their source paths. */
export function refusalOf(provider: Provider, message: string): string {
  for (const [pattern, meaning] of MEANINGS) if (pattern.test(message)) return meaning;
  const [line = ''] = message.replace(`${provider} is not available: `, '').split('\n');
  return line
    .replace(/\/\S+\.(cc|cpp|h):\d+\s*/gu, '')
    .trim()
    .slice(0, 200);
}
