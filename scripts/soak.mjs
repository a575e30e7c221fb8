// Runs the tests of test/support/sized.ts at their full size: 200 killed processes, 60 million records while Slack is
// down, 50 crashes, a simulated day of live problems. Takes several minutes. `npm run test:long` runs the same tests with smaller numbers.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MOCHA = fileURLToPath(new URL('../node_modules/mocha/bin/mocha.js', import.meta.url));
const FILES = ['kills', 'crashes', 'flood', 'staleness'].map((name) => `test/long/${name}.test.ts`);
const args = [MOCHA, '--no-config', '--node-option', 'import=tsx', '--forbid-only', ...FILES, ...process.argv.slice(2)];
const env = { ...process.env, FULL_SIZE: 'true' };
process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit', env }).status ?? 1;
