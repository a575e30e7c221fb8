// The tests that have a size at their full size: 200 processes that are killed, 60 million records while Slack is down,
// 50 crashes. Several minutes; `npm run test:long` does less of the same.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MOCHA = fileURLToPath(new URL('../node_modules/mocha/bin/mocha.js', import.meta.url));
const FILES = ['kills', 'crashes', 'flood'].map((name) => `test/long/${name}.test.ts`);
const args = [MOCHA, '--no-config', '--node-option', 'import=tsx', '--forbid-only', ...FILES, ...process.argv.slice(2)];
const env = { ...process.env, FULL_SIZE: 'true' };
process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit', env }).status ?? 1;
