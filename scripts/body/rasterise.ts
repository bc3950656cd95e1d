/** A small software renderer: z-buffer, perspective-correct interpolation, Lambert shading with smooth normals. */

/**
 * A pinhole or orthographic camera. A world point p becomes q = rotation p + translation with x right, y down and z away
 * from the camera; the picture point is centre + focal (q.x / q.z, q.y / q.z), or centre + scale (q.x, q.y).
 */
export type Camera = {
  /** Row-major 3x3. */
  rotation: ArrayLike<number>;
  /** m. */
  translation: ArrayLike<number>;
  /** px. */
  centre: readonly [number, number];
} & ({ kind: 'perspective'; focal: number } | { kind: 'orthographic'; scale: number });

/** Colours are sRGB, 0 to 255. */
export type Colour = readonly [number, number, number];

/** A triangle mesh to draw. */
export interface RenderMesh {
  /** V * 3, m, world. */
  positions: ArrayLike<number>;
  /** F * 3, counter-clockwise seen from outside. */
  faces: ArrayLike<number>;
  /** V * 3, 0 to 255; or one colour for the whole mesh. */
  vertexColours: ArrayLike<number> | Colour;
  /** Draw back faces too (open surfaces such as a floor). Default false. */
  doubleSided?: boolean;
  /** Ignore the light: colours as they are. Default false. */
  unlit?: boolean;
}

/** A distant light plus an even one. */
export interface Light {
  /** World direction towards the light; need not have unit length. */
  direction: readonly [number, number, number];
  /** Share of light that falls everywhere, 0 to 1. */
  ambient: number;
}

/** What {@link renderMeshes} draws. */
export interface RenderOptions {
  width: number;
  height: number;
  camera: Camera;
  meshes: readonly RenderMesh[];
  /** One colour, or a picture of width * height * 3 bytes. */
  background: Colour | Uint8Array;
  light?: Light;
  /** Samples per pixel along each axis; 2 smooths edges well. Default 1. */
  samples?: number;
}

interface Target {
  width: number;
  height: number;
  depth: Float32Array;
  colour: Uint8Array;
}

/** Smooth normals of a mesh, V * 3, unit length (area-weighted sum of face normals). */
export function vertexNormals(positions: ArrayLike<number>, faces: ArrayLike<number>): Float32Array {
  const normals = new Float32Array(positions.length);
  for (let face = 0; face < faces.length; face += 3) {
    const [a, b, c] = [faces[face]! * 3, faces[face + 1]! * 3, faces[face + 2]! * 3];
    const ux = positions[b]! - positions[a]!;
    const uy = positions[b + 1]! - positions[a + 1]!;
    const uz = positions[b + 2]! - positions[a + 2]!;
    const vx = positions[c]! - positions[a]!;
    const vy = positions[c + 1]! - positions[a + 1]!;
    const vz = positions[c + 2]! - positions[a + 2]!;
    const normal = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx] as const;
    for (const vertex of [a, b, c]) for (let k = 0; k < 3; k++) normals[vertex + k]! += normal[k]!;
  }
  for (let at = 0; at < normals.length; at += 3) {
    const length = Math.hypot(normals[at]!, normals[at + 1]!, normals[at + 2]!) || 1;
    for (let k = 0; k < 3; k++) normals[at + k]! /= length;
  }
  return normals;
}

interface ProjectedMesh {
  /** V * 3: picture x, picture y, depth in m. */
  points: Float32Array;
  /** V * 3 shaded colours, 0 to 255 linear light scaled. */
  colours: Float32Array;
}

const toLinear = (value: number): number => (value / 255) ** 2.2;

