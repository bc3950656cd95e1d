// npm run check: the quick part of the tests, in the order in which a slip is cheapest to find.
import { main, runPackage, say } from './steps.mjs';

const steps = [
  ['Format', () => runPackage(['@biomejs', 'biome', 'bin', 'biome'], ['format', '.'])],
  ['Types', () => runPackage(['typescript', 'bin', 'tsc'], ['-b'])],
  ['Lint', () => runPackage(['eslint', 'bin', 'eslint.js'], ['--max-warnings', '0', 'src', 'test', 'scripts'])],
  [
    'Layers',
    () =>
      runPackage(
        ['dependency-cruiser', 'bin', 'dependency-cruise.mjs'],
        ['src', '--config', '.dependency-cruiser.cjs', '--output-type', 'err'],
      ),
  ],
  ['Dead code', () => runPackage(['knip', 'bin', 'knip.js'], ['--no-progress'])],
  ['Unit tests', () => runPackage(['vitest', 'vitest.mjs'], ['run'])],
];

export async function check() {
  for (const [title, step] of steps) {
    const start = Date.now();
    say(`\n== ${title}`);
    await step();
    say(`${title}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
  }
}

if (process.argv[1]?.endsWith('check.mjs')) main(check);
