// Two runs of tsc over the same sources: ES modules for `import`, CommonJS for `require`.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

rmSync(join(root, 'build'), { recursive: true, force: true });
for (const project of ['tsconfig.esm.json', 'tsconfig.cjs.json']) {
  execFileSync(process.execPath, [tsc, '--project', join(root, project)], { stdio: 'inherit' });
}
// The nearest package.json decides how Node reads a .js file.
writeFileSync(join(root, 'build', 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
