/**
 * The inner loops of the mesh engine (src/engine/bodymodel/meshEngine.ts), in AssemblyScript: WebAssembly with 128-bit
 * SIMD. `npm run build:kernels` compiles it into src/engine/bodymodel/meshKernelCode.ts.
 *
 * Four frames travel side by side in the four lanes of a vector, so that vertices need no shuffling, whatever joints
 * they follow. A tile is 8 frames: two vectors. All numbers are f32, lengths in m. Layouts (L = 4 lanes):
 * - features     tile: (jointCount - 1) * 9 x 2L, elements of R - I, row-major, joints 1 and up
 * - betas        tile: shapeCount x 2L, only for betas that change from frame to frame
 * - maps         half tile: jointCount x 12 x L, rows of the 3x4 maps from rest to posed
 * - translations half tile: 3 x L
 * - posed        half tile: vertexCount x 3 x L
 * - directions   per vertex and block: 9 x 3, m per unit of feature, coordinate fastest
 */

let vertexCount: i32 = 0;
let faceCount: i32 = 0;
let featureBytes: usize = 0;
let mapBytes: usize = 0;
let rest: usize = 0;
let shapeCount: i32 = 0;
let shapes: usize = 0;
let blockStarts: usize = 0;
let blockFeatures: usize = 0;
let directions: usize = 0;
let slotStarts: usize = 0;
let slotMaps: usize = 0;
let slotWeights: usize = 0;
let corners: usize = 0;
let features: usize = 0;
let betas: usize = 0;
let maps: usize = 0;
let translations: usize = 0;
let posed: usize = 0;

/** Says where the body lies: rest V x 3; shapes V x shapeCount x 3; slots are (vertex, joint) pairs with a weight. */
export function setBody(
  vertices: i32,
  faces: i32,
  joints: i32,
  restAt: usize,
  blockStartsAt: usize,
  blockFeaturesAt: usize,
  directionsAt: usize,
  slotStartsAt: usize,
  slotMapsAt: usize,
  slotWeightsAt: usize,
  cornersAt: usize,
): void {
  vertexCount = vertices;
  faceCount = faces;
  featureBytes = <usize>(joints - 1) * 9 * 32;
  mapBytes = <usize>joints * 12 * 16;
  rest = restAt;
  blockStarts = blockStartsAt;
  blockFeatures = blockFeaturesAt;
  directions = directionsAt;
  slotStarts = slotStartsAt;
  slotMaps = slotMapsAt;
  slotWeights = slotWeightsAt;
  corners = cornersAt;
}

/** Says how many betas change from frame to frame (0: `rest` is shaped already) and where their directions lie. */
export function setShapes(count: i32, at: usize): void {
  shapeCount = count;
  shapes = at;
}

/** Says where the frames lie. */
export function setFrames(
  featuresAt: usize,
  betasAt: usize,
  mapsAt: usize,
  translationsAt: usize,
  posedAt: usize,
): void {
  features = featuresAt;
  betas = betasAt;
  maps = mapsAt;
  translations = translationsAt;
  posed = posedAt;
}

