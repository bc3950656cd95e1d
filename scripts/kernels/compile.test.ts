import { MESH_KERNEL_CODE } from '#engine/bodymodel/meshKernelCode';
import { LETTERBOX_CODE } from '#engine/detection/detectors/movenet/letterboxCode';
import { CROP_CODE } from '#engine/estimation/estimators/blazepose/cropCode';
import { BANDED_CHOLESKY_CODE } from '#engine/estimation/estimators/blazepose/fit/bandedCholeskyCode';
import { NORMAL_EQUATIONS_CODE } from '#engine/estimation/estimators/blazepose/fit/normalEquationsCode';
import { expect, it } from 'vitest';
import { compileKernel, KERNELS } from './compile';

const SHIPPED: Readonly<Record<string, string>> = {
  MESH_KERNEL_CODE,
  BANDED_CHOLESKY_CODE,
  NORMAL_EQUATIONS_CODE,
  CROP_CODE,
  LETTERBOX_CODE,
};

it.each(KERNELS)(
  'ships $constant as its source compiles',
  async (kernel) => {
    expect(await compileKernel(kernel)).toBe(SHIPPED[kernel.constant]);
  },
  30_000,
);
