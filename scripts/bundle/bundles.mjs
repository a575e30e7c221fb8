import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { checkRequired } from './dependencies.mjs';
import { bundleLastWords } from './last-words.mjs';
import { lateModules } from './late-modules.mjs';
import { keepLines } from './line-maps.mjs';
import { COMMAND_LINE, EXPORTER, INBOX } from './packages.mjs';
import { bundlePage } from './page.mjs';

const OPTIONS = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  sourcemap: true,
  // The maps name the files in the repository; a copy of the sources would double the size of the package.
  sourcesContent: false,
  metafile: true,
  logLevel: 'warning',
};

/** Names of a module that differ between the two module systems, as CommonJS has them. */
const IN_COMMONJS = { 'import.meta.url': '__filename', 'import.meta.dirname': '__dirname' };

/**
 * The exporter is one CommonJS bundle, and both entries export its functions: an app that uses both module systems has one
 * exporter, and the package is half as large. `register` is a bundle for each system, because it has to
 * reach the copy of `@opentelemetry/api` that `import` gives and the copy that `require` gives.
 */
export async function bundleExporter() {
  const output = join(EXPORTER, 'build');
  const inSource = (...path) => join(EXPORTER, 'src', ...path);
  // Only a literal `require()` is synchronous, may fail, and is seen by every bundler of an app.
  const sdkLogs = { entryPoints: [inSource('gate', 'sdk-logs.cts')], outfile: join(output, 'sdk-logs.cjs') };
  const index = { entryPoints: [inSource('index.ts')], outfile: join(output, 'exporter.cjs') };
  const register = { entryPoints: [inSource('register', 'index.ts')] };
  const results = await Promise.all([
    build({ ...OPTIONS, ...sdkLogs, format: 'cjs', sourcemap: false }),
    build({
      ...OPTIONS,
      ...index,
      format: 'cjs',
      plugins: [separate({ 'sdk-logs.cjs': './sdk-logs.cjs' }), lastWordsAsText(), lateModules()],
    }),
    build({
      ...OPTIONS,
      ...register,
      outfile: join(output, 'register.js'),
      format: 'esm',
      plugins: [separate({ 'sdk-logs.cjs': './sdk-logs.cjs', 'processor.js': './index.js' })],
    }),
    build({
      ...OPTIONS,
      ...register,
      outfile: join(output, 'register.cjs'),
      format: 'cjs',
      define: IN_COMMONJS,
      plugins: [separate({ 'sdk-logs.cjs': './sdk-logs.cjs', 'processor.js': './index.cjs' })],
    }),
  ]);
  for (const file of ['exporter.cjs', 'register.js', 'register.cjs']) keepLines(join(output, `${file}.map`));
  reexport(output, 'exporter.cjs');
  checkRequired(EXPORTER, results);
}

/** The local Slack: one CommonJS bundle, an ES module that exports the same functions, and the page. */
export async function bundleInbox() {
  const output = join(INBOX, 'build');
  const page = join(output, 'page');
  // A file that has a new name must not stay and be packed.
  rmSync(page, { recursive: true, force: true });
  const entryPoints = [join(INBOX, 'src', 'index.ts')];
  const outfile = join(output, 'inbox.cjs');
  const result = await build({ ...OPTIONS, entryPoints, outfile, format: 'cjs', define: IN_COMMONJS });
  reexport(output, 'inbox.cjs');
  await bundlePage(page);
  checkRequired(INBOX, [result]);
}

/** The command line, with the parts of the exporter that it uses. */
export async function bundleCommandLine() {
  const result = await build({
    ...OPTIONS,
    entryPoints: [join(COMMAND_LINE, 'src', 'main.ts')],
    outfile: join(COMMAND_LINE, 'build', 'main.js'),
    format: 'esm',
    // undici is loaded with `require()`, which an ES module has to make for itself.
    banner: {
      js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
    },
  });
  checkRequired(COMMAND_LINE, [result]);
}

/**
 * Writes index.cjs and index.js, which export by name each value that the bundle exports. index.cjs is a file of its own,
 * because Node reads a CommonJS file that is imported twice: once only for the names of the exports, which takes longer
 * than all the rest for a file of that size.
 */
function reexport(output, bundle) {
  const names = Object.keys(createRequire(import.meta.url)(join(output, bundle))).toSorted();
  const lines = names.map((name) => `exports.${name} = bundle.${name};\n`);
  writeFileSync(join(output, 'index.cjs'), `'use strict';\nconst bundle = require('./${bundle}');\n${lines.join('')}`);
  writeFileSync(join(output, 'index.js'), `export { ${names.join(', ')} } from './index.cjs';\n`);
}

/** Puts the source text of the thread in the place of src/shutdown/last-words-source.ts. */
function lastWordsAsText() {
  return {
    name: 'last words as text',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]last-words-source\.ts$/ }, () => ({
        contents: `export const lastWordsSource = () => ${JSON.stringify(bundleLastWords())};`,
      }));
    },
  };
}

/** Modules that are files of their own beside the bundle: by the end of the import's path, and as the bundle imports them. */
function separate(files) {
  return {
    name: 'separate files',
    setup({ onResolve }) {
      for (const [file, path] of Object.entries(files)) {
        const filter = new RegExp(`/${file.replaceAll('.', '\\.')}$`);
        onResolve({ filter }, () => ({ path, external: true }));
      }
    },
  };
}