/** Sums the maps of a vertex's joints by weight, moves (x, y, z) by the sum and writes it at `out`. */
function skin(vertex: i32, x: v128, y: v128, z: v128, half: i32): void {
  const from = load<u32>(slotStarts + ((<usize>vertex) << 2));
  const to = load<u32>(slotStarts + ((<usize>vertex) << 2), 4);
  const all = maps + <usize>half * mapBytes;
  let m = all + load<u32>(slotMaps + ((<usize>from) << 2));
  let w = v128.load32_splat(slotWeights + ((<usize>from) << 2));
  let xx = f32x4.mul(w, v128.load(m));
  let xy = f32x4.mul(w, v128.load(m, 16));
  let xz = f32x4.mul(w, v128.load(m, 32));
  let xt = f32x4.mul(w, v128.load(m, 48));
  let yx = f32x4.mul(w, v128.load(m, 64));
  let yy = f32x4.mul(w, v128.load(m, 80));
  let yz = f32x4.mul(w, v128.load(m, 96));
  let yt = f32x4.mul(w, v128.load(m, 112));
  let zx = f32x4.mul(w, v128.load(m, 128));
  let zy = f32x4.mul(w, v128.load(m, 144));
  let zz = f32x4.mul(w, v128.load(m, 160));
  let zt = f32x4.mul(w, v128.load(m, 176));
  for (let slot = from + 1; slot < to; slot++) {
    m = all + load<u32>(slotMaps + ((<usize>slot) << 2));
    w = v128.load32_splat(slotWeights + ((<usize>slot) << 2));
    xx = f32x4.add(xx, f32x4.mul(w, v128.load(m)));
    xy = f32x4.add(xy, f32x4.mul(w, v128.load(m, 16)));
    xz = f32x4.add(xz, f32x4.mul(w, v128.load(m, 32)));
    xt = f32x4.add(xt, f32x4.mul(w, v128.load(m, 48)));
    yx = f32x4.add(yx, f32x4.mul(w, v128.load(m, 64)));
    yy = f32x4.add(yy, f32x4.mul(w, v128.load(m, 80)));
    yz = f32x4.add(yz, f32x4.mul(w, v128.load(m, 96)));
    yt = f32x4.add(yt, f32x4.mul(w, v128.load(m, 112)));
    zx = f32x4.add(zx, f32x4.mul(w, v128.load(m, 128)));
    zy = f32x4.add(zy, f32x4.mul(w, v128.load(m, 144)));
    zz = f32x4.add(zz, f32x4.mul(w, v128.load(m, 160)));
    zt = f32x4.add(zt, f32x4.mul(w, v128.load(m, 176)));
  }
  // The translation comes last: far from the origin only this one rounding is large.
  const moved = translations + <usize>half * 48;
  const out = posed + <usize>(half * vertexCount + vertex) * 48;
  v128.store(out, f32x4.add(v128.load(moved), affine(xx, xy, xz, xt, x, y, z)));
  v128.store(out, f32x4.add(v128.load(moved, 16), affine(yx, yy, yz, yt, x, y, z)), 16);
  v128.store(out, f32x4.add(v128.load(moved, 32), affine(zx, zy, zz, zt, x, y, z)), 32);
}

function affine(a: v128, b: v128, c: v128, t: v128, x: v128, y: v128, z: v128): v128 {
  return f32x4.add(f32x4.add(f32x4.mul(a, x), f32x4.mul(b, y)), f32x4.add(f32x4.mul(c, z), t));
}

/** Shapes, corrects and skins vertices [from, to) of the 8 frames of a tile. */
export function poseEight(tile: i32, from: i32, to: i32): void {
  const tileFeatures = features + <usize>tile * featureBytes;
  const tileBetas = betas + <usize>(tile * shapeCount) * 32;
  let shape = shapes + <usize>(from * shapeCount) * 12;
  let block = load<u32>(blockStarts + ((<usize>from) << 2));
  let d = directions + <usize>block * 108;
  for (let vertex = from; vertex < to; vertex++) {
    const start = rest + <usize>vertex * 12;
    let x0 = v128.load32_splat(start);
    let y0 = v128.load32_splat(start, 4);
    let z0 = v128.load32_splat(start, 8);
    let x1 = x0;
    let y1 = y0;
    let z1 = z0;
    let b = tileBetas;
    for (let k = 0; k < shapeCount; k++) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      const dx = v128.load32_splat(shape);
      const dy = v128.load32_splat(shape, 4);
      const dz = v128.load32_splat(shape, 8);
      x0 = f32x4.add(x0, f32x4.mul(dx, b0));
      x1 = f32x4.add(x1, f32x4.mul(dx, b1));
      y0 = f32x4.add(y0, f32x4.mul(dy, b0));
      y1 = f32x4.add(y1, f32x4.mul(dy, b1));
      z0 = f32x4.add(z0, f32x4.mul(dz, b0));
      z1 = f32x4.add(z1, f32x4.mul(dz, b1));
      b += 32;
      shape += 12;
    }
    const end = load<u32>(blockStarts + ((<usize>vertex) << 2), 4);
    for (; block < end; block++) {
      let f = tileFeatures + load<u32>(blockFeatures + ((<usize>block) << 2));
      // Three steps of three features: unrolled thrice, the loop costs little and the code stays short.
      for (let k = 0; k < 3; k++) {
        let f0 = v128.load(f);
        let f1 = v128.load(f, 16);
        let dx = v128.load32_splat(d);
        let dy = v128.load32_splat(d, 4);
        let dz = v128.load32_splat(d, 8);
        x0 = f32x4.add(x0, f32x4.mul(dx, f0));
        x1 = f32x4.add(x1, f32x4.mul(dx, f1));
        y0 = f32x4.add(y0, f32x4.mul(dy, f0));
        y1 = f32x4.add(y1, f32x4.mul(dy, f1));
        z0 = f32x4.add(z0, f32x4.mul(dz, f0));
        z1 = f32x4.add(z1, f32x4.mul(dz, f1));
        f0 = v128.load(f, 32);
        f1 = v128.load(f, 48);
        dx = v128.load32_splat(d, 12);
        dy = v128.load32_splat(d, 16);
        dz = v128.load32_splat(d, 20);
        x0 = f32x4.add(x0, f32x4.mul(dx, f0));
        x1 = f32x4.add(x1, f32x4.mul(dx, f1));
        y0 = f32x4.add(y0, f32x4.mul(dy, f0));
        y1 = f32x4.add(y1, f32x4.mul(dy, f1));
        z0 = f32x4.add(z0, f32x4.mul(dz, f0));
        z1 = f32x4.add(z1, f32x4.mul(dz, f1));
        f0 = v128.load(f, 64);
        f1 = v128.load(f, 80);
        dx = v128.load32_splat(d, 24);
        dy = v128.load32_splat(d, 28);
        dz = v128.load32_splat(d, 32);
        x0 = f32x4.add(x0, f32x4.mul(dx, f0));
        x1 = f32x4.add(x1, f32x4.mul(dx, f1));
        y0 = f32x4.add(y0, f32x4.mul(dy, f0));
        y1 = f32x4.add(y1, f32x4.mul(dy, f1));
        z0 = f32x4.add(z0, f32x4.mul(dz, f0));
        z1 = f32x4.add(z1, f32x4.mul(dz, f1));
        f += 96;
        d += 36;
      }
    }
    skin(vertex, x0, y0, z0, tile * 2);
    skin(vertex, x1, y1, z1, tile * 2 + 1);
  }
}

