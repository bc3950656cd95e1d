import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './retake';

test('a screen reader finds nothing serious to complain of', async ({ retake, page }) => {
  await retake.open();
  const start = await new AxeBuilder({ page }).analyze();
  await retake.trySample();
  const workspace = await new AxeBuilder({ page }).analyze();
  const serious = [...start.violations, ...workspace.violations].filter(
    ({ impact }) => impact === 'serious' || impact === 'critical',
  );
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
});

test('nobody without the token gets in', async ({ retake, request }) => {
  const { origin } = new URL(retake.served.address);
  expect((await request.get(`${origin}/index.html`)).status()).toBe(403);
  expect((await request.get(`${origin}/bulk/bodies/x`)).status()).toBe(403);
  expect((await request.post(`${origin}/session`, { data: { token: 'guess' } })).status()).toBe(403);
  const rebound = await request.get(origin, { headers: { Host: 'evil.example' } });
  expect(rebound.status()).toBe(403);
});
