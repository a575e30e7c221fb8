/** Bundles of ES modules need a `require()` for the CommonJS packages in them. esbuild's documentation names this banner. */
const BANNER = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const ES_MODULE = { format: 'esm', outExtension: { '.js': '.mjs' }, banner: { js: BANNER } };

/** The options of esbuild for each kind of bundle that is tested. */
export const ESBUILD_OPTIONS = {
  'an ES module': ES_MODULE,
  'a minified ES module': { ...ES_MODULE, minify: true },
  CommonJS: { format: 'cjs', outExtension: { '.js': '.cjs' } },
};
