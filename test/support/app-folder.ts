import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The folder of an app that has installed our package and the packages that the test names. */
export interface AppFolder {
  readonly path: string;
  /** Writes a file of the app and returns its name. */
  write(name: string, text: string): string;
  /** Installs a package whose only module is this text. */
  package(name: string, text: string): void;
  remove(): void;
}

/** The dependencies of our package. */
const OWN_DEPENDENCIES = ['undici', '@opentelemetry/core', '@opentelemetry/api'];
const SDK_LOGS = '@opentelemetry/sdk-logs';

/** Copies of the built package with its dependencies: one for all apps with the SDK, and one for those without. */
const copies = new Map<boolean, string>();

/**
 * Creates the folder outside of the repository, so that Node finds no other packages. The packages are links to the
 * repository's and find their dependencies there.
 */
export function appFolder(packages: readonly string[], packageJson: object = {}): AppFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'slack-app-')));
  const write = (name: string, text: string): string => {
    writeFileSync(join(path, name), text);
    return name;
  };
  link(path, 'opentelemetry-exporter-slack', copyOfOurs(packages.includes(SDK_LOGS)));
  for (const name of new Set(['@opentelemetry/api', ...packages])) link(path, name, installed(name));
  write('package.json', JSON.stringify({ name: 'shop', version: '2.7.0', private: true, ...packageJson }));
  const makePackage = (name: string, text: string): void => {
    mkdirSync(join(path, 'node_modules', name), { recursive: true });
    write(join('node_modules', name, 'index.js'), text);
  };
  return { path, write, package: makePackage, remove: () => rmSync(path, { recursive: true, force: true }) };
}

function copyOfOurs(hasSdkLogs: boolean): string {
  const known = copies.get(hasSdkLogs);
  if (known !== undefined) return known;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'slack-installed-')));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const ours = join(folder, 'node_modules', 'opentelemetry-exporter-slack');
  for (const name of readdirSync(join(ROOT, 'build')).filter((file) => /\.c?js$/.test(file)))
    cpSync(join(ROOT, 'build', name), join(ours, 'build', name));
  cpSync(join(ROOT, 'package.json'), join(ours, 'package.json'));
  for (const name of [...OWN_DEPENDENCIES, ...(hasSdkLogs ? [SDK_LOGS] : [])]) link(folder, name, installed(name));
  copies.set(hasSdkLogs, ours);
  return ours;
}

function installed(name: string): string {
  return realpathSync(join(ROOT, 'node_modules', name));
}

function link(folder: string, name: string, target: string): void {
  const path = join(folder, 'node_modules', name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, 'dir');
}
