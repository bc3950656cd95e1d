import { expect, it } from 'vitest';
import { makeTensor, manifest, sha256Of } from '../../fixtures/vibe/manifest';

it('makes every network tensor bit for bit, large ones too', () => {
  for (const tensor of Object.values(manifest.tensors).flat()) {
    expect([tensor.name, sha256Of(makeTensor(tensor))]).toEqual([tensor.name, tensor.sha256]);
  }
});
