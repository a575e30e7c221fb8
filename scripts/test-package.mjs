// What users get: the tarball, installed beside both lines of the SDK by npm and by pnpm, really exporting an alert.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installFresh, installLine3, makeFolder, npm, onNode, pack, ROOT } from './installs.mjs';
import { createSteps, run } from './steps.mjs';

/** What belongs in the tarball, and nothing else. */
const EXPECTED_FILES = [
  /^(README|CHANGELOG)\.md$/,
  /^(LICENSE|package\.json)$/,
  /^build\/(esm|cjs)\/[\w/-]+\.([cm]?js|d\.[cm]?ts)(\.map)?$/,
  /^build\/cjs\/package\.json$/,
  /^src\/[\w/-]+\.[cm]?ts$/,
];
const NEEDED_FILES = [
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'package.json',
  'build/esm/index.js',
  'build/cjs/index.js',
  'build/esm/cli/main.js',
];
const APPS = ['esm.mjs', 'commonjs.cjs', 'import-only.mjs', 'import-only.cjs'];
const APP_FOLDER = join(ROOT, 'test', 'package', 'apps');
const PNPM = 'pnpm@10.34.9';

const { step, end } = createSteps();
const line3 = await step('install Node 24', installLine3);
const packed = await step('pack', pack);
if (packed) {
  await step('the tarball holds what belongs there', () => checkFiles(packed.files));
  await besideNpm({ sdkNode: '0.223.0', api: '1.9.1', node: process.execPath });
  if (line3) await besideNpm({ sdkNode: '0.301.0', api: '1.10.0', node: line3.node24 });
  await besidePnpm();
}
end();

function checkFiles(files) {
  const strange = files.filter((file) => !EXPECTED_FILES.some((expected) => expected.test(file)));
  const missing = NEEDED_FILES.filter((file) => !files.includes(file));
  if (strange.length + missing.length > 0)
    throw new Error(`too much: ${strange.join(' ')}\nmissing: ${missing.join(' ')}`);
}

async function besideNpm({ sdkNode, api, node }) {
  const { stdout: version } = await run(node, ['--version']);
  const beside = `sdk-node ${sdkNode}, Node ${version.trim()}`;
  // Without --force and --legacy-peer-deps, so that a conflict fails it.
  const packages = [packed.tarball, `@opentelemetry/sdk-node@${sdkNode}`, `@opentelemetry/api@${api}`];
  const folder = await step(`${beside}: npm install`, () => installFresh({ name: 'beside', packages, node }));
  if (folder === undefined) return;
  await step(`${beside}: npm ls finds no conflict`, () => npm(['ls', '--all'], { cwd: folder, node }));
  for (const app of APPS) await step(`${beside}: ${app}`, () => runApp({ app, folder, node }));
  await step(`${beside}: npx otel-slack --version`, () => runCommandLine({ folder, node }));
}

/** With sdk-node and no sdk-logs: pnpm gives us the one that sdk-node has, because ours is an (optional) peer. */
async function besidePnpm() {
  const line2 = {
    '@opentelemetry/sdk-node': '0.223.0',
    '@opentelemetry/api': '1.9.1',
    '@opentelemetry/api-logs': '0.223.0',
  };
  const line3Packages = { '@opentelemetry/sdk-node': '0.301.0', '@opentelemetry/api': '1.10.0' };
  await besidePnpmOf({ packages: line2, node: process.execPath, app: 'pnpm.mjs' });
  if (line3) await besidePnpmOf({ packages: line3Packages, node: line3.node24, app: 'pnpm.mjs' });
  await besidePnpmOf({ packages: line2, node: process.execPath, app: 'without-sdk-logs.mjs', hidesSdkLogs: true });
}

async function besidePnpmOf({ packages, node, app, hidesSdkLogs = false }) {
  const beside = `${PNPM}, sdk-node ${packages['@opentelemetry/sdk-node']}${hidesSdkLogs ? ', sdk-logs hidden' : ''}`;
  const folder = await step(`${beside}: pnpm install`, () => installWithPnpm({ packages, node, hidesSdkLogs }));
  if (folder !== undefined) await step(`${beside}: ${app}`, () => runApp({ app, folder, node }));
}

async function installWithPnpm({ packages, node, hidesSdkLogs }) {
  const folder = makeFolder('pnpm');
  const dependencies = { 'opentelemetry-exporter-slack': `file:${packed.tarball}`, ...packages };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  // Nothing is hoisted: a package sees what it declares. Without the peer it does not see sdk-logs at all.
  if (hidesSdkLogs) cpSync(join(APP_FOLDER, 'pnpmfile.cjs'), join(folder, '.pnpmfile.cjs'));
  const options = [`--store-dir=${join(ROOT, 'build', 'pnpm-store')}`, '--config.hoist=false', '--ignore-scripts'];
  await npm(['exec', '--yes', '--', PNPM, 'install', ...options], { cwd: folder, node });
  return folder;
}

/** As a user would: by the name that npm linked. */
async function runCommandLine({ folder, node }) {
  const { stdout } = await npm(['exec', '--no', '--', 'otel-slack', '--version'], { cwd: folder, node });
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  if (stdout.trim() !== version) throw new Error(`expected ${version}, got ${stdout}`);
}

/** An app fails by its exit code, by saying anything, and by not ending by itself. */
async function runApp({ app, folder, node }) {
  cpSync(join(APP_FOLDER, app), join(folder, app));
  cpSync(join(APP_FOLDER, 'export-alert.cjs'), join(folder, 'export-alert.cjs'));
  const { all } = await run(node, [app], { cwd: folder, env: onNode(node), timeoutMillis: 30_000 });
  if (all !== '') throw new Error(`expected ${app} to print nothing, got:\n${all}`);
}
