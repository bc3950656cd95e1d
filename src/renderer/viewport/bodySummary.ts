import { JOINT } from '#core/body/skeleton';

/** What is said of a body in words. m, scene axes by the matrix. */
export interface SummaryBody {
  name: string;
  /** 24 * 3, m, camera axes. */
  joints: ArrayLike<number>;
}

/** Point `index` of xyz triples through a column-major 4x4: from camera axes to scene axes, m. */
export function scenePoint(
  points: ArrayLike<number>,
  index: number,
  matrix: ArrayLike<number>,
): [number, number, number] {
  const [x, y, z] = [points[index * 3] ?? 0, points[index * 3 + 1] ?? 0, points[index * 3 + 2] ?? 0];
  const row = (r: number) => matrix[r]! * x + matrix[r + 4]! * y + matrix[r + 8]! * z + matrix[r + 12]!;
  return [row(0), row(1), row(2)];
}

/** Which way a body faces for somebody beside the camera, from the line between its hips (camera axes). */
function facing(joints: ArrayLike<number>): string {
  const across = (c: number) => (joints[JOINT.leftHip * 3 + c] ?? 0) - (joints[JOINT.rightHip * 3 + c] ?? 0);
  // The left hip on the camera's right side (x) means the front is turned to the camera.
  const angle = (Math.atan2(across(2), across(0)) * 180) / Math.PI;
  if (Math.abs(angle) < 30) return 'the camera';
  if (Math.abs(angle) > 150) return 'away';
  if (angle > 0) return angle < 75 ? 'the camera, turned right' : angle > 105 ? 'away, turned right' : 'right';
  return angle > -75 ? 'the camera, turned left' : angle < -105 ? 'away, turned left' : 'left';
}

function describe(body: SummaryBody, sceneFromCamera: ArrayLike<number>): string {
  const distance = body.joints[JOINT.pelvis * 3 + 2] ?? 0;
  const [, pelvis] = scenePoint(body.joints, JOINT.pelvis, sceneFromCamera);
  const [, leftHand] = scenePoint(body.joints, JOINT.leftWrist, sceneFromCamera);
  const [, rightHand] = scenePoint(body.joints, JOINT.rightWrist, sceneFromCamera);
  const [, head] = scenePoint(body.joints, JOINT.head, sceneFromCamera);
  const raised = [leftHand > head ? 'left' : '', rightHand > head ? 'right' : ''].filter(Boolean);
  const hands = raised.length > 0 ? `, ${raised.join(' and ')} hand above the head` : '';
  return `${body.name}: ${distance.toFixed(1)} m from the camera, facing ${facing(body.joints)}, pelvis ${pelvis.toFixed(2)} m above the ground${hands}.`;
}

/** The 3D view in words, for screen readers. */
export function summarise(
  frame: number,
  view: string,
  bodies: readonly SummaryBody[],
  sceneFromCamera: ArrayLike<number>,
): string {
  if (bodies.length === 0) return `${view} view, frame ${frame}: no body on this frame.`;
  return [`${view} view, frame ${frame}.`, ...bodies.map((body) => describe(body, sceneFromCamera))].join(' ');
}
