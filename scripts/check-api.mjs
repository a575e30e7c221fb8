// The public API of the packages, as etc/*.api.md lists it. `npm run check:api` fails when an export, an option or a
// signature differs from the list; `npm run check:api -- --write` writes the list anew.
import { compareReports } from './bundle/types.mjs';

const changed = compareReports({ write: process.argv.includes('--write') });
for (const report of changed) {
  console.error(`${report}: the public API is another one. If that is meant, run "npm run check:api -- --write".`);
}
process.exitCode = changed.length > 0 ? 1 : 0;
