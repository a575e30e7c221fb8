// Two runs of tsc over the exporter and over slack-inbox: ES modules for `import`, CommonJS for `require`; a third one for
// the page of slack-inbox, which runs in browsers. otel-slack is one bundle, with the rooms of the exporter that it uses.
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const inbox = join(root, 'packages', 'slack-inbox');
const commandLine = join(root, 'packages', 'otel-slack');
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

compile(root, ['esm', 'cjs']);
compile(inbox, ['page', 'esm', 'cjs']);
// The browser gets what is no TypeScript as it is.
const ui = join(inbox, 'src', 'ui');
for (const name of readdirSync(ui).filter((name) => /\.(html|css|svg)$/.test(name))) {
  cpSync(join(ui, name), join(inbox, 'build', 'page', name));
}
rmSync(join(commandLine, 'build'), { recursive: true, force: true });
await build({
  entryPoints: [join(commandLine, 'src', 'main.ts')],
  outfile: join(commandLine, 'build', 'main.js'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  banner: {
    js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url); const __filename = import.meta.filename; const __dirname = import.meta.dirname;",
  },
});

/** One kind of module at a time, and nothing else of build/: a file of a renamed source must not stay and be packed. */
function compile(folder, kinds) {
  for (const kind of kinds) {
    rmSync(join(folder, 'build', kind), { recursive: true, force: true });
    const args = [tsc, '--project', join(folder, `tsconfig.${kind}.json`)];
    const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
    // tsc has said why.
    if (status !== 0) process.exit(1);
  }
  // The nearest package.json decides how Node reads a .js file.
  writeFileSync(join(folder, 'build', 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
}
