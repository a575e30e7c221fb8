// Tests the packed package: installs the tarball with npm and pnpm, beside both lines of the SDK, and exports an alert.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installFresh, installLine3, makeFolder, npm, onNode, pack, ROOT } from './installs.mjs';
import { billOfMaterials, runTimePackages } from './sbom.mjs';
import { createSteps, run } from './steps.mjs';

/** Every file in the tarball must match one of these. */
const EXPECTED_FILES = [
  /^(README|CHANGELOG|SECURITY)\.md$/,
  /^docs\/[\w/-]+\.md$/,
  /^(LICENSE|package\.json)$/,
  /^build\/(esm|cjs)\/[\w/-]+\.([cm]?js|d\.[cm]?ts)(\.map)?$/,
  /^build\/cjs\/package\.json$/,
  /^build\/page\/[\w-]+\.(js(\.map)?|html|css|svg)$/,
  /^src\/[\w/-]+\.[cm]?ts$/,
  /^src\/inbox\/ui\/[\w-]+\.(html|css|svg)$/,
];
const NEEDED_FILES = [
  'README.md',
  'docs/register.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'LICENSE',
  'package.json',
  'build/esm/index.js',
  'build/cjs/index.js',
  'build/page/index.html',
  'build/page/main.js',
  'build/esm/register/index.js',
  'build/cjs/register/index.js',
  'build/esm/cli/main.js',
];
const APPS = ['esm.mjs', 'commonjs.cjs', 'import-only.mjs', 'import-only.cjs'];
/** The apps that register.cjs starts. */
const REGISTERED_APPS = ['register-express.cjs', 'register-fastify.mjs'];
const APP_FOLDER = join(ROOT, 'test', 'package', 'apps');
const PNPM = 'pnpm@10.34.9';

const { step, end } = createSteps();
await step('the bill of materials lists exactly the run-time packages', checkBill);
const line3 = await step('install Node 24', installLine3);
const packed = await step('pack', pack);
if (packed) {
  await step('the tarball has the expected files', () => checkFiles(packed.files));
  await besideNpm({ sdkNode: '0.223.0', api: '1.9.1', node: process.execPath });
  if (line3) await besideNpm({ sdkNode: '0.301.0', api: '1.10.0', node: line3.node24 });
  await besidePnpm();
  await registered({ sdkLogs: '0.223.1', api: '1.9.1', pino: '0.69.0', node: process.execPath });
  if (line3) await registered({ sdkLogs: '3.1.1', api: '1.10.0', pino: '0.70.0', node: line3.node24 });
}
end();

function checkFiles(files) {
  const unexpected = files.filter((file) => !EXPECTED_FILES.some((expected) => expected.test(file)));
  const missing = NEEDED_FILES.filter((file) => !files.includes(file));
  if (unexpected.length + missing.length > 0)
    throw new Error(`unexpected: ${unexpected.join(' ')}\nmissing: ${missing.join(' ')}`);
}

async function checkBill() {
  const { components, metadata } = await billOfMaterials();
  const listed = components.map((component) => component['bom-ref']).toSorted();
  const needed = runTimePackages().toSorted();
  if (listed.join() !== needed.join()) throw new Error(`listed: ${listed.join(' ')}\nneeded: ${needed.join(' ')}`);
  const incomplete = components.filter(({ hashes = [], licenses = [] }) => hashes.length * licenses.length === 0);
  if (incomplete.length > 0)
    throw new Error(`expected a hash and a license of ${incomplete.map(({ name }) => name).join(' ')}`);
  const { name } = metadata.component;
  if (name !== 'opentelemetry-exporter-slack') throw new Error(`expected the name of the package, got ${name}`);
}

async function besideNpm({ sdkNode, api, node }) {
  const { stdout: version } = await run(node, ['--version']);
  const beside = `sdk-node ${sdkNode}, Node ${version.trim()}`;
  // Without --force and --legacy-peer-deps, so that the step fails on a conflict.
  const packages = [packed.tarball, `@opentelemetry/sdk-node@${sdkNode}`, `@opentelemetry/api@${api}`];
  const folder = await step(`${beside}: npm install`, () => installFresh({ name: 'beside', packages, node }));
  if (folder === undefined) return;
  await step(`${beside}: npm ls finds no conflict`, () => npm(['ls', '--all'], { cwd: folder, node }));
  for (const app of APPS) await step(`${beside}: ${app}`, () => runApp({ app, folder, node }));
  await step(`${beside}: npx otel-slack --version`, () => runCommandLine({ folder, node }));
}

/** Runs apps that have no OpenTelemetry in their code, with --import. */
async function registered({ sdkLogs, api, pino, node }) {
  const packages = [
    ...[packed.tarball, `@opentelemetry/sdk-logs@${sdkLogs}`, `@opentelemetry/api@${api}`],
    ...['express@5.3.0', 'fastify@5.12.8', `@opentelemetry/instrumentation-pino@${pino}`],
  ];
  const name = `sdk-logs ${sdkLogs}, --import`;
  const folder = await step(`${name}: npm install`, () => installFresh({ name: 'register', packages, node }));
  if (folder === undefined) return;
  const packageJson = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...packageJson, name: 'shop', version: '2.7.0' }));
  for (const app of REGISTERED_APPS) cpSync(join(APP_FOLDER, app), join(folder, app));
  await step(`${name}: Express and Fastify post their errors`, () => runApp({ app: 'register.cjs', folder, node }));
}

/** Installs with pnpm, sdk-node and no sdk-logs. pnpm then resolves our optional peer to the sdk-logs of sdk-node. */
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
  // Without hoisting a package finds only what it declares. Without the peer it does not find sdk-logs.
  if (hidesSdkLogs) cpSync(join(APP_FOLDER, 'pnpmfile.cjs'), join(folder, '.pnpmfile.cjs'));
  const options = [`--store-dir=${join(ROOT, 'build', 'pnpm-store')}`, '--config.hoist=false', '--ignore-scripts'];
  await npm(['exec', '--yes', '--', PNPM, 'install', ...options], { cwd: folder, node });
  return folder;
}

/** Runs the command by the name that npm linked, as a user does. */
async function runCommandLine({ folder, node }) {
  const { stdout } = await npm(['exec', '--no', '--', 'otel-slack', '--version'], { cwd: folder, node });
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  if (stdout.trim() !== version) throw new Error(`expected ${version}, got ${stdout}`);
}

/** Runs an app. Fails on an exit code other than 0, on any output, and when the app does not end by itself. */
async function runApp({ app, folder, node }) {
  cpSync(join(APP_FOLDER, app), join(folder, app));
  cpSync(join(APP_FOLDER, 'export-alert.cjs'), join(folder, 'export-alert.cjs'));
  const { all } = await run(node, [app], { cwd: folder, env: onNode(node), timeoutMillis: 30_000 });
  if (all !== '') throw new Error(`expected ${app} to print nothing, got:\n${all}`);
}
