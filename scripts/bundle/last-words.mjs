import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const ENTRY = fileURLToPath(new URL('../../src/shutdown/last-words-worker.ts', import.meta.url));

/** The source text of the thread that sends the last words: CommonJS that needs Node's own modules and nothing else. */
export function bundleLastWords() {
  const { outputFiles } = buildSync({
    entryPoints: [ENTRY],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    // The text is data of the bundle, and nobody debugs it there.
    minify: true,
    logLevel: 'warning',
  });
  return outputFiles[0].text;
}
