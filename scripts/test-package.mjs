// What users get: the tarball, installed beside both lines of the SDK by npm and by pnpm, really exporting an alert.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installFresh, installLine3, makeFolder, npm, onNode, pack, ROOT } from './installs.mjs';
import { billOfMaterials, runTimePackages } from './sbom.mjs';
import { createSteps, run } from './steps.mjs';

/** What belongs in each tarball, and nothing else. */
const EXPECTED_FILES = {
  exporter: [
    ...['README.md', 'CHANGELOG.md', 'SECURITY.md', 'LICENSE', 'package.json'],
    ...['index', 'register'].flatMap((name) =>
      ['js', 'cjs', 'd.ts', 'd.cts'].map((ending) => `build/${name}.${ending}`),
    ),
    ...['exporter.cjs', 'exporter.cjs.map', 'register.js.map', 'register.cjs.map', 'sdk-logs.cjs'].map(
      (name) => `build/${name}`,
    ),
  ],
  inbox: [
    ...['README.md', 'LICENSE', 'package.json'],
    ...['js', 'cjs', 'd.ts', 'd.cts'].map((ending) => `build/index.${ending}`),
    ...['build/inbox.cjs', 'build/inbox.cjs.map'],
    ...['index.html', 'main.js', 'icon.svg'].map((name) => `build/page/${name}`),
    ...['base', 'content', 'feed', 'narrow', 'overlays', 'side'].map((name) => `build/page/${name}.css`),
  ],
  commandLine: ['README.md', 'LICENSE', 'package.json', 'build/main.js', 'build/main.js.map'],
};
/** What an app may get with the exporter. */
const MOST_FILES = 60;
const MOST_BYTES = 900_000;

const APPS = ['esm.mjs', 'commonjs.cjs', 'import-only.mjs', 'import-only.cjs'];
/** What register.cjs starts. */
const REGISTERED_APPS = ['register-express.cjs', 'register-fastify.mjs'];
const APP_FOLDER = join(ROOT, 'test', 'package', 'apps');
const PNPM = 'pnpm@10.34.9';

const { step, end } = createSteps();
await step('the bill of materials lists what is needed at run time, and nothing else', checkBill);
const line3 = await step('install Node 24', installLine3);
const packed = await step('pack', pack);
if (packed) {
  for (const [name, { files }] of Object.entries(packed)) {
    await step(`the tarball of ${name} holds what belongs there`, () => checkFiles(files, EXPECTED_FILES[name]));
  }
  await step(`the exporter has at most ${MOST_FILES} files and ${MOST_BYTES / 1_000} kB`, () =>
    checkSize(packed.exporter),
  );
  await step(
    'otel-slack runs in a folder that has nothing else, with nothing from a registry but its dependencies',
    runAlone,
  );
  await besideNpm({ sdkNode: '0.223.0', api: '1.9.1', node: process.execPath });
  if (line3) await besideNpm({ sdkNode: '0.301.0', api: '1.10.0', node: line3.node24 });
  await besidePnpm();
  await registered({ sdkLogs: '0.223.1', api: '1.9.1', pino: '0.69.0', node: process.execPath });
  if (line3) await registered({ sdkLogs: '3.1.1', api: '1.10.0', pino: '0.70.0', node: line3.node24 });
}
end();

function checkFiles(files, expected) {
  const strange = files.filter((file) => !expected.includes(file));
  const missing = expected.filter((file) => !files.includes(file));
  if (strange.length + missing.length > 0)
    throw new Error(`too much: ${strange.join(' ')}\nmissing: ${missing.join(' ')}`);
}

function checkSize({ files, unpackedBytes }) {
  console.log(`     ${files.length} files, ${Math.round(unpackedBytes / 1_000)} kB unpacked`);
  if (files.length > MOST_FILES || unpackedBytes > MOST_BYTES) throw new Error('too large');
}

/** As `npx otel-slack doctor` does: it gets otel-slack and what that depends on, and the folder has no other package. */
async function runAlone() {
  const packages = [packed.commandLine.tarball, packed.inbox.tarball];
  const folder = await installFresh({ name: 'alone', packages });
  cpSync(join(APP_FOLDER, 'doctor-alone.mjs'), join(folder, 'doctor-alone.mjs'));
  await run(process.execPath, ['doctor-alone.mjs'], { cwd: folder, timeoutMillis: 60_000 });
}

async function checkBill() {
  const { components, metadata } = await billOfMaterials();
  const listed = components.map((component) => component['bom-ref']).toSorted();
  const needed = runTimePackages().toSorted();
  if (listed.join() !== needed.join()) throw new Error(`listed: ${listed.join(' ')}\nneeded: ${needed.join(' ')}`);
  const bare = components.filter(({ hashes = [], licenses = [] }) => hashes.length * licenses.length === 0);
  if (bare.length > 0) throw new Error(`expected a hash and a license of ${bare.map(({ name }) => name).join(' ')}`);
  const { name } = metadata.component;
  if (name !== 'opentelemetry-exporter-slack') throw new Error(`expected the name of the package, got ${name}`);
}

function tarballs() {
  return Object.values(packed).map(({ tarball }) => tarball);
}

async function besideNpm({ sdkNode, api, node }) {
  const { stdout: version } = await run(node, ['--version']);
  const beside = `sdk-node ${sdkNode}, Node ${version.trim()}`;
  // Without --force and --legacy-peer-deps, so that a conflict fails it.
  const packages = [...tarballs(), `@opentelemetry/sdk-node@${sdkNode}`, `@opentelemetry/api@${api}`];
  const folder = await step(`${beside}: npm install`, () => installFresh({ name: 'beside', packages, node }));
  if (folder === undefined) return;
  await step(`${beside}: npm ls finds no conflict`, () => npm(['ls', '--all'], { cwd: folder, node }));
  for (const app of APPS) await step(`${beside}: ${app}`, () => runApp({ app, folder, node }));
  await step(`${beside}: npx otel-slack --version`, () => runCommandLine({ folder, node }));
}

/** Apps that are started with --import and know nothing of OpenTelemetry. */
async function registered({ sdkLogs, api, pino, node }) {
  const packages = [
    ...[...tarballs(), `@opentelemetry/sdk-logs@${sdkLogs}`, `@opentelemetry/api@${api}`],
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
  const dependencies = {
    'opentelemetry-exporter-slack': `file:${packed.exporter.tarball}`,
    'slack-inbox': `file:${packed.inbox.tarball}`,
    ...packages,
  };
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