function project(camera: Camera, mesh: RenderMesh, factor: number): Float32Array {
  const count = mesh.positions.length / 3;
  const points = new Float32Array(count * 3);
  const r = camera.rotation;
  const t = camera.translation;
  for (let vertex = 0; vertex < count; vertex++) {
    const [x, y, z] = [mesh.positions[vertex * 3]!, mesh.positions[vertex * 3 + 1]!, mesh.positions[vertex * 3 + 2]!];
    const qx = r[0]! * x + r[1]! * y + r[2]! * z + t[0]!;
    const qy = r[3]! * x + r[4]! * y + r[5]! * z + t[1]!;
    const qz = r[6]! * x + r[7]! * y + r[8]! * z + t[2]!;
    const scale = camera.kind === 'perspective' ? camera.focal / qz : camera.scale;
    points[vertex * 3] = (camera.centre[0] + qx * scale) * factor;
    points[vertex * 3 + 1] = (camera.centre[1] + qy * scale) * factor;
    points[vertex * 3 + 2] = qz;
  }
  return points;
}

/** Vertex colours in linear light, lit by Lambert's law. */
function shade(mesh: RenderMesh, light: Light): Float32Array {
  const count = mesh.positions.length / 3;
  const shared = mesh.vertexColours.length === 3 && count > 1;
  const colours = new Float32Array(count * 3);
  const normals = mesh.unlit ? undefined : vertexNormals(mesh.positions, mesh.faces);
  const length = Math.hypot(...light.direction) || 1;
  for (let vertex = 0; vertex < count; vertex++) {
    let amount = 1;
    if (normals) {
      let facing = 0;
      for (let k = 0; k < 3; k++) facing += (normals[vertex * 3 + k]! * light.direction[k]!) / length;
      if (mesh.doubleSided) facing = Math.abs(facing);
      // Half the ambient part wraps round the shape, so that faces turned away keep their form.
      amount = light.ambient * (0.75 + 0.25 * facing) + (1 - light.ambient) * Math.max(0, facing);
    }
    for (let k = 0; k < 3; k++) {
      colours[vertex * 3 + k] = amount * toLinear(mesh.vertexColours[shared ? k : vertex * 3 + k]!);
    }
  }
  return colours;
}

const toByte = new Uint8Array(4097).map((_, k) => Math.round(255 * (k / 4096) ** (1 / 2.2)));

/** Fills one triangle given by byte offsets of its three corners. */
function fillTriangle(target: Target, mesh: ProjectedMesh, corners: readonly number[], doubleSided: boolean): void {
  const { points, colours } = mesh;
  const a = corners[0]!;
  let [b, c] = [corners[1]!, corners[2]!];
  const [za, zc] = [points[a + 2]!, points[c + 2]!];
  if (za < 0.02 || points[b + 2]! < 0.02 || zc < 0.02) return;
  let area = edge(points, a, b, points[c]!, points[c + 1]!);
  // With y down a counter-clockwise triangle that faces the camera has a negative area.
  if (area > 0 && !doubleSided) return;
  if (area > 0) [b, c] = [c, b];
  area = -Math.abs(area);
  if (area === 0) return;
  const minX = Math.max(0, Math.floor(Math.min(points[a]!, points[b]!, points[c]!)));
  const maxX = Math.min(target.width - 1, Math.ceil(Math.max(points[a]!, points[b]!, points[c]!)));
  const minY = Math.max(0, Math.floor(Math.min(points[a + 1]!, points[b + 1]!, points[c + 1]!)));
  const maxY = Math.min(target.height - 1, Math.ceil(Math.max(points[a + 1]!, points[b + 1]!, points[c + 1]!)));
  const inverse = [1 / points[a + 2]!, 1 / points[b + 2]!, 1 / points[c + 2]!] as const;
  for (let y = minY; y <= maxY; y++) {
    for (let x = minX; x <= maxX; x++) {
      const wa = edge(points, b, c, x + 0.5, y + 0.5) / area;
      const wb = edge(points, c, a, x + 0.5, y + 0.5) / area;
      const wc = 1 - wa - wb;
      if (wa < 0 || wb < 0 || wc < 0) continue;
      const depth = 1 / (wa * inverse[0] + wb * inverse[1] + wc * inverse[2]);
      const at = y * target.width + x;
      if (depth >= target.depth[at]!) continue;
      target.depth[at] = depth;
      const [pa, pb, pc] = [wa * inverse[0] * depth, wb * inverse[1] * depth, wc * inverse[2] * depth];
      for (let k = 0; k < 3; k++) {
        const value = pa * colours[a + k]! + pb * colours[b + k]! + pc * colours[c + k]!;
        target.colour[at * 3 + k] = toByte[Math.min(4096, Math.max(0, Math.round(value * 4096)))]!;
      }
    }
  }
}

