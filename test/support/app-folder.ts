import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** An app of somebody who has installed our package, and just the packages that the test names. */
export interface AppFolder {
  readonly path: string;
  /** Writes a file of the app and gives its name. */
  write(name: string, text: string): string;
  /** Installs a package of that name that is nothing but this text. */
  package(name: string, text: string): void;
  remove(): void;
}

/** What our package has beside it. */
const OWN_DEPENDENCIES = ['undici', '@opentelemetry/core', '@opentelemetry/api'];
const SDK_LOGS = '@opentelemetry/sdk-logs';

/** Our package as it is built, beside what it needs: one copy for all apps with the SDK, and one for those without. */
const copies = new Map<boolean, string>();

/**
 * Makes such a folder outside the repository, where Node finds nothing else. The packages are links to the repository's,
 * and find their own dependencies there.
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
