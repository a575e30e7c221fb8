import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as api from '@opentelemetry/api';
import { HERE } from './package-file.js';

/** The app that is being started, as far as it can be known before it runs. */
export interface App {
  /** From where its packages are looked for: the file that is started, and the folder it is started in. */
  readonly places: readonly string[];
  /** The nearest package.json above that file; what is not there is absent. */
  readonly name?: string;
  readonly version?: string;
  /** Names of the packages that it declares. */
  readonly dependencies: ReadonlySet<string>;
}

/** Finds the app of this process, or of this worker thread. */
export function findApp(entry: string | undefined = process.argv[1], folder: string = process.cwd()): App {
  const places = [entry, entry && realPath(entry), join(folder, 'app.js')].filter((place) => place !== undefined);
  return { places: [...new Set(places)], ...readPackage(places[0] as string) };
}

/** The file that the app gets when it requires `name`; `undefined` when it gets none. */
export function findPackage({ places }: Pick<App, 'places'>, name: string): string | undefined {
  for (const place of places) {
    try {
      return createRequire(place).resolve(name);
    } catch {
      // Not to be found from there.
    }
  }
  return undefined;
}

/** What the app gets when it requires `name`; `undefined` when there is none. What breaks while it loads is thrown. */
export function loadPackage(app: Pick<App, 'places'>, name: string): unknown {
  const file = findPackage(app, name);
  return file === undefined ? undefined : createRequire(HERE)(file);
}

/** The same for this package itself: its own dependencies, and its peers. */
const US: Pick<App, 'places'> = { places: [HERE] };

/** What the copies of `@opentelemetry/api` export that we and the app load: for `import` there is another one than for `require`. */
export function copiesOfApi(app: App): readonly { readonly logs?: unknown; readonly diag?: unknown }[] {
  return [api, tryToLoad(US, '@opentelemetry/api') ?? {}, tryToLoad(app, '@opentelemetry/api') ?? {}];
}

/** Like {@link loadPackage}, and `undefined` also when the package breaks while it loads. */
export function tryToLoad(app: Pick<App, 'places'>, name: string): object | undefined {
  try {
    return loadPackage(app, name) as object | undefined;
  } catch {
    return undefined;
  }
}

function realPath(path: string): string | undefined {
  try {
    // What stands in node_modules/.bin is a link to the package's own folder.
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function readPackage(entry: string): Omit<App, 'places'> {
  for (let folder = dirname(entry); ; folder = dirname(folder)) {
    const read = readPackageJson(join(folder, 'package.json'));
    if (read !== undefined) return read;
    if (folder === dirname(folder)) return { dependencies: new Set() };
  }
}

/** One without a name only says how its folder is to be read: the app's own is further up. */
function readPackageJson(path: string): Omit<App, 'places'> | undefined {
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
