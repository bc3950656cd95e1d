import { describe, expect, it } from 'vitest';
import { portOf, runServe } from './runServe';

describe('what the server is called with', () => {
  it.each([
    ['0', 0],
    ['8080', 8080],
    ['65535', 65_535],
  ])('port %s', (text, port) => expect(portOf(text)).toBe(port));

  it.each(['', ' ', '-1', '+5', '1.5', '1e3', '0x50', '65536', '99999999999', 'NaN', 'Infinity', 'abc'])(
    'no port: "%s"',
    (text) => expect(() => portOf(text)).toThrow(`from 0 to 65535, not "${text}"`),
  );

  it.each(['', ' '])('no address: "%s", which would be every one', async (listen) => {
    const call = { roots: [], listen, port: 0, announce: () => undefined };
    await expect(runServe(call)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
