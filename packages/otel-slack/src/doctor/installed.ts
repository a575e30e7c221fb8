import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { valid } from 'semver';

/** A package on the disk. */
export interface InstalledPackage {
  readonly version: string;
  /** The real path: many packages are symbolic links. */
  readonly folder: string;
}

/**
 * The package that code in a folder imports. Node tells where it looks; `module.findPackageJSON`, which would do the
 * rest, came with Node 22.14.
 */
export function findInstalled(name: string, folder: string): InstalledPackage | undefined {
  const searched = createRequire(join(folder, 'index.js')).resolve.paths(name) ?? [];
  for (const modules of searched) {
    const found = readPackage(join(modules, name));
    if (found !== undefined) return found;
  }
  return undefined;
}

function readPackage(folder: string): InstalledPackage | undefined {
  try {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      readonly version?: string;
    };
    const isPackage = version !== undefined && valid(version) !== null;
    return isPackage ? { version, folder: realpathSync(folder) } : undefined;
  } catch {
    return undefined;
  }
}

/** Copies beyond this many folders are not found: the check stays fast in a very large tree. */
const MAX_FOLDERS = 20_000;

/**
 * All copies of the named packages below `root`, nested ones and those in pnpm's store included. Only `node_modules`
 * folders are read: a glob over the whole tree would read every source folder too.
 */
export function findCopies(root: string, names: readonly string[]): ReadonlyMap<string, readonly InstalledPackage[]> {
  const found = new Map(names.map((name) => [name, new Map<string, InstalledPackage>()]));
  let foldersLeft = MAX_FOLDERS;
  const visit = (modules: string): void => {
    if (foldersLeft-- <= 0) return;
    for (const name of names) {
      const copy = readPackage(join(modules, name));
      if (copy !== undefined) found.get(name)?.set(copy.folder, copy);
    }
    for (const folder of packageFolders(modules)) {
      const nested = join(folder, 'node_modules');
      if (existsSync(nested)) visit(nested);
    }
  };
  visit(join(root, 'node_modules'));
  return new Map([...found].map(([name, copies]) => [name, [...copies.values()]]));
}

/** The folders of the packages in a `node_modules`. Symbolic links are left out, because they may form a circle. */
function packageFolders(modules: string): readonly string[] {
  const names = subfolders(modules);
  const scoped = names.filter((name) => name.startsWith('@')).flatMap((scope) => subfolderPaths(join(modules, scope)));
  const unscoped = names.filter((name) => !name.startsWith('@') && !name.startsWith('.'));
  const pnpmStore = names.includes('.pnpm') ? subfolderPaths(join(modules, '.pnpm')) : [];
  return [...unscoped.map((name) => join(modules, name)), ...scoped, ...pnpmStore];
}

function subfolderPaths(folder: string): readonly string[] {
  return subfolders(folder).map((name) => join(folder, name));
}

function subfolders(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

/** A folder relative to `cwd`. */
export function displayPath(folder: string, cwd: string): string {
  return relative(realpathSync(cwd), folder) || '.';
}
