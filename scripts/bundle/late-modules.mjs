import { createRequire } from 'node:module';

/** Modules of Node that no start needs: together they take a tenth of the time that the exporter adds to a start. */
const LATE = /^node:(?:http|https|zlib|worker_threads|fs\/promises|timers\/promises)$/;
const NAMESPACE = 'late module';

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
  const names = Object.keys(createRequire(import.meta.url)(path)).filter((name) => /^\w+$/.test(name));
  return `module.exports = {\n${names.map((name) => `get ${name}() { return require('${path}').${name}; },`).join('\n')}\n};`;
}
