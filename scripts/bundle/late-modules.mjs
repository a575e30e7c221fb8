import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXPORTER } from './packages.mjs';

/** Modules of Node that no start needs: together they take a tenth of the time that the exporter adds to a start. */
const LATE = /^node:(?:http|https|zlib|worker_threads|fs\/promises|timers\/promises|child_process)$/;
const NAMESPACE = 'late module';
const SOURCES = join(EXPORTER, 'src');
const IMPORT = /^import (?!type)\{([^}]*)\} from '([^']+)'/gm;

/**
 * Loads these modules when something of them is used for the first time. The sources import them as usual; in the
 * bundle each import is an object whose getters load the module. The `require()` stays literal, so that the bundler of
 * an app sees it.
 */
export function lateModules() {
  return {
    name: 'late modules',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: LATE }, ({ path, namespace }) =>
        namespace === NAMESPACE ? { path, external: true } : { path, namespace: NAMESPACE },
      );
      onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({ contents: gettersOf(path) }));
    },
  };
}

function gettersOf(path) {
  const getters = namesImported(path).map((name) => `get ${name}() { return require('${path}').${name}; },`);
  return `module.exports = {\n${getters.join('\n')}\n};`;
}

/** Returns the names that the sources import from a module. */
function namesImported(path) {
  const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const names = sources.flatMap((file) =>
    [...readFileSync(join(SOURCES, file), 'utf8').matchAll(IMPORT)]
      .filter(([, , from]) => from === path)
      .flatMap(([, list]) => list.split(',').map((name) => name.trim().split(' as ')[0])),
  );
  return [...new Set(names)].filter((name) => /^\w+$/.test(name)).sort();
}
