import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openSession } from '../../inference/sessions';
import { ModelStore } from '../modelStore';

const checkout = path.resolve(import.meta.dirname, '../../../..');
const fixture = z
  .object({ heads: z.record(z.string(), z.array(z.tuple([z.number(), z.number(), z.number()]))) })
  .parse(JSON.parse(readFileSync(path.join(checkout, 'test/fixtures/movenet/pattern-heads.json'), 'utf8')));

describe('MoveNet MultiPose, converted', () => {
  it('gives the heads of the TFJS model on a pattern, within 5e-4', async (context) => {
    const model = await new ModelStore(path.join(checkout, 'models/converted'))
      .resolve('movenet-multipose')
      .catch(() => undefined);
    if (model === undefined) {
      console.log('skipped: the networks are not converted, run "npm run setup"');
      return context.skip();
    }
    const session = await openSession(model.path, { threads: 2 });
    const data = new Float32Array(3 * 65536);
    for (let byte = 0; byte < data.length; byte++) {
      data[(byte % 3) * 65536 + Math.floor(byte / 3)] = (Math.imul(byte, 2654435761) >>> 13) & 255;
    }
    const outputs = await session.run({ image: { data, dims: [1, 3, 256, 256] } });
    await session.dispose();
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(fixture.heads).sort());
    const worst = Object.entries(fixture.heads).map(([name, samples]) =>
      Math.max(
        ...samples.map(([channel, cell, value]) =>
          Math.abs((outputs[name]?.data[channel * 4096 + cell] ?? NaN) - value),
        ),
      ),
    );
    expect(Math.max(...worst)).toBeLessThan(5e-4);
  });
});
