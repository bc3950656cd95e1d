import { BETA_COUNT } from '#core/body/bodyModel';
import type { ComputeLanes } from './lanes';
import type { MeshRequest } from './task';

/** Fewer frames than these are not worth a second thread. */
const FEWEST_FRAMES = 16;

/** Frames [from, to) of a request. */
function stretchOf(request: MeshRequest, from: number, to: number): MeshRequest {
  const { betas, poses, translations, frames } = request;
  const isChanging = frames > 1 && betas.length === frames * BETA_COUNT;
  return {
    ...request,
    betas: isChanging ? betas.slice(from * BETA_COUNT, to * BETA_COUNT) : betas,
    poses: poses.slice(from * 72, to * 72),
    translations: translations.slice(from * 3, to * 3),
    frames: to - from,
  };
}

/** Exact meshes of a request, V x 3 f32 (m) for each frame, made on all mesh threads at once. */
export async function exactMeshes(
  lanes: ComputeLanes,
  request: MeshRequest,
  signal?: AbortSignal,
): Promise<Float32Array[]> {
  const { frames } = request;
  const parts = Math.max(1, Math.min(lanes.meshLanes, Math.floor(frames / FEWEST_FRAMES)));
  const bounds = Array.from({ length: parts + 1 }, (_, part) => Math.round((part * frames) / parts));
  const stretches = await Promise.all(
    bounds.slice(1).map(async (to, part) => {
      const from = bounds[part] ?? 0;
      const positions = await lanes.run('vertices', stretchOf(request, from, to), signal);
      const size = positions.length / Math.max(1, to - from);
      return Array.from({ length: to - from }, (_, row) => positions.subarray(row * size, (row + 1) * size));
    }),
  );
  return stretches.flat();
}
