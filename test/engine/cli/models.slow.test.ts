import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fullSizePair } from '../../fixtures/vibe/fullSize';
import { jsonLines, missingForTerminal, Terminal, temporaryFolder } from './terminal';

const missing = missingForTerminal();
if (missing) console.log(missing);
const CONTAINERS = join(import.meta.dirname, '..', '..', 'fixtures', 'vibe', 'containers');

describe.skipIf(missing)('retake models', () => {
  const folder = missing ? '' : temporaryFolder();
  const terminal = missing ? undefined : new Terminal(folder);
  const run = (...args: string[]) => terminal!.run(['models', ...args]);

  it('lists what is missing, with the file, the site and the licence', async () => {
    const { code, stdout } = await run('list');
    expect(code).toBe(0);
    expect(stdout).toMatch(/MISSING {2}SMPL neutral body model: basicModel_neutral_lbs_10_207_0_v1\.0\.0\.pkl/);
    expect(stdout).toMatch(/smpl\.is\.tue\.mpg\.de.*non-commercial/);
    const [line] = jsonLines((await run('list', '--json')).stdout);
    expect(line).toMatchObject({ type: 'result', bytes: 0, sets: expect.any(Array) });
  });

  it('imports a folder, says what it left alone, and removes', async () => {
    const imported = await run(
      'import',
      join(CONTAINERS, 'smpl_mean_params.npz'),
      join(CONTAINERS, 'expected_containers.json'),
    );
    expect(imported.code).toBe(0);
    expect(imported.stdout).toMatch(/^installed smpl_mean_params\.npz: Mean pose and shape/m);
    expect(imported.stdout).toMatch(/^left .*expected_containers\.json/m);
    expect(imported.stderr).toMatch(/still lacks the VIBE checkpoint/);
    const [line] = jsonLines((await run('list', '--json')).stdout);
    const id = /mean-parameters-[0-9a-f]{12}/.exec(JSON.stringify(line))?.[0] ?? '';
    expect((await run('remove', id)).code).toBe(0);
    expect(JSON.stringify(jsonLines((await run('list', '--json')).stdout))).not.toContain(id);
  });

  it.each([
    [[], /models list \| models import/],
    [['import'], /A file is needed/],
    [['import', 'x', '--as', 'nothing'], /no kind "nothing"/],
    [['remove'], /One id is needed/],
    [['remove', 'nobody'], /no installed part "nobody"/],
    [['list', 'all'], /one word too many/],
    [['import', '/nowhere/at/all.pkl'], /cannot be read/],
    [['import', join(CONTAINERS, 'vibe_tiny.zip.pth.tar')], /encoder\.gru\.weight_ih_l0 has shape/],
  ])('with %j says what is wrong and ends with 2', async (args, sentence) => {
    const { code, stdout, stderr } = await run(...args);
    expect(stdout + stderr).toMatch(sentence);
    expect(code).toBe(2);
  });

  it('stops at once when it is cancelled, leaves nothing, and can begin again', async () => {
    const { vibe, spin } = fullSizePair();
    const call = terminal!.start(['models', 'import', vibe, spin]);
    await call.until(/Read and compile \d+ of 240/);
    call.child.kill('SIGINT');
    const { code } = await call.ended;
    expect(code).toBe(130);
    const [line] = jsonLines((await run('list', '--json')).stdout);
    expect(line).toMatchObject({ bytes: 0 });
    expect(await terminal!.orphans()).toEqual([]);
  });

  it('leaves nothing half-made when it is killed', async () => {
    const { vibe } = fullSizePair();
    const call = terminal!.start(['models', 'import', vibe]);
    await call.until(/Read and compile \d+ of/);
    call.child.kill('SIGKILL');
    await call.ended;
    const store = join(terminal!.dataFolder, 'models');
    mkdirSync(store, { recursive: true });
    writeFileSync(join(store, '.keep'), '');
    const [line] = jsonLines((await run('list', '--json')).stdout);
    expect(line).toMatchObject({ bytes: 0 });
  });
});
