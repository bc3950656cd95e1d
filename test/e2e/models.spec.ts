import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, type Retake, test } from './retake';

const CONTAINERS = join(import.meta.dirname, '..', 'fixtures', 'vibe', 'containers');
const file = (name: string) => join(CONTAINERS, name);

async function openModels(retake: Retake, page: Page): Promise<void> {
  await retake.open();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Models');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Models', level: 1 })).toBeVisible();
}

async function choose(page: Page, button: string, paths: string[]): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: button, exact: true }).click(),
  ]);
  await chooser.setFiles(paths);
}

test('a newcomer learns what is missing, brings files, and takes one back', async ({ retake, page }) => {
  await openModels(retake, page);
  const vibe = page.getByRole('region', { name: 'VIBE with SMPL' });
  await expect(vibe.getByText('Not set up')).toBeVisible();
  await retake.screenshot('models-empty');

  // Where to get it, by keyboard.
  await vibe.getByRole('button', { name: 'Where to get it: SMPL neutral body model' }).focus();
  await page.keyboard.press('Enter');
  await expect(vibe.getByRole('link', { name: /smpl\.is\.tue\.mpg\.de/ })).toBeVisible();
  await expect(vibe.getByText(/free account/)).toBeVisible();

  // Files sort themselves out; what is of no use is said.
  await choose(page, 'Choose files', [
    file('smpl_mean_params.npz'),
    file('vibe_tiny.legacy.pth.tar'),
    file('gmm_tiny_py2_proto0.pkl'),
  ]);
  const report = page.getByRole('region', { name: 'Last import' });
  await expect(report.getByText(/smpl_mean_params\.npz: Mean pose and shape/)).toBeVisible({ timeout: 60_000 });
  await expect(report.getByText(/encoder\.gru\.weight_ih_l0 has shape 12 x 8 instead of 12 x 2048/)).toBeVisible();
  await expect(report.getByText(/SMPLify's pose prior/)).toBeVisible();
  await expect(vibe.getByText('4 of 4 missing')).toBeVisible();
  expect(readdirSync(join(retake.served.data, 'uploads'))).toEqual([]);
  await retake.screenshot('models-imported');

  const violations = (await new AxeBuilder({ page }).analyze()).violations.filter(
    ({ impact }) => impact === 'serious' || impact === 'critical',
  );
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);

  // A wrong file for a place.
  await choose(page, 'Choose this file', [file('smpl_mean_params.npz')]);
  await expect(
    report.getByText(/is for another place: Mean pose and shape, not the SMPL neutral body model/),
  ).toBeVisible();

  // The right one.
  await choose(page, 'Choose this file', [file('smpl_tiny_plain_py3_proto4.pkl')]);
  await expect(vibe.getByText('3 of 4 missing')).toBeVisible({ timeout: 60_000 });
  await expect(vibe.getByText(/SMPL neutral body model, 40 vertices.*SHA-256/)).toBeVisible();

  // Removing can be taken back.
  await vibe.getByRole('button', { name: 'More about smpl_tiny_plain_py3_proto4.pkl' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await expect(vibe.getByText('4 of 4 missing')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(vibe.getByText('3 of 4 missing')).toBeVisible();
});

test('model files dropped on the start page are imported', async ({ retake, page }) => {
  await retake.open();
  const content = [...readFileSync(file('smpl_mean_params.npz'))];
  const transfer = await page.evaluateHandle((bytes) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(bytes)], 'smpl_mean_params.npz'));
    return data;
  }, content);
  await page.getByRole('region', { name: 'Open a video' }).dispatchEvent('drop', { dataTransfer: transfer });
  await expect(page.getByRole('heading', { name: 'Models', level: 1 })).toBeVisible();
  await expect(page.getByText(/smpl_mean_params\.npz: Mean pose and shape/)).toBeVisible({ timeout: 60_000 });
});

test('diagnostics say what networks run on and why', async ({ retake, page }) => {
  await retake.open();
  await page.getByRole('button', { name: /^Inference device/ }).click();
  const checks = page.getByRole('list', { name: 'Checks' });
  await expect(checks.getByText('DirectML')).toBeVisible({ timeout: 120_000 });
  await expect(checks.getByText('WebGPU')).toBeVisible();
  await retake.screenshot('diagnostics-devices');
});
