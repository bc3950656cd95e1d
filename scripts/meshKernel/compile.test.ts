import { expect, it } from 'vitest';
import { MESH_KERNEL_CODE } from '#engine/bodymodel/meshKernelCode';
import { compileMeshKernel } from './compile';

it('ships the mesh kernel that its source compiles to', async () => {
  expect(await compileMeshKernel()).toBe(MESH_KERNEL_CODE);
}, 30_000);
