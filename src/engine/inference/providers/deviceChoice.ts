import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, release } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type Provider, PROVIDERS, type ProviderFinding } from '../provider';
import { chooseProviders, probeProviders } from './probeProviders';

const memorySchema = z.object({
  key: z.string(),
  findings: z.array(
    z.object({
      provider: z.enum(PROVIDERS),
      state: z.enum(['works', 'refused', 'absent']),
      reason: z.string(),
      difference: z.number().optional(),
      milliseconds: z.number().optional(),
    }),
  ),
});

/** What networks run on, and what was found out about every other device. */
export interface DeviceVerdict {
  /** In the order in which they are asked; the CPU is the last. */
  providers: Provider[];
  /** Why, in a phrase. */
  reason: string;
  findings: ProviderFinding[];
}

/** How the choice is made. */
export interface DeviceChoiceOptions {
  /** Built file of `probeEntry.ts`; without it everything runs on the CPU. */
  probeEntry: string | undefined;
  /** File that remembers what was found. */
  memoryFile: string;
  appVersion: string;
  /** A provider that the person insists on (RETAKE_PROVIDER). */
  wanted: string | undefined;
}

/**
 * Chooses what networks run on: every device is tried once, in a process of its own, and the outcome is remembered until
 * Retake, the system or a driver changes.
 */
export class DeviceChoice {
  private verdict: Promise<DeviceVerdict> | undefined;

  constructor(private readonly options: DeviceChoiceOptions) {}

  /** The choice; made on the first call. Never rejects. */
  choose(): Promise<DeviceVerdict> {
    this.verdict ??= this.find();
    return this.verdict;
  }

  private async find(): Promise<DeviceVerdict> {
    const { probeEntry, wanted } = this.options;
    const forced = PROVIDERS.find((provider) => provider === wanted);
    if (forced) {
      const providers: Provider[] = forced === 'cpu' ? ['cpu'] : [forced, 'cpu'];
      return { providers, reason: 'as asked for with RETAKE_PROVIDER', findings: [] };
    }
    if (probeEntry === undefined || !existsSync(probeEntry)) {
      return { providers: ['cpu'], reason: 'the program that tries other devices is not built', findings: [] };
    }
    const key = driverKey(this.options.appVersion);
    const known = this.remembered(key);
    const findings = known ?? (await probeProviders({ entry: probeEntry }));
    if (!known) this.remember(key, findings);
    return { ...chooseProviders(findings), findings };
  }

  private remembered(key: string): ProviderFinding[] | undefined {
    try {
      const memory = memorySchema.parse(JSON.parse(readFileSync(this.options.memoryFile, 'utf8')));
      if (memory.key !== key) return undefined;
      return memory.findings.map(({ difference, milliseconds, ...finding }) => ({
        ...finding,
        ...(difference === undefined ? {} : { difference }),
        ...(milliseconds === undefined ? {} : { milliseconds }),
      }));
    } catch {
      return undefined;
    }
  }

  private remember(key: string, findings: readonly ProviderFinding[]): void {
    const { memoryFile } = this.options;
    try {
      mkdirSync(dirname(memoryFile), { recursive: true });
      const temporary = `${memoryFile}.${process.pid}.tmp`;
      writeFileSync(temporary, JSON.stringify({ key, findings }, null, 2));
      renameSync(temporary, memoryFile);
    } catch {
      // Tried again at the next start: a few seconds, no loss.
    }
  }
}

const DRIVER_FILES = {
  linux: ['/proc/driver/nvidia/version', '/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'],
  win32: ['nvcuda.dll', 'vulkan-1.dll', 'DirectML.dll', 'dxgi.dll'].map((name) =>
    join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', name),
  ),
} as const;
const DRIVER_SETTINGS = ['VK_ICD_FILENAMES', 'VK_DRIVER_FILES', 'CUDA_VISIBLE_DEVICES'];

/** A fingerprint of everything that may change a verdict: Retake, its runtime, the system, drivers and their settings. */
export function driverKey(appVersion: string): string {
  const files: readonly string[] =
    process.platform === 'linux' || process.platform === 'win32' ? DRIVER_FILES[process.platform] : [];
  const facts = {
    appVersion,
    system: [process.platform, process.arch, release(), availableParallelism()],
    drivers: files.map(driverFacts),
    settings: DRIVER_SETTINGS.map((name) => process.env[name] ?? ''),
  };
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

function driverFacts(path: string): unknown {
  try {
    const facts = statSync(path);
    if (facts.isDirectory()) return readdirSync(path).map((name) => [name, statSync(join(path, name)).mtimeMs]);
    return path.startsWith('/proc/') ? readFileSync(path, 'utf8') : [facts.size, facts.mtimeMs];
  } catch {
    return null;
  }
}
