/** The layers of docs/architecture.md: core <- engine | renderer | host <- serve, cli, main. A slip fails the build. */
const test = '\\.test\\.tsx?$';
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from: { pathNot: test, ...from }, to });
const NODE_FS = '^(node:)?(fs|fs/promises)$';

module.exports = {
  forbidden: [
    rule(
      'no-cycles',
      'Modules that need each other are one module',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    rule(
      'core-is-pure',
      'core imports nothing but zod and the contract builder',
      { path: '^src/core' },
      { pathNot: '^src/core|^node_modules/(zod|@orpc/contract)' },
    ),
    rule(
      'engine-on-core',
      'engine imports core only',
      { path: '^src/engine' },
      { path: '^src/(renderer|host|serve|cli|main|preload)' },
    ),
    rule(
      'renderer-on-core',
      'renderer imports core only',
      { path: '^src/renderer' },
      { path: '^src/(engine|host|serve|cli|main|preload)' },
    ),
    rule('renderer-not-node', 'the page has no Node', { path: '^src/renderer' }, { dependencyTypes: ['core'] }),
    rule(
      'host-on-core',
      'host imports core only',
      { path: '^src/host' },
      { path: '^src/(engine|renderer|serve|cli|main|preload)' },
    ),
    rule(
      'main-on-host',
      'main is thin: host and core',
      { path: '^src/main' },
      { path: '^src/(engine|renderer|serve|cli)' },
    ),
    rule(
      'preload-on-core',
      'preload imports core only',
      { path: '^src/preload' },
      { path: '^src/(engine|renderer|host|serve|cli|main)' },
    ),
    rule(
      'serve-on-host',
      'serve imports host and core',
      { path: '^src/serve' },
      { path: '^src/(engine|renderer|cli|main|preload)' },
    ),
    rule(
      'electron-in-shell',
      'only main and preload know Electron',
      { path: '^src', pathNot: '^src/(main|preload)|\\.test\\.tsx?$' },
      { path: '^(node_modules/)?electron($|/)' },
    ),
    rule(
      'ort-in-inference',
      'only engine/inference runs networks',
      { path: '^src', pathNot: '^src/engine/inference|\\.test\\.tsx?$' },
      { path: 'onnxruntime-(node|common)' },
    ),
    rule(
      'spawn-in-video',
      'only engine/video starts programs, and inference the process that tries devices',
      { path: '^src', pathNot: '^src/engine/(video|inference/providers)|^src/main|\\.test\\.tsx?$' },
      { path: '^(node:)?child_process$' },
    ),
    rule(
      'files-at-the-edge',
      'the file system is touched in few rooms',
      {
        path: '^src',
        pathNot:
          '^src/(host|main|cli|engine/(project|cache|export|weights|bodymodel|video|inference/providers|workspace|diagnose))|\\.test\\.tsx?$',
      },
      { path: NODE_FS },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json', '.css'],
    },
  },
};
