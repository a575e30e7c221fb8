import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as api from '@opentelemetry/api';
import { HERE } from './package-file.js';

/** The app that is being started, as far as it is known before it runs. */
export interface App {
  /** The paths from which its packages are resolved: the started file, and the working directory. */
  readonly resolvePaths: readonly string[];
  /** Name and version from the nearest package.json above the started file. */
  readonly name?: string;
  readonly version?: string;
  /** The names of its dependencies in that package.json. */
  readonly dependencies: ReadonlySet<string>;
}

/** Finds the app of this process, or of this worker thread. */
export function findApp(entry: string | undefined = process.argv[1], folder: string = process.cwd()): App {
  const resolvePaths = [entry, entry && realPath(entry), join(folder, 'app.js')].filter((path) => path !== undefined);
  return { resolvePaths: [...new Set(resolvePaths)], ...readPackage(resolvePaths[0] as string) };
}

/** Resolves a package as the app does. Returns its file; `undefined` when there is none. */
export function findPackage({ resolvePaths }: Pick<App, 'resolvePaths'>, name: string): string | undefined {
  for (const path of resolvePaths) {
    try {
      return createRequire(path).resolve(name);
    } catch {
      // Not found from this path. The next one may have it.
    }
  }
  return undefined;
}

/** Loads a package as the app does. Returns `undefined` when there is none. Throws the errors of the package itself. */
export function loadPackage(app: Pick<App, 'resolvePaths'>, name: string): unknown {
  const file = findPackage(app, name);
  return file === undefined ? undefined : createRequire(HERE)(file);
}

/** Resolves the dependencies and peers of this package. */
const THIS_PACKAGE: Pick<App, 'resolvePaths'> = { resolvePaths: [HERE] };

/** Returns the exports of all copies of `@opentelemetry/api` that this package and the app load; `import` and `require` have one each. */
export function copiesOfApi(app: App): readonly { readonly logs?: unknown; readonly diag?: unknown }[] {
  return [api, tryToLoad(THIS_PACKAGE, '@opentelemetry/api') ?? {}, tryToLoad(app, '@opentelemetry/api') ?? {}];
}

/** Like {@link loadPackage}, but returns `undefined` when the package throws. */
export function tryToLoad(app: Pick<App, 'resolvePaths'>, name: string): object | undefined {
  try {
    return loadPackage(app, name) as object | undefined;
  } catch {
    return undefined;
  }
}

function realPath(path: string): string | undefined {
  try {
    // A file in node_modules/.bin is a link into the folder of its package.
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function readPackage(entry: string): Omit<App, 'resolvePaths'> {
  for (let folder = dirname(entry); ; folder = dirname(folder)) {
    const read = readPackageJson(join(folder, 'package.json'));
    if (read !== undefined) return read;
    if (folder === dirname(folder)) return { dependencies: new Set() };
  }
}

/** Reads a package.json. Ignores one without name and dependencies, which only sets the module type: the app's is further up. */
function readPackageJson(path: string): Omit<App, 'resolvePaths'> | undefined {
  try {
    const { name, version, dependencies } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    const declared = new Set(Object.keys(dependencies ?? {}));
    if (typeof name !== 'string' && declared.size === 0) return undefined;
    return { dependencies: declared, ...(isText(name) && { name }), ...(isText(version) && { version }) };
  } catch {
    return undefined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
