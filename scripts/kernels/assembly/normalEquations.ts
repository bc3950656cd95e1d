/**
 * The fit's normal equations from the sums of its terms (src/engine/estimation/estimators/blazepose/fit/normalEquations.ts), in
 * AssemblyScript: WebAssembly with 128-bit SIMD. `npm run build:kernels` compiles it into
 * src/engine/estimation/estimators/blazepose/fit/normalEquationsCode.ts.
 *
 * A block is the 3 x 3 derivative of a point by a rotation, column by column; it begins at its point's own or at the
 * blocks of the same point of a frame before. All numbers are f64. Sums lie as TermSums says, one array after the other.
 */

const POINTS: usize = 23;
/** Unknowns of a frame, and where its translation stands among them. */
const BLOCK: usize = 54;
const TRANSLATION: usize = 51;
/** Bytes of a row of the matrix, of a derivative block, of three numbers. */
const WIDTH: usize = 3 * BLOCK * 8;
const DERIVATIVE: usize = 72;
const TRIPLE: usize = 24;

/** i32: POINTS + 1 offsets into the blocks of a frame. */
let starts: usize = 0;
/** i32: rotation of each block. */
let groups: usize = 0;
/** Bytes of the derivatives of a frame. */
let frameBytes: usize = 0;
let leftHip: usize = 0;
let rightHip: usize = 0;
/** 9 + 9 + 12 f64: hips by the pelvis rotation, the point about them, and the block that multiplies others. */
let hipBlock: usize = 0;
let aboutHips: usize = 0;
let weighted: usize = 0;

let absolute: usize = 0;
let relative: usize = 0;
let hipRelative: usize = 0;
let absoluteForces: usize = 0;
let relativeForces: usize = 0;
let hipForces: usize = 0;
let absoluteLinks: usize = 0;
let relativeLinks: usize = 0;
let farLinks: usize = 0;
let pelvis: usize = 0;
let pelvisForces: usize = 0;
let derivatives: usize = 0;
let values: usize = 0;
let gradient: usize = 0;

/** Says how derivatives are laid out: tables of i32, the blocks of the hips, and room for 30 numbers. */
export function setLayout(
  startsAt: usize,
  groupsAt: usize,
  blocks: usize,
  left: usize,
  right: usize,
  room: usize,
): void {
  starts = startsAt;
  groups = groupsAt;
  frameBytes = blocks * DERIVATIVE;
  leftHip = left * DERIVATIVE;
  rightHip = right * DERIVATIVE;
  hipBlock = room;
  aboutHips = room + 9 * 8;
  weighted = room + 18 * 8;
}

/** Says where the sums and derivatives of `rows` rows lie, and where matrix and gradient go. */
export function setWindow(rows: usize, sums: usize, derivativesAt: usize, valuesAt: usize, gradientAt: usize): void {
  const perPoint = rows * POINTS * 8;
  absolute = sums;
  relative = absolute + 6 * perPoint;
  hipRelative = relative + perPoint;
  absoluteForces = hipRelative + perPoint;
  relativeForces = absoluteForces + 3 * perPoint;
  hipForces = relativeForces + 3 * perPoint;
  absoluteLinks = hipForces + 3 * perPoint;
  relativeLinks = absoluteLinks + perPoint;
  farLinks = relativeLinks + perPoint;
  pelvis = farLinks + perPoint;
  pelvisForces = pelvis + rows * TRIPLE;
  derivatives = derivativesAt;
  values = valuesAt;
  gradient = gradientAt;
}

/** Writes the rows of the matrix and of the gradient of unknown frame `frame`, which is row `row` of the window. */
export function assembleFrame(frame: usize, row: usize): void {
  const rows = values + frame * BLOCK * WIDTH;
  const forces = gradient + frame * BLOCK * 8;
  const own = derivatives + row * frameBytes;
  memory.fill(rows, 0, BLOCK * WIDTH);
  memory.fill(forces, 0, BLOCK * 8);
  for (let c: usize = 0; c < DERIVATIVE; c += 8) {
    store<f64>(hipBlock + c, (load<f64>(own + leftHip + c) + load<f64>(own + rightHip + c)) / 2);
  }
  for (let point: usize = 0; point < POINTS; point++) {
    const first = <usize>load<i32>(starts + point * 4);
    const last = <usize>load<i32>(starts + point * 4, 4);
    const at = row * POINTS + point;
    addOwn(at, own, first, last, rows + 2 * BLOCK * 8);
    addForces(at, own, first, last, forces);
    if (frame >= 1) addNear(at, own, first, last, rows + BLOCK * 8);
    if (frame >= 2) {
      const link = load<f64>(farLinks + at * 8);
      if (link !== 0) addLink(own, own - 2 * frameBytes, first, last, link, rows);
    }
  }
  addPelvis(row, frame, rows, forces);
}