/** The same for the first 4 frames of a tile only; two sums a coordinate, because one would wait for itself. */
export function poseFour(tile: i32, from: i32, to: i32): void {
  const tileFeatures = features + <usize>tile * featureBytes;
  const tileBetas = betas + <usize>(tile * shapeCount) * 32;
  let shape = shapes + <usize>(from * shapeCount) * 12;
  let block = load<u32>(blockStarts + ((<usize>from) << 2));
  let d = directions + <usize>block * 108;
  for (let vertex = from; vertex < to; vertex++) {
    const start = rest + <usize>vertex * 12;
    let x0 = v128.load32_splat(start);
    let y0 = v128.load32_splat(start, 4);
    let z0 = v128.load32_splat(start, 8);
    let x1 = f32x4.splat(0);
    let y1 = x1;
    let z1 = x1;
    let b = tileBetas;
    for (let k = 0; k < shapeCount; k++) {
      const beta = v128.load(b);
      x0 = f32x4.add(x0, f32x4.mul(v128.load32_splat(shape), beta));
      y0 = f32x4.add(y0, f32x4.mul(v128.load32_splat(shape, 4), beta));
      z0 = f32x4.add(z0, f32x4.mul(v128.load32_splat(shape, 8), beta));
      b += 32;
      shape += 12;
    }
    const end = load<u32>(blockStarts + ((<usize>vertex) << 2), 4);
    for (; block < end; block++) {
      let f = tileFeatures + load<u32>(blockFeatures + ((<usize>block) << 2));
      for (let k = 0; k < 3; k++) {
        let feature = v128.load(f);
        x0 = f32x4.add(x0, f32x4.mul(v128.load32_splat(d), feature));
        y0 = f32x4.add(y0, f32x4.mul(v128.load32_splat(d, 4), feature));
        z0 = f32x4.add(z0, f32x4.mul(v128.load32_splat(d, 8), feature));
        feature = v128.load(f, 32);
        x1 = f32x4.add(x1, f32x4.mul(v128.load32_splat(d, 12), feature));
        y1 = f32x4.add(y1, f32x4.mul(v128.load32_splat(d, 16), feature));
        z1 = f32x4.add(z1, f32x4.mul(v128.load32_splat(d, 20), feature));
        feature = v128.load(f, 64);
        x0 = f32x4.add(x0, f32x4.mul(v128.load32_splat(d, 24), feature));
        y0 = f32x4.add(y0, f32x4.mul(v128.load32_splat(d, 28), feature));
        z0 = f32x4.add(z0, f32x4.mul(v128.load32_splat(d, 32), feature));
        f += 96;
        d += 36;
      }
    }
    skin(vertex, f32x4.add(x0, x1), f32x4.add(y0, y1), f32x4.add(z0, z1), tile * 2);
  }
}

/**
 * The same for half a tile whose pose correctives a matrix product has made: four rows of V * 3 offsets, `stride` bytes
 * apart from `offsets` on.
 */
