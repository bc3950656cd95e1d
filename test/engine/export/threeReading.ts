import { type AnimationClip, AnimationMixer, type Object3D, type SkinnedMesh, Vector3 } from 'three';
import { FBXLoader } from 'three/examples/jsm/loaders/FBXLoader.js';
import { GLTFLoader } from 'three/examples/jsm/loaders/GLTFLoader.js';

/** A file as three sees it. */
export interface ThreeFile {
  root: Object3D;
  animations: AnimationClip[];
}

function arrayBuffer(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(copy).set(bytes);
  return copy;
}

/** Loads a binary FBX with three's FBXLoader. */
export function readFbxWithThree(bytes: Uint8Array): ThreeFile {
  const root = new FBXLoader().parse(arrayBuffer(bytes), '');
  return { root, animations: root.animations };
}

/** Loads a GLB with three's GLTFLoader. */
export async function readGlbWithThree(bytes: Uint8Array): Promise<ThreeFile> {
  // The loader asks for `self` only to find URL; Node has URL without `self`.
  Reflect.set(globalThis, 'self', globalThis);
  const gltf = await new GLTFLoader().parseAsync(arrayBuffer(bytes), '');
  return { root: gltf.scene, animations: gltf.animations };
}

/** Skinned meshes below an object, by name. */
export function skinnedMeshes(root: Object3D): Map<string, SkinnedMesh> {
  const found = new Map<string, SkinnedMesh>();
  root.traverse((object) => {
    if (isSkinned(object)) found.set(object.name, object);
  });
  return found;
}

function isSkinned(object: Object3D): object is SkinnedMesh {
  return 'isSkinnedMesh' in object;
}

/** Sets the first animation to a time in seconds; matrices are up to date afterwards. */
export function poseAt({ root, animations }: ThreeFile, seconds: number): void {
  const clip = animations[0];
  if (!clip) throw new Error('no animation');
  const mixer = new AnimationMixer(root);
  const action = mixer.clipAction(clip);
  action.clampWhenFinished = true;
  action.setLoop(2200, 1);
  action.play();
  mixer.setTime(Math.min(seconds, clip.duration));
  root.updateMatrixWorld(true);
  root.traverse((object) => {
    if (isSkinned(object)) object.skeleton.update();
  });
}

/** World positions of the vertices of a posed skinned mesh, as many as its geometry stores. */
export function worldVertices(mesh: SkinnedMesh): Float64Array {
  const count = mesh.geometry.getAttribute('position').count;
  const result = new Float64Array(count * 3);
  const point = new Vector3();
  for (let vertex = 0; vertex < count; vertex++) {
    mesh.getVertexPosition(vertex, point).applyMatrix4(mesh.matrixWorld);
    result.set([point.x, point.y, point.z], vertex * 3);
  }
  return result;
}

/** Largest distance of corresponding points; `match` gives the expected vertex of each found one. */
export function largestDistance(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  match: (vertex: number) => number,
  scale = 1,
): number {
  let largest = 0;
  for (let vertex = 0; vertex * 3 < found.length; vertex++) {
    const other = match(vertex);
    const distance = Math.hypot(
      ...[0, 1, 2].map((c) => (found[vertex * 3 + c] ?? Number.NaN) * scale - (expected[other * 3 + c] ?? Number.NaN)),
    );
    largest = Number.isNaN(distance) ? Infinity : Math.max(largest, distance);
  }
  return largest;
}
