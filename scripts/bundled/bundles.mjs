import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ESBUILD_OPTIONS } from '../../test/bundled/esbuild-options.mjs';
import { makeFolder, ROOT } from '../installs.mjs';

const APP = join(ROOT, 'test', 'bundled', 'app.mjs');

/** The options of webpack for each kind of bundle that is tested. One is minified, because that takes most of the time. */
const WEBPACK_OPTIONS = {
  'an ES module': {
    experiments: { outputModule: true },
    output: { filename: 'app.mjs', module: true, chunkFormat: 'module' },
    optimization: { minimize: false },
  },
  'minified CommonJS': { output: { filename: 'app.cjs' } },
};

/** All bundles: a name, and a function that makes the bundle from the packages in `folder` and gives its path. */
export const BUNDLES = [
  ...Object.entries(ESBUILD_OPTIONS).map(([format, options]) => ({
    name: `esbuild, ${format}`,
    bundle: (folder) => bundleWithEsbuild(folder, options),
  })),
  ...Object.entries(WEBPACK_OPTIONS).map(([format, options]) => ({
    name: `webpack, ${format}`,
    bundle: (folder) => bundleWithWebpack(folder, options),
  })),
];

async function bundleWithEsbuild(folder, options) {
  const outdir = makeFolder('esbuild');
  const { metafile, warnings } = await build({
    entryPoints: [copyApp(folder)],
    absWorkingDir: outdir,
    outdir,
    bundle: true,
    platform: 'node',
    metafile: true,
    logLevel: 'silent',
    ...options,
  });
  failOn(warnings.map(({ text }) => text));
  return join(outdir, Object.keys(metafile.outputs)[0]);
}

async function bundleWithWebpack(folder, { output, ...options }) {
  const webpack = createRequire(join(folder, 'package.json'))('webpack');
  const path = makeFolder('webpack');
  const compiler = webpack({
    context: folder,
    entry: copyApp(folder),
    mode: 'production',
    target: 'node20',
    output: { path, ...output },
    ...options,
  });
  const stats = await new Promise((resolve, reject) =>
    compiler.run((error, stats) => (error ? reject(error) : resolve(stats))),
  );
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  failOn([...errors, ...warnings].map(({ message }) => message));
  return join(path, output.filename);
}

/** The app beside the installed packages, where a bundler finds them. */
function copyApp(folder) {
  const app = join(folder, 'app.mjs');
  cpSync(APP, app);
  return app;
}

function failOn(findings) {
  if (findings.length > 0) throw new Error(`expected no error and no warning, got:\n${findings.join('\n')}`);
}
