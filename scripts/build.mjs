// `npm run build`: the bundles and the types of the three packages. `--no-types` leaves the types as they are, which is
// quicker and enough to run the tests.
import { bundleCommandLine, bundleExporter, bundleInbox } from './bundle/bundles.mjs';

try {
  await Promise.all([bundleExporter(), bundleInbox(), bundleCommandLine()]);
  if (!process.argv.includes('--no-types')) (await import('./bundle/types.mjs')).buildTypes();
} catch (error) {
  // esbuild, tsc and API Extractor print their own messages.
  if (error.errors === undefined) console.error(error.message);
  process.exitCode = 1;
}