function groupAt(block: usize): usize {
  return <usize>load<i32>(groups + block * 4) * TRIPLE;
}

/**
 * at[a][c] += column a of the block at `left` . column c of the block at `weighted`, which is kept by components (x, y, z) of
 * four columns; the fourth is zero, so that a number beside the nine has nothing added.
 */
function addProduct(at: usize, left: usize): void {
  for (let a: usize = 0; a < 3; a++) {
    const x = v128.load64_splat(left + a * TRIPLE);
    const y = v128.load64_splat(left + a * TRIPLE, 8);
    const z = v128.load64_splat(left + a * TRIPLE, 16);
    const out = at + a * WIDTH;
    let near = f64x2.mul(x, v128.load(weighted));
    let far = f64x2.mul(x, v128.load(weighted, 16));
    near = f64x2.add(near, f64x2.mul(y, v128.load(weighted, 32)));
    far = f64x2.add(far, f64x2.mul(y, v128.load(weighted, 48)));
    near = f64x2.add(near, f64x2.mul(z, v128.load(weighted, 64)));
    far = f64x2.add(far, f64x2.mul(z, v128.load(weighted, 80)));
    v128.store(out, f64x2.add(v128.load(out), near));
    v128.store(out, f64x2.add(v128.load(out, 16), far), 16);
  }
}

/** weighted = (absolute of the point + isotropic) times the block at `d`. */
function weigh(at: usize, isotropic: f64, d: usize): void {
  const m = absolute + at * 48;
  const xx = load<f64>(m) + isotropic;
  const xy = load<f64>(m, 8);
  const xz = load<f64>(m, 16);
  const yy = load<f64>(m, 24) + isotropic;
  const yz = load<f64>(m, 32);
  const zz = load<f64>(m, 40) + isotropic;
  for (let c: usize = 0; c < 3; c++) {
    const x = load<f64>(d + c * TRIPLE);
    const y = load<f64>(d + c * TRIPLE, 8);
    const z = load<f64>(d + c * TRIPLE, 16);
    store<f64>(weighted + c * 8, xx * x + xy * y + xz * z);
    store<f64>(weighted + c * 8, xy * x + yy * y + yz * z, 32);
    store<f64>(weighted + c * 8, xz * x + yz * y + zz * z, 64);
  }
}

/** weighted = the block at `d` times `scale`. */
function scaled(d: usize, scale: f64): void {
  for (let c: usize = 0; c < 3; c++) {
    store<f64>(weighted + c * 8, load<f64>(d + c * TRIPLE) * scale);
    store<f64>(weighted + c * 8, load<f64>(d + c * TRIPLE, 8) * scale, 32);
    store<f64>(weighted + c * 8, load<f64>(d + c * TRIPLE, 16) * scale, 64);
  }
}

/** The diagonal block of a frame: one point's share. */
function addOwn(at: usize, own: usize, first: usize, last: usize, diagonal: usize): void {
  const hips = load<f64>(hipRelative + at * 8);
  const about = load<f64>(relative + at * 8);
  for (let j = first; j < last; j++) {
    const d = own + j * DERIVATIVE;
    const column = diagonal + groupAt(j);
    weigh(at, 0, d);
    for (let c: usize = 0; c < 3; c++) {
      const out = column + (TRANSLATION + c) * WIDTH;
      for (let a: usize = 0; a < TRIPLE; a += 8) {
        store<f64>(out + a, load<f64>(out + a) + load<f64>(weighted + c * 32 + a));
      }
    }
    let from = j;
    if (j === first) {
      // The 3-D term is about the hips, which turn with the pelvis: other derivative, only in the pelvis columns.
      weigh(at, about, d);
      addProduct(column, d);
      for (let c: usize = 0; c < DERIVATIVE; c += 8) {
        store<f64>(aboutHips + c, load<f64>(d + c) - load<f64>(hipBlock + c));
      }
      scaled(aboutHips, hips);
      addProduct(column, aboutHips);
      weigh(at, about, d);
      for (let c: usize = 0; c < 3; c++) {
        for (let k: usize = 0; k < 3; k++) {
          const out = weighted + k * 32 + c * 8;
          store<f64>(out, load<f64>(out) + hips * load<f64>(aboutHips + c * TRIPLE + k * 8));
        }
      }
      from = j + 1;
    } else weigh(at, about + hips, d);
    for (let i = from; i < last; i++) addProduct(column + groupRow(i), own + i * DERIVATIVE);
  }
  addTranslationOwn(absolute + at * 48, diagonal + TRANSLATION * (WIDTH + 8));
}

