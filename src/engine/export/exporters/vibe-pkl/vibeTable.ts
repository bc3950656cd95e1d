import { vibeJoints, VIBE_JOINTS } from '#core/body/vibeJoints';
import { cropToPicture, projectInCrop } from '#core/camera/cropProjection';
import {
  type CropCamera,
  cropToImageCamera,
  toCropCamera,
  VIBE_CROP_SCALE,
  vibeCrop,
  weakPerspectiveAtOrigin,
} from '#core/camera/weakPerspective';
import { squareBox } from '../../../estimation/estimators/vibe/squareBox';
import type { VibePersonResult } from '../../../weights/joblib/vibePerson';
import type { ExportClip, ExportFrame, ExportPerson, SmplFrame } from '../../exportClip';

const POSE = 72;
const BETAS = 10;
const JOINTS = VIBE_JOINTS.length;

/** What a table is made of. */
export interface VibeTableSource {
  clip: ExportClip;
  person: ExportPerson;
  vibe: NonNullable<ExportClip['vibe']>;
  /** Crop side over box side in the conversion to the whole picture: 1 as VIBE has it, 1.1 where it is right. */
  boxScale: number;
  /** Called with every frame that was written. */
  onFrame: () => void;
}

/**
 * One person as VIBE's own result (reference vibe-smpl 12.1). All but vertices and joints is there at once; these are
 * filled in while `verts` passes by, which the file holds before them.
 */
export async function vibeTable(source: VibeTableSource, signal: AbortSignal): Promise<VibePersonResult> {
  const { clip, person } = source;
  const frameIds: number[] = [];
  for (let frame = clip.span.from; frame < clip.span.to; frame++) if (person.isPresent(frame)) frameIds.push(frame);
  const n = frameIds.length;
  const table = {
    predCam: new Float32Array(n * 3),
    origCam: new Float64Array(n * 4),
    pose: new Float32Array(n * POSE),
    betas: new Float32Array(n * BETAS),
    joints3d: new Float32Array(n * JOINTS * 3),
    joints2d: null,
    joints2dImgCoord: new Float32Array(n * JOINTS * 2),
    bboxes: new Float64Array(n * 4),
    frameIds,
  };
  let row = 0;
  for await (const frame of person.frames({ span: clip.span, vertices: false }, signal)) {
    if (!frame.present || !frame.smpl) continue;
    const { centreX, centreY, width, height } = boxOf(frame);
    const camera = cameraOf(frame, frame.smpl, clip);
    const side = width * source.boxScale;
    const whole = cropToImageCamera(camera, centreX, centreY, side, clip.picture.width, clip.picture.height);
    table.predCam.set([camera.s, camera.tx, camera.ty], row * 3);
    table.origCam.set([whole.sx, whole.sy, whole.tx, whole.ty], row * 4);
    table.pose.set(frame.smpl.pose, row * POSE);
    table.betas.set(frame.smpl.betas, row * BETAS);
    table.bboxes.set([centreX, centreY, width, height], row * 4);
    row += 1;
  }
  const chunks = () => passVertices(source, table, signal);
  return { ...table, verts: { vertexCount: person.restVertices.length / 3, chunks } };
}

/** The vertices frame by frame; fills in the joints on the way. */
async function* passVertices(
  { clip, person, vibe, boxScale, onFrame }: VibeTableSource,
  { joints3d, joints2dImgCoord }: { joints3d: Float32Array; joints2dImgCoord: Float32Array },
  signal: AbortSignal,
): AsyncGenerator<Float32Array> {
  let row = 0;
  const inCrop = new Float64Array(JOINTS * 2);
  for await (const frame of person.frames({ span: clip.span, vertices: 'smpl' }, signal)) {
    const { smpl, vertices } = frame;
    if (!frame.present || !smpl || !vertices) continue;
    const skeleton = frame.joints3dCamera.map((value, at) => value - (smpl.translation[at % 3] ?? 0));
    const joints = vibeJoints(skeleton, vertices, vibe.extraRegressor);
    joints3d.set(joints, row * JOINTS * 3);
    projectInCrop(cameraOf(frame, smpl, clip), joints, inCrop);
    const { centreX, centreY, width } = boxOf(frame);
    cropToPicture(inCrop, { centreX, centreY, side: width * boxScale }, inCrop);
    joints2dImgCoord.set(inCrop, row * JOINTS * 2);
    row += 1;
    onFrame();
    yield vertices;
  }
}

function boxOf({ box }: ExportFrame) {
  return squareBox(box ?? [0, 0, 1, 1]);
}

/** The crop's own camera where the estimator gave one, else the one that shows the body's origin in the same place. */
function cameraOf(frame: ExportFrame, { cropCamera, translation }: SmplFrame, { picture }: ExportClip): CropCamera {
  if (cropCamera) {
    const [s = 0, tx = 0, ty = 0] = cropCamera;
    return { s, tx, ty };
  }
  const { centreX, centreY, width } = boxOf(frame);
  return toCropCamera(weakPerspectiveAtOrigin(picture, translation), vibeCrop(centreX, centreY, width));
}

/** Crop side over box side for {@link VibeTableSource.boxScale}. */
export function boxScaleOf(cameras: 'run' | 'published' | 'corrected', matchesOriginal: boolean): number {
  const published = cameras === 'published' || (cameras === 'run' && matchesOriginal);
  return published ? 1 : VIBE_CROP_SCALE;
}
