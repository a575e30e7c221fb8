/** Installs packages for test:compat, test:package and test:bundled, away from the sources. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './steps.mjs';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Folders that {@link installLines} fills, and the Node to run them with. */
const LINE_3 = join(ROOT, 'build', 'compat', 'v3');

/**
 * A new folder outside the repository: from inside it Node would find our own node_modules above, and a package that is
 * missing would go unnoticed. It is removed when the process ends.
 */
export function makeFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `slack-${name}-`));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Installs test/compat/v3 into build/, unless it is there already. Gives its folder and its Node 24. */
export async function installLine3() {
  const from = join(ROOT, 'test', 'compat', 'v3');
  const done = join(LINE_3, 'installed-package-lock.json');
  const wanted = readFileSync(join(from, 'package-lock.json'), 'utf8');
  if (!existsSync(done) || readFileSync(done, 'utf8') !== wanted) {
    rmSync(LINE_3, { recursive: true, force: true });
    mkdirSync(LINE_3, { recursive: true });
    for (const file of ['package.json', 'package-lock.json']) cpSync(join(from, file), join(LINE_3, file));
    await npm(['ci'], { cwd: LINE_3 });
    writeFileSync(done, wanted);
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

/** Installs packages into a new folder, with nothing forced, by the npm that runs on the given Node. Gives the folder. */
export async function installFresh({ name, packages, node = process.execPath }) {
  const folder = makeFolder(name);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  await npm(['install', ...packages], { cwd: folder, node });
  return folder;
}

/** Runs npm, which chooses versions by the Node it runs on. */
export function npm(args, { cwd, node = process.execPath }) {
  return run('npm', args, { cwd, env: { ...onNode(node), npm_config_loglevel: 'error' } });
}

/** Makes `node` mean this one, for whatever is started. */
export function onNode(node) {
  return { PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
}