/** Bytes from the first row of a frame to that of a block's rotation. */
function groupRow(block: usize): usize {
  return <usize>load<i32>(groups + block * 4) * 3 * WIDTH;
}

function addTo(at: usize, value: f64): void {
  store<f64>(at, load<f64>(at) + value);
}

function addTranslationOwn(m: usize, corner: usize): void {
  addTo(corner, load<f64>(m));
  addTo(corner + WIDTH, load<f64>(m, 8));
  addTo(corner + WIDTH + 8, load<f64>(m, 24));
  addTo(corner + 2 * WIDTH, load<f64>(m, 16));
  addTo(corner + 2 * WIDTH + 8, load<f64>(m, 32));
  addTo(corner + 2 * WIDTH + 16, load<f64>(m, 40));
}

function addForces(at: usize, own: usize, first: usize, last: usize, forces: usize): void {
  const f = at * TRIPLE;
  const hx = load<f64>(hipForces + f);
  const hy = load<f64>(hipForces + f, 8);
  const hz = load<f64>(hipForces + f, 16);
  const x = load<f64>(absoluteForces + f) + load<f64>(relativeForces + f) + hx;
  const y = load<f64>(absoluteForces + f, 8) + load<f64>(relativeForces + f, 8) + hy;
  const z = load<f64>(absoluteForces + f, 16) + load<f64>(relativeForces + f, 16) + hz;
  for (let j = first; j < last; j++) {
    const out = forces + groupAt(j);
    for (let a: usize = 0; a < 3; a++) {
      const d = own + j * DERIVATIVE + a * TRIPLE;
      addTo(out + a * 8, load<f64>(d) * x + load<f64>(d, 8) * y + load<f64>(d, 16) * z);
    }
  }
  for (let a: usize = 0; a < 3; a++) {
    const d = hipBlock + a * TRIPLE;
    addTo(forces + a * 8, -(load<f64>(d) * hx + load<f64>(d, 8) * hy + load<f64>(d, 16) * hz));
    addTo(forces + (TRANSLATION + a) * 8, load<f64>(absoluteForces + f + a * 8));
  }
}

/** Coupling of the blocks of a point with those of a frame before, at `before`; `corner` is where that frame's columns begin. */
function addLink(own: usize, before: usize, first: usize, last: usize, link: f64, corner: usize): void {
  for (let j = first; j < last; j++) {
    const column = corner + groupAt(j);
    scaled(before + j * DERIVATIVE, link);
    for (let i = first; i < last; i++) addProduct(column + groupRow(i), own + i * DERIVATIVE);
  }
}

/** Coupling with the frame before. */
function addNear(at: usize, own: usize, first: usize, last: usize, corner: usize): void {
  const both = load<f64>(absoluteLinks + at * 8) + load<f64>(relativeLinks + at * 8);
  if (both === 0) return;
  const before = own - frameBytes;
  addLink(own, before, first, last, both, corner);
  const link = load<f64>(absoluteLinks + at * 8);
  if (link === 0) return;
  for (let c: usize = 0; c < 3; c++) {
    const translationRow = corner + (TRANSLATION + c) * WIDTH;
    addTo(translationRow + (TRANSLATION + c) * 8, link);
    for (let j = first; j < last; j++) {
      const d = j * DERIVATIVE + c * 8;
      for (let a: usize = 0; a < 3; a++) {
        addTo(translationRow + groupAt(j) + a * 8, link * load<f64>(before + d + a * TRIPLE));
        addTo(corner + groupRow(j) + a * WIDTH + (TRANSLATION + c) * 8, link * load<f64>(own + d + a * TRIPLE));
      }
    }
  }
}

function addPelvis(row: usize, frame: usize, rows: usize, forces: usize): void {
  for (let c: usize = 0; c < 3; c++) {
    const at = rows + (TRANSLATION + c) * (WIDTH + 8);
    addTo(at + 2 * BLOCK * 8, load<f64>(pelvis + row * TRIPLE));
    if (frame >= 1) addTo(at + BLOCK * 8, load<f64>(pelvis + row * TRIPLE, 8));
    if (frame >= 2) addTo(at, load<f64>(pelvis + row * TRIPLE, 16));
    addTo(forces + (TRANSLATION + c) * 8, load<f64>(pelvisForces + row * TRIPLE + c * 8));
  }
}
