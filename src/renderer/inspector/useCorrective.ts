import { useEffect, useState, useSyncExternalStore } from 'react';
import { hasFrame } from '#core/frames/span';
import { bulkRoutes, type MeshesMeta } from '#core/protocol/bulkRoutes';
import { createBodyBuffers, type MeshPiece, readMeshPiece, unpackBody } from '../playback/meshSource';
import { stillness } from '../playback/stillness';
import { useShownFrame } from '../playback/useShownFrame';
import { fetchBundle } from '../session/bulk';
import { useProject } from '../session/projectStore';

/** How far the pose correctives move the vertices of a body on a frame, before it is posed. */
export interface CorrectiveMoves {
  /** V, mm. */
  moves: Float32Array;
  /** The largest of them, mm. */
  largest: number;
}

/**
 * Distances between a body with its shape and the same with the correctives of its pose. Both travel in 16-bit steps of
 * their bounding box, so a distance is up to 0.05 mm off.
 * @returns undefined where either has no body on the frame
 */
export function correctiveMoves(shaped: MeshPiece, corrected: MeshPiece, frame: number): CorrectiveMoves | undefined {
  const [before, after] = [createBodyBuffers(shaped.vertexCount), createBodyBuffers(shaped.vertexCount)];
  if (corrected.vertexCount !== shaped.vertexCount) return undefined;
  if (!unpackBody(shaped, frame, before) || !unpackBody(corrected, frame, after)) return undefined;
  const [a, b] = [before.positions, after.positions];
  const moves = Float32Array.from(
    { length: shaped.vertexCount },
    (_, vertex) =>
      1000 * Math.hypot(...[0, 1, 2].map((axis) => (b[vertex * 3 + axis] ?? 0) - (a[vertex * 3 + axis] ?? 0))),
  );
  return { moves, largest: moves.reduce((most, move) => Math.max(most, move), 0) };
}

/** What pose correctives do to a person's body on the shown frame, once time stands; undefined until it is known. */
export function useCorrective(person: string | undefined): CorrectiveMoves | undefined {
  const frame = useShownFrame();
  const isStill = useSyncExternalStore(stillness.subscribe, stillness.isStill);
  const projectId = useProject((state) => state.project?.projectId);
  const results = useProject((state) => state.project?.results.people.find((entry) => entry.person === person));
  const version = results && hasFrame(results.present, frame) ? results.version : undefined;
  const key = `${projectId} ${person} ${frame} ${version}`;
  const [found, setFound] = useState<{ key: string; moves: CorrectiveMoves | undefined }>();
  useEffect(() => {
    if (!isStill || projectId === undefined || person === undefined || version === undefined) return;
    const controller = new AbortController();
    const bodies = (['shaped', 'corrected'] as const).map(async (step) => {
      const address = bulkRoutes.preview(projectId, person, frame, { step });
      return readMeshPiece(await fetchBundle<MeshesMeta>(address, controller.signal));
    });
    Promise.all(bodies).then(
      ([shaped, corrected]) => {
        if (controller.signal.aborted || !shaped || !corrected) return;
        setFound({ key, moves: correctiveMoves(shaped, corrected, frame) });
      },
      // The line stays away; the next frame asks again.
      () => undefined,
    );
    return () => controller.abort();
  }, [isStill, projectId, person, version, frame, key]);
  return found?.key === key ? found.moves : undefined;
}
