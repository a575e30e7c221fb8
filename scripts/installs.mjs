/** Installs packages for test:compat and test:package, outside the sources. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './steps.mjs';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The folder of {@link installLine3}. */
const LINE_3 = join(ROOT, 'build', 'compat', 'v3');

/**
 * Creates a folder outside the repository, and removes it when the process ends. Inside the repository Node would also find
 * packages in our own node_modules, and a missing package would go unnoticed.
 */
export function makeFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `slack-${name}-`));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Installs test/compat/v3 into build/, unless this lockfile is installed already. Returns the folder and its Node 24. */
export async function installLine3() {
  const from = join(ROOT, 'test', 'compat', 'v3');
  const marker = join(LINE_3, 'installed-package-lock.json');
  const lockfile = readFileSync(join(from, 'package-lock.json'), 'utf8');
  if (!existsSync(marker) || readFileSync(marker, 'utf8') !== lockfile) {
    rmSync(LINE_3, { recursive: true, force: true });
    mkdirSync(LINE_3, { recursive: true });
    for (const file of ['package.json', 'package-lock.json']) cpSync(join(from, file), join(LINE_3, file));
    await npm(['ci'], { cwd: LINE_3 });
    writeFileSync(marker, lockfile);
  }
  return { folder: LINE_3, node24: join(LINE_3, 'node_modules', 'node', 'bin', 'node') };
}

/** Builds and packs the three packages; gives for each the path of the tarball, its files and the bytes that it unpacks to. */
export async function pack() {
  const folder = makeFolder('pack');
  // First the root, because its `prepack` builds all three.
  const exporter = await packOne(ROOT, folder);
  const inbox = await packOne(join(ROOT, 'packages', 'slack-inbox'), folder);
  const commandLine = await packOne(join(ROOT, 'packages', 'otel-slack'), folder);
  return { exporter, inbox, commandLine };
}

async function packOne(cwd, folder) {
  const { stdout } = await npm(['pack', '--json', '--silent', '--pack-destination', folder], { cwd });
  // The build of `prepack` prints as well; the list of packed files is what comes last.
  const [packed] = JSON.parse(stdout.slice(stdout.lastIndexOf('\n[') + 1));
  const files = packed.files.map(({ path }) => path);
  return { tarball: join(folder, packed.filename), files, unpackedBytes: packed.unpackedSize };
}

/** Installs packages into a new folder, without --force, with npm on the given Node. Returns the folder. */
export async function installFresh({ name, packages, node = process.execPath }) {
  const folder = makeFolder(name);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  await npm(['install', ...packages], { cwd: folder, node });
  return folder;
}

/** Runs npm on the given Node. npm chooses versions of packages that support that Node. */
export function npm(args, { cwd, node = process.execPath }) {
  return run('npm', args, { cwd, env: { ...onNode(node), npm_config_loglevel: 'error' } });
}

/** Returns the environment in which the command `node` starts this Node. */
export function onNode(node) {
  return { PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
}