export function poseOffsets(half: i32, offsets: usize, stride: usize): void {
  const halfBetas = betas + <usize>((half >> 1) * shapeCount) * 32 + <usize>(half & 1) * 16;
  let shape = shapes;
  let start = rest;
  let row = offsets;
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    const r0 = v128.load(row);
    const r1 = v128.load(row + stride);
    const r2 = v128.load(row + 2 * stride);
    const r3 = v128.load(row + 3 * stride);
    const xy01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
    const xy23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
    const z01 = v128.shuffle<f32>(r0, r1, 2, 6, 2, 6);
    const z23 = v128.shuffle<f32>(r2, r3, 2, 6, 2, 6);
    let x = f32x4.add(v128.load32_splat(start), v128.shuffle<f32>(xy01, xy23, 0, 1, 4, 5));
    let y = f32x4.add(v128.load32_splat(start, 4), v128.shuffle<f32>(xy01, xy23, 2, 3, 6, 7));
    let z = f32x4.add(v128.load32_splat(start, 8), v128.shuffle<f32>(z01, z23, 0, 1, 4, 5));
    let b = halfBetas;
    for (let k = 0; k < shapeCount; k++) {
      const beta = v128.load(b);
      x = f32x4.add(x, f32x4.mul(v128.load32_splat(shape), beta));
      y = f32x4.add(y, f32x4.mul(v128.load32_splat(shape, 4), beta));
      z = f32x4.add(z, f32x4.mul(v128.load32_splat(shape, 8), beta));
      b += 32;
      shape += 12;
    }
    skin(vertex, x, y, z, half);
    start += 12;
    row += 12;
  }
}

/**
 * Writes the posed vertices of half a tile as four rows of V * 3 f32, `stride` bytes apart. Each vertex is stored with
 * 4 bytes too many, which the next one covers: rows need 4 bytes of room behind them.
 */
export function writePositions(half: i32, out: usize, stride: usize): void {
  let from = posed + <usize>(half * vertexCount) * 48;
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    const x = v128.load(from);
    const y = v128.load(from, 16);
    const z = v128.load(from, 32);
    const xyLow = v128.shuffle<f32>(x, y, 0, 4, 1, 5);
    const xyHigh = v128.shuffle<f32>(x, y, 2, 6, 3, 7);
    v128.store(out, v128.shuffle<f32>(xyLow, z, 0, 1, 4, 4));
    v128.store(out + stride, v128.shuffle<f32>(xyLow, z, 2, 3, 5, 5));
    v128.store(out + 2 * stride, v128.shuffle<f32>(xyHigh, z, 0, 1, 6, 6));
    v128.store(out + 3 * stride, v128.shuffle<f32>(xyHigh, z, 2, 3, 7, 7));
    from += 48;
    out += 12;
  }
}

/** Bounding boxes of half a tile: lowest x, y, z and highest x, y, z, each 4 lanes, at `out`. */
export function measureBounds(half: i32, out: usize): void {
  let from = posed + <usize>(half * vertexCount) * 48;
  let lowX = v128.load(from);
  let lowY = v128.load(from, 16);
  let lowZ = v128.load(from, 32);
  let highX = lowX;
  let highY = lowY;
  let highZ = lowZ;
  for (let vertex = 1; vertex < vertexCount; vertex++) {
    from += 48;
    const x = v128.load(from);
    const y = v128.load(from, 16);
    const z = v128.load(from, 32);
    lowX = f32x4.pmin(lowX, x);
    lowY = f32x4.pmin(lowY, y);
    lowZ = f32x4.pmin(lowZ, z);
    highX = f32x4.pmax(highX, x);
    highY = f32x4.pmax(highY, y);
    highZ = f32x4.pmax(highZ, z);
  }
  v128.store(out, lowX);
  v128.store(out, lowY, 16);
  v128.store(out, lowZ, 32);
  v128.store(out, highX, 48);
  v128.store(out, highY, 64);
  v128.store(out, highZ, 80);
}

/** (value - origin) * perStep, rounded to the nearest of 0..65535. */
function steps(value: v128, origin: v128, perStep: v128): v128 {
  const step = f32x4.add(f32x4.mul(f32x4.sub(value, origin), perStep), f32x4.splat(0.5));
  return i32x4.min_u(i32x4.trunc_sat_f32x4_u(step), i32x4.splat(65535));
}

/**
 * Writes half a tile as four rows of V * 3 u16, `stride` bytes apart: steps from the origin of each frame. `bounds` holds
 * the origins (x, y, z) and the steps per metre (x, y, z), each 4 lanes.
 */
