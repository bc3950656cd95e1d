import { describe, expect, it } from 'vitest';
import { JOINT_COUNT, JOINT_PARENTS } from '#core/body/skeleton';
import { AppError } from '#core/errors';
import { readSmpl } from '#engine/bodymodel/smpl/readSmpl';
import type { NpzMember } from '#engine/weights/numpy/writeNpz';
import { archiveOf } from './archives';

const VERTICES = 6;

interface Values {
  shape: number[];
  values: Float32Array | Uint32Array;
}

function floats(shape: number[], valueAt: (index: number) => number = () => 0): Values {
  const count = shape.reduce((product, size) => product * size, 1);
  return { shape, values: Float32Array.from({ length: count }, (_, index) => valueAt(index)) };
}

/** A SMPL model of six vertices that all follow the pelvis. */
function smallSmpl(): Record<string, Values> {
  const parents = JOINT_PARENTS.map((parent) => (parent < 0 ? 0xffff_ffff : parent));
  return {
    v_template: floats([VERTICES, 3], (index) => index / 10),
    shapedirs: floats([VERTICES, 3, 10]),
    posedirs: floats([VERTICES, 3, 207]),
    J_regressor: floats([JOINT_COUNT, VERTICES], () => 1 / VERTICES),
    weights: floats([VERTICES, JOINT_COUNT], (index) => (index % JOINT_COUNT === 0 ? 1 : 0)),
    kintree_table: { shape: [2, JOINT_COUNT], values: Uint32Array.from([...parents, ...parents.keys()]) },
    f: { shape: [2, 3], values: Uint32Array.of(0, 1, 2, 3, 4, 5) },
  };
}

function fileOf(arrays: Record<string, Values>): Promise<Uint8Array> {
  const members = Object.entries(arrays).map(
    ([name, { shape, values }]): NpzMember => ({
      ...{ name, shape, type: values instanceof Float32Array ? '<f4' : '<u4', pieces: [values] },
    }),
  );
  return archiveOf(members);
}

async function problemOf(change: (arrays: Record<string, Values>) => void): Promise<string> {
  const arrays = smallSmpl();
  change(arrays);
  const bytes = await fileOf(arrays);
  try {
    readSmpl(bytes, 'neutral', 'mine.npz');
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'BODY_INVALID', hint: expect.stringContaining('24 joints') });
    return (error as AppError).message;
  }
  return 'nothing';
}

/** What is wrong with a file, and the sentence that says so. */
const WRONG: readonly [string, (arrays: Record<string, Values>) => void, string][] = [
  ['a shape', (all) => (all['v_template'] = floats([VERTICES, 2])), 'v_template is 6 x 2 where 6 x 3 is expected'],
  [
    'another number of vertices in one array',
    (all) => (all['posedirs'] = floats([VERTICES - 1, 3, 207])),
    'posedirs is 5 x 3 x 207 where 6 x 3 x 207 is expected',
  ],
  [
    'too few shape components',
    (all) => (all['shapedirs'] = floats([VERTICES, 3, 6])),
    'it has 6 shape components where at least 10 are expected',
  ],
  [
    'weights that do not sum to one',
    (all) => all['weights']?.values.set([0.9], 2 * JOINT_COUNT),
    'the skin weights of vertex 2 sum to 0.9000 where 1 is expected',
  ],
  [
    'a negative weight',
    (all) => all['weights']?.values.set([1.1, -0.1], 4 * JOINT_COUNT),
    'a skin weight of vertex 4 is negative',
  ],
  [
    'a weight that is no number',
    (all) => all['weights']?.values.set([Number.NaN], 0),
    'weights holds a number that is not finite',
  ],
  [
    'a place that is no number',
    (all) => all['v_template']?.values.set([Number.NaN], 4),
    'v_template holds a number that is not finite',
  ],
  ['a triangle beyond the vertices', (all) => all['f']?.values.set([6], 5), 'f points at vertex 6 of 6'],
  ['faces of four corners', (all) => (all['f'] = floats([2, 4])), 'f is 2 x 4 where any x 3 is expected'],
  [
    'another tree of joints',
    (all) => all['kintree_table']?.values.set([0], 4),
    "its joints hang together in another way than SMPL's (kintree_table)",
  ],
  [
    'the joints of another model',
    (all) => (all['weights'] = floats([VERTICES, 55])),
    'it has 55 joints, so it is a SMPL-X model, where SMPL has 24',
  ],
  ['no joint regressor', (all) => delete all['J_regressor'], 'it has no J_regressor'],
];

describe('a SMPL file', () => {
  it('of few vertices is taken when all is right', async () => {
    expect(readSmpl(await fileOf(smallSmpl()), 'neutral', 'mine.npz').vertexCount).toBe(VERTICES);
  });

  it.each(WRONG)('with %s is refused in one sentence', async (_, change, problem) => {
    expect(await problemOf(change)).toBe(`mine.npz cannot be used as a SMPL model: ${problem}.`);
  });
});
