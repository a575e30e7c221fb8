// Apps that are bundled: the packed tarball in a bundle of esbuild, webpack and Next.js, as a real process that posts its
// alerts.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { BUNDLES } from './bundled/bundles.mjs';
import {
  buildNextApp,
  copyNextApp,
  deployStandalone,
  hasCompiler,
  tryLastWords,
  tryNextDev,
  tryNextStart,
  tryStandalone,
} from './bundled/next-app.mjs';
import { BEHAVIOURS } from './bundled/run-bundle.mjs';
import { makeFolder, npm, pack, ROOT } from './installs.mjs';
import { createSteps } from './steps.mjs';

const { step, end } = createSteps();
const packed = await step('pack', pack);
const folder = packed && (await step('install webpack, Next.js and the tarball', () => install(packed.exporter)));
if (folder) {
  for (const each of BUNDLES) await testBundle(each);
  await testNext();
}
end();

/** The versions of test/bundled/tools, in a new folder. */
async function install({ tarball }) {
  const folder = makeFolder('bundled');
  for (const file of ['package.json', 'package-lock.json'])
    cpSync(join(ROOT, 'test', 'bundled', 'tools', file), join(folder, file));
  await npm(['ci'], { cwd: folder });
  // The lockfile has all that the tarball depends on, and pins it.
  await npm(['install', '--no-save', tarball], { cwd: folder });
  return folder;
}

async function testBundle({ name, bundle }) {
  const file = await step(`${name}: the bundle has no warning`, () => bundle(folder));
  if (file === undefined) return;
  for (const [behaviour, tryIt] of Object.entries(BEHAVIOURS))
    await step(`${name}: the app ${behaviour}`, () => tryIt(file));
}

async function testNext() {
  if (!hasCompiler(folder)) {
    console.log('LEFT OUT: Next.js. npm has no package @next/swc-* for this platform, and Next would download one.');
    return;
  }
  copyNextApp(folder);
  const isBuilt = await step('Next.js: next build', () => buildNextApp(folder).then(() => true));
  if (isBuilt) {
    const deployed = deployStandalone(folder);
    await step('Next.js, standalone: node server.js posts both errors', () => tryStandalone(deployed));
    await step('Next.js, standalone: SIGTERM right after an error: its last words arrive', () =>
      tryLastWords(deployed),
    );
    await step('Next.js: next start posts both errors', () => tryNextStart(folder));
  }
  await step('Next.js: next dev with Turbopack posts both errors', () => tryNextDev(folder));
}
