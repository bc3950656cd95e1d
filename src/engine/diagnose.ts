import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { toPlainError } from '#core/errors';
import type { Diagnostic } from '#core/protocol/messages';
import { PROVIDER_TITLES, type ProviderFinding } from './inference/provider';
import { models } from './weights/models';
import { ModelStore } from './weights/modelStore';
import type { Workspace } from './workspace';

/**
 * What this installation can do and what it lacks: for `retake doctor`, the start page and the diagnostics page. Devices
 * that are still being tried are waited for with `waits` only.
 */
export async function diagnose(workspace: Workspace, options: { waits?: boolean } = {}): Promise<Diagnostic[]> {
  const { configuration } = workspace;
  return [
    ...(await deviceLines(workspace, options.waits === true)),
    await ready('ffmpeg', 'Video decoder', async () => {
      const { version, path } = await workspace.ffmpeg();
      return `ffmpeg ${version}, ${path}`;
    }),
    ...(await Promise.all(
      models.map(({ id, title, licence }) =>
        ready(id, title, async () => {
          await new ModelStore(configuration.modelsFolder).resolve(id);
          return licence;
        }),
      ),
    )),
    await ready('body', 'Default body', async () => {
      await workspace.bodies.default();
      return 'CC0 1.0';
    }),
    modelLine(workspace),
    sampleLine(configuration.sampleFile),
  ];
}

/** Devices are tried for some seconds once; the first page does not wait for that, ms. */
const DEVICE_MS = 1_000;

/** What networks run on and why, then every device that was looked for. */
async function deviceLines({ device }: Workspace, waits: boolean): Promise<Diagnostic[]> {
  const verdict = await (waits ? device.choose() : Promise.race([device.choose(), setTimeout(DEVICE_MS)]));
  if (!verdict) {
    const detail = 'Other devices are being tried';
    return [{ id: 'device', title: PROVIDER_TITLES.cpu, state: 'note', detail }];
  }
  const { providers, reason, findings } = verdict;
  const [chosen = 'cpu'] = providers;
  const cores = availableParallelism();
  const detail =
    chosen === 'cpu' ? `${cores} ${cores === 1 ? 'core' : 'cores'}, ${cpuReason(findings, reason)}` : reason;
  return [
    { id: 'device', title: PROVIDER_TITLES[chosen], state: 'ready', detail },
    ...findings
      .filter(({ provider }) => provider !== chosen)
      .map(({ provider, state, reason: because }) => ({
        id: `device-${provider}`,
        title: PROVIDER_TITLES[provider],
        state: 'note' as const,
        detail: state === 'refused' ? `Not used: ${because}` : because,
      })),
  ];
}

/** Why networks run on the CPU; the lines of the other devices say the rest. */
function cpuReason(findings: readonly ProviderFinding[], reason: string): string {
  return findings.length === 0 ? reason : 'nothing faster can be used';
}

/** What a person's own models lack; nothing is wrong without them. */
function modelLine(workspace: Workspace): Diagnostic {
  const { isReady, sentence } = workspace.models.readiness('vibe');
  const isEmpty = workspace.models.store.list().length === 0;
  const detail = isReady ? 'All files are there' : isEmpty ? 'Not set up; it is optional' : (sentence ?? '');
  return { id: 'vibe', title: 'VIBE with SMPL', state: isReady ? 'ready' : 'note', detail };
}

function sampleLine(sampleFile: string | undefined): Diagnostic {
  const isThere = sampleFile !== undefined && existsSync(sampleFile);
  return {
    id: 'sample',
    title: 'Sample clip',
    state: isThere ? 'ready' : 'note',
    detail: isThere ? 'CC0 1.0' : 'Not installed',
  };
}

async function ready(id: string, title: string, look: () => Promise<string>): Promise<Diagnostic> {
  try {
    return { id, title, state: 'ready', detail: await look() };
  } catch (error) {
    const { message, hint } = toPlainError(error);
    return { id, title, state: 'missing', detail: message, ...(hint === undefined ? {} : { hint }) };
  }
}
