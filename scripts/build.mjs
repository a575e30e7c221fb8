// Two runs of tsc over the same sources: ES modules for `import`, CommonJS for `require`. A third one for what runs in
// browsers, the page of the inbox.
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

// One kind of module at a time, and nothing else of build/: a file of a renamed source must not stay and be packed.
for (const kind of ['page', 'esm', 'cjs']) {
  rmSync(join(root, 'build', kind), { recursive: true, force: true });
  const args = [tsc, '--project', join(root, `tsconfig.${kind}.json`)];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  // tsc has said why.
  if (status !== 0) process.exit(1);
}
// The nearest package.json decides how Node reads a .js file.
writeFileSync(join(root, 'build', 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
// What is no TypeScript is sent to the browser as it is.
const ui = join(root, 'src', 'inbox', 'ui');
for (const name of readdirSync(ui).filter((name) => /\.(html|css|svg)$/.test(name))) {
  cpSync(join(ui, name), join(root, 'build', 'page', name));
}