export function writeQuantised(half: i32, bounds: usize, out: usize, stride: usize): void {
  const originX = v128.load(bounds);
  const originY = v128.load(bounds, 16);
  const originZ = v128.load(bounds, 32);
  const perX = v128.load(bounds, 48);
  const perY = v128.load(bounds, 64);
  const perZ = v128.load(bounds, 80);
  let from = posed + <usize>(half * vertexCount) * 48;
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    const x = steps(v128.load(from), originX, perX);
    const y = steps(v128.load(from, 16), originY, perY);
    const z = steps(v128.load(from, 32), originZ, perZ);
    const xy = v128.or(x, i32x4.shl(y, 16));
    v128.store_lane<u32>(out, xy, 0);
    v128.store_lane<u16>(out, z, 0, 4);
    v128.store_lane<u32>(out + stride, xy, 1);
    v128.store_lane<u16>(out + stride, z, 2, 4);
    v128.store_lane<u32>(out + 2 * stride, xy, 2);
    v128.store_lane<u16>(out + 2 * stride, z, 4, 4);
    v128.store_lane<u32>(out + 3 * stride, xy, 3);
    v128.store_lane<u16>(out + 3 * stride, z, 6, 4);
    from += 48;
    out += 6;
  }
}

/** Adds a face normal to the sums of one corner. */
function addNormal(at: usize, x: v128, y: v128, z: v128): void {
  v128.store(at, f32x4.add(v128.load(at), x));
  v128.store(at, f32x4.add(v128.load(at, 16), y), 16);
  v128.store(at, f32x4.add(v128.load(at, 32), z), 32);
}

/**
 * Writes smooth vertex normals of half a tile as four rows of V * 4 signed bytes (x, y, z times 127, then 0), `stride`
 * bytes apart. Faces weigh by their area; a vertex without area gets zeros. `sums` is room for V * 3 * 4 lanes.
 */
export function writeNormals(half: i32, sums: usize, out: usize, stride: usize): void {
  memory.fill(sums, 0, <usize>vertexCount * 48);
  const points = posed + <usize>(half * vertexCount) * 48;
  let corner = corners;
  for (let face = 0; face < faceCount; face++) {
    const a = load<u32>(corner);
    const b = load<u32>(corner, 4);
    const c = load<u32>(corner, 8);
    const ax = v128.load(points + a);
    const ay = v128.load(points + a, 16);
    const az = v128.load(points + a, 32);
    const ux = f32x4.sub(v128.load(points + b), ax);
    const uy = f32x4.sub(v128.load(points + b, 16), ay);
    const uz = f32x4.sub(v128.load(points + b, 32), az);
    const vx = f32x4.sub(v128.load(points + c), ax);
    const vy = f32x4.sub(v128.load(points + c, 16), ay);
    const vz = f32x4.sub(v128.load(points + c, 32), az);
    const nx = f32x4.sub(f32x4.mul(uy, vz), f32x4.mul(uz, vy));
    const ny = f32x4.sub(f32x4.mul(uz, vx), f32x4.mul(ux, vz));
    const nz = f32x4.sub(f32x4.mul(ux, vy), f32x4.mul(uy, vx));
    addNormal(sums + a, nx, ny, nz);
    addNormal(sums + b, nx, ny, nz);
    addNormal(sums + c, nx, ny, nz);
    corner += 12;
  }
  writeNormalBytes(sums, out, stride);
}

function writeNormalBytes(sums: usize, out: usize, stride: usize): void {
  const byte = i32x4.splat(255);
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    const x = v128.load(sums);
    const y = v128.load(sums, 16);
    const z = v128.load(sums, 32);
    const squared = f32x4.add(f32x4.add(f32x4.mul(x, x), f32x4.mul(y, y)), f32x4.mul(z, z));
    // 127 / 0 is infinite and 0 times infinite no number: the saturating conversion below makes it 0.
    const scale = f32x4.div(f32x4.splat(127), f32x4.sqrt(squared));
    const bx = v128.and(i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(x, scale))), byte);
    const by = v128.and(i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(y, scale))), byte);
    const bz = v128.and(i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(z, scale))), byte);
    const packed = v128.or(v128.or(bx, i32x4.shl(by, 8)), i32x4.shl(bz, 16));
    v128.store_lane<u32>(out, packed, 0);
    v128.store_lane<u32>(out + stride, packed, 1);
    v128.store_lane<u32>(out + 2 * stride, packed, 2);
    v128.store_lane<u32>(out + 3 * stride, packed, 3);
    sums += 48;
    out += 4;
  }
}
