// Builds the three packages. tsc compiles the exporter and slack-inbox twice: to ES modules for `import`, and to CommonJS
// for `require`. A third run compiles the page of slack-inbox for browsers. otel-slack is one bundle, with the rooms of
// the exporter that it uses.
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const inboxFolder = join(root, 'packages', 'slack-inbox');
const cliFolder = join(root, 'packages', 'otel-slack');
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

compile(root, ['esm', 'cjs']);
compile(inboxFolder, ['page', 'esm', 'cjs']);
// HTML, CSS and SVG are copied unchanged.
const ui = join(inboxFolder, 'src', 'ui');
for (const name of readdirSync(ui).filter((name) => /\.(html|css|svg)$/.test(name))) {
  cpSync(join(ui, name), join(inboxFolder, 'build', 'page', name));
}
rmSync(join(cliFolder, 'build'), { recursive: true, force: true });
await build({
  entryPoints: [join(cliFolder, 'src', 'main.ts')],
  outfile: join(cliFolder, 'build', 'main.js'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  banner: {
    js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url); const __filename = import.meta.filename; const __dirname = import.meta.dirname;",
  },
});

/** Compiles each kind into an empty folder. Otherwise the output of a renamed source would stay there and be packed. */
function compile(folder, kinds) {
  for (const kind of kinds) {
    rmSync(join(folder, 'build', kind), { recursive: true, force: true });
    const args = [tsc, '--project', join(folder, `tsconfig.${kind}.json`)];
    const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
    // tsc has already printed the errors.
    if (status !== 0) process.exit(1);
  }
  // Node takes the module system of a .js file from the nearest package.json.
  writeFileSync(join(folder, 'build', 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
}
