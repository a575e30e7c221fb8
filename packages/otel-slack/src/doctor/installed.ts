import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** A package as it lies on the disk. */
export interface Installed {
  readonly version: string;
  /** The real folder; packages are often links. */
  readonly folder: string;
}

/** The package that code in `folder` gets, by Node's own way: node_modules here, then in each folder above. */
export function installedFor(name: string, folder: string): Installed | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const found = installedAt(join(at, 'node_modules', name));
    if (found !== undefined || dirname(at) === at) return found;
  }
}

function installedAt(folder: string): Installed | undefined {
  try {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      readonly version?: unknown;
    };
    return typeof version === 'string' ? { version, folder: realpathSync(folder) } : undefined;
  } catch {
    return undefined;
  }
}

/** So many folders are looked into: of a tree that is larger, copies may be missed. */
const MOST_FOLDERS = 20_000;

/** All copies of some packages below a node_modules, npm's nested ones and pnpm's store included, by name. */
export function copiesIn(root: string, names: readonly string[]): ReadonlyMap<string, readonly Installed[]> {
  const found = new Map(names.map((name) => [name, new Map<string, Installed>()]));
  let left = MOST_FOLDERS;
  const visit = (modules: string): void => {
    if (left-- <= 0) return;
    for (const name of names) {
      const copy = installedAt(join(modules, name));
      if (copy !== undefined) found.get(name)?.set(copy.folder, copy);
    }
    for (const folder of packagesIn(modules)) {
      const nested = join(folder, 'node_modules');
      if (existsSync(nested)) visit(nested);
    }
  };
  visit(join(root, 'node_modules'));
  return new Map([...found].map(([name, copies]) => [name, [...copies.values()]]));
}

/** The folders of the packages in a node_modules; links are left out, or there would be no end. */
function packagesIn(modules: string): readonly string[] {
  const folders = foldersIn(modules);
  const scoped = folders.filter((name) => name.startsWith('@')).flatMap((scope) => below(modules, scope));
  const plain = folders.filter((name) => !name.startsWith('@') && !name.startsWith('.'));
  const store = folders.includes('.pnpm') ? below(modules, '.pnpm') : [];
  return [...plain.map((name) => join(modules, name)), ...scoped, ...store];
}

function below(modules: string, folder: string): readonly string[] {
  return foldersIn(join(modules, folder)).map((name) => join(modules, folder, name));
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

/** A folder as a person in `cwd` would write it. */
export function shownPath(folder: string, cwd: string): string {
  return relative(realpathSync(cwd), folder) || '.';
}