function edge(points: Float32Array, from: number, to: number, x: number, y: number): number {
  return (
    (points[to]! - points[from]!) * (y - points[from + 1]!) -
    (points[to + 1]! - points[from + 1]!) * (x - points[from]!)
  );
}

function fillBackground(target: Target, background: Colour | Uint8Array, samples: number): void {
  const picture = background instanceof Uint8Array ? background : undefined;
  const width = target.width / samples;
  for (let y = 0; y < target.height; y++) {
    for (let x = 0; x < target.width; x++) {
      const from = (Math.floor(y / samples) * width + Math.floor(x / samples)) * 3;
      for (let k = 0; k < 3; k++) {
        target.colour[(y * target.width + x) * 3 + k] = picture ? picture[from + k]! : background[k]!;
      }
    }
  }
}

/** Averages samples x samples blocks. */
function reduce(target: Target, samples: number): Uint8Array {
  if (samples === 1) return target.colour;
  const width = target.width / samples;
  const height = target.height / samples;
  const result = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let k = 0; k < 3; k++) {
        let sum = 0;
        for (let s = 0; s < samples * samples; s++) {
          const row = y * samples + Math.floor(s / samples);
          sum += target.colour[(row * target.width + x * samples + (s % samples)) * 3 + k]!;
        }
        result[(y * width + x) * 3 + k] = Math.round(sum / (samples * samples));
      }
    }
  }
  return result;
}

/**
 * Draws meshes over a background. Triangles nearer than 2 cm to the camera plane are left out.
 * @returns width * height * 3 bytes, RGB, rows from the top
 */
export function renderMeshes(options: RenderOptions): Uint8Array {
  const samples = options.samples ?? 1;
  const light = options.light ?? { direction: [0.35, 0.7, 0.9], ambient: 0.4 };
  const width = options.width * samples;
  const height = options.height * samples;
  const target: Target = {
    width,
    height,
    depth: new Float32Array(width * height).fill(Infinity),
    colour: new Uint8Array(width * height * 3),
  };
  fillBackground(target, options.background, samples);
  for (const mesh of options.meshes) {
    const projected = { points: project(options.camera, mesh, samples), colours: shade(mesh, light) };
    for (let face = 0; face < mesh.faces.length; face += 3) {
      const corners = [mesh.faces[face]! * 3, mesh.faces[face + 1]! * 3, mesh.faces[face + 2]! * 3];
      fillTriangle(target, projected, corners, mesh.doubleSided ?? false);
    }
  }
  return reduce(target, samples);
}

/**
 * A camera at `eye` looking at `target` with y up in the world.
 * @param lens perspective with a focal length in px, or orthographic with px per m
 */
export function lookAt(
  eye: readonly [number, number, number],
  target: readonly [number, number, number],
  centre: readonly [number, number],
  lens: { kind: 'perspective'; focal: number } | { kind: 'orthographic'; scale: number },
): Camera {
  const forward = normalise([target[0] - eye[0], target[1] - eye[1], target[2] - eye[2]]);
  const right = normalise(cross(forward, [0, 1, 0]));
  const down = cross(forward, right);
  const rotation = [...right, ...down, ...forward];
  const translation = [0, 1, 2].map(
    (row) => -(rotation[row * 3]! * eye[0] + rotation[row * 3 + 1]! * eye[1] + rotation[row * 3 + 2]! * eye[2]),
  );
  return { rotation, translation, centre, ...lens };
}

type Vector = readonly [number, number, number];

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function normalise(v: Vector): Vector {
  const length = Math.hypot(...v) || 1;
  return [v[0] / length, v[1] / length, v[2] / length];
}
