import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { INBOX } from './packages.mjs';

/** The page of slack-inbox, which runs in browsers. */
export async function bundlePage(output) {
  const source = join(INBOX, 'src', 'ui');
  await build({
    entryPoints: [join(source, 'main.ts')],
    outfile: join(output, 'main.js'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'warning',
  });
  for (const name of readdirSync(source).filter((name) => /\.(html|css|svg)$/.test(name))) {
    cpSync(join(source, name), join(output, name));
  }
}
