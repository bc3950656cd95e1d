import { spawn } from 'node:child_process';
import { z } from 'zod';
import { type Provider, PROVIDER_TITLES, PROVIDERS, type ProviderFinding } from '../provider';

/** Where each provider can be at all. */
const PLATFORMS: Readonly<Record<Provider, { platforms: readonly NodeJS.Platform[]; where: string }>> = {
  cuda: { platforms: ['linux', 'win32'], where: 'Linux and Windows only' },
  tensorrt: { platforms: ['linux', 'win32'], where: 'Linux and Windows only' },
  dml: { platforms: ['win32'], where: 'Windows only' },
  coreml: { platforms: ['darwin'], where: 'macOS only' },
  webgpu: { platforms: ['linux', 'win32', 'darwin'], where: 'desktop systems only' },
  cpu: { platforms: [], where: '' },
};

/** A driver may take long to start the first time; one that takes longer is of no use. */
const TIMEOUT_MS = 60_000;
const MOST_OUTPUT = 64 * 1024;

const findingSchema = z.object({
  provider: z.enum(PROVIDERS),
  state: z.enum(['works', 'refused', 'absent']),
  reason: z.string(),
  difference: z.number().nullish(),
  milliseconds: z.number().optional(),
});

/** How providers are tried. */
export interface ProbeOptions {
  /** Built file of `probeEntry.ts`. */
  entry: string;
  platform?: NodeJS.Platform;
  timeoutMs?: number;
  /** More for the environment of the throw-away process. */
  environment?: Readonly<Record<string, string>>;
}

/**
 * Tries every provider of this system, each in a process of its own, one after the other, so that a driver that crashes
 * or hangs takes nothing with it. CPU is not tried: it is what is left. Never rejects.
 */
export async function probeProviders(options: ProbeOptions): Promise<ProviderFinding[]> {
  const platform = options.platform ?? process.platform;
  const findings: ProviderFinding[] = [];
  for (const provider of PROVIDERS) {
    if (provider === 'cpu') continue;
    const { platforms, where } = PLATFORMS[provider];
    if (platforms.includes(platform)) findings.push(await probeProvider(provider, options));
    else findings.push({ provider, state: 'absent', reason: where });
  }
  return findings;
}

/** Tries one provider in a throw-away process. Never rejects. */
export function probeProvider(provider: Provider, options: ProbeOptions): Promise<ProviderFinding> {
  return new Promise((resolve) => {
    const refuse = (reason: string) => resolve({ provider, state: 'refused', reason });
    const child = spawn(process.execPath, [options.entry, provider], {
      stdio: ['ignore', 'pipe', 'ignore'],
      // Electron's program is Node only when it is told so. ONNX Runtime must not report its use to its makers.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', ORT_DISABLE_TELEMETRY: '1', ...options.environment },
      windowsHide: true,
    });
    let output = '';
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, options.timeoutMs ?? TIMEOUT_MS);
    const endWithParent = () => child.kill('SIGKILL');
    process.once('exit', endWithParent);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (output.length < MOST_OUTPUT) output += text;
    });
    child.on('error', (error) => refuse(`it could not be tried: ${error.message}`));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      process.off('exit', endWithParent);
      const finding = parseFinding(output);
      if (finding) resolve(finding);
      else if (isLate) refuse('its driver did not answer in time');
      else refuse(`its driver crashed (${signal ?? `exit code ${code}`})`);
    });
  });
}

function parseFinding(output: string): ProviderFinding | undefined {
  // The library may have printed lines of its own before.
  const line = output.trim().split('\n').at(-1) ?? '';
  try {
    const { difference, milliseconds, ...finding } = findingSchema.parse(JSON.parse(line));
    return {
      ...finding,
      ...(typeof difference === 'number' ? { difference } : {}),
      ...(milliseconds === undefined ? {} : { milliseconds }),
    };
  } catch {
    return undefined;
  }
}

/** What runs should use, in order, and why in a phrase. The CPU is always the last resort. */
export function chooseProviders(findings: readonly ProviderFinding[]): { providers: Provider[]; reason: string } {
  const working = findings.filter(({ state }) => state === 'works');
  const [best] = working;
  if (best) return { providers: [best.provider, 'cpu'], reason: best.reason };
  const tried = findings.filter(({ state }) => state === 'refused');
  const why = tried.map(({ provider, reason }) => `${PROVIDER_TITLES[provider]}: ${reason}`).join('; ');
  return { providers: ['cpu'], reason: why === '' ? 'no other device on this system' : why };
}
