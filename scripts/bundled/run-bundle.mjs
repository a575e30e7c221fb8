import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { assertMessages, withInbox } from './inbox.mjs';

/** The exit code of test/bundled/app.mjs after its process.exit(). */
const EXIT_CODE = 3;
/** An exit waits two seconds for last words that nobody sends. One that ends before this has not waited. */
const LONGEST_EXIT_MILLIS = 1_500;
/** A process that lives longer hangs. */
const LONGEST_RUN_MILLIS = 30_000;
/** Without --allow-worker. The flag has this name until Node 24. */
const NO_THREADS = [
  Number.parseInt(process.versions.node, 10) < 24 ? '--experimental-permission' : '--permission',
  '--allow-fs-read=*',
];

/** How the alert of a bundled app arrives. */
export const BEHAVIOURS = {
  'posts its error at the shutdown': (bundle) =>
    withInbox(async (inbox) => {
      const { code, stderr } = await runBundle(bundle, { end: 'shutdown', inbox });
      assert.deepEqual([code, stderr], [0, '']);
      await assertMessages(inbox, [/disk is full/]);
    }),
  'posts its last words before process.exit() ends it': (bundle) =>
    withInbox(async (inbox) => {
      const { code, stderr } = await runBundle(bundle, { end: 'exit', inbox });
      assert.deepEqual([code, stderr], [EXIT_CODE, '']);
      await assertMessages(inbox, [/disk is full/]);
    }),
  'exits at once, with one warning, where Node starts no thread': (bundle) =>
    withInbox(async (inbox) => {
      const { code, stderr, exitMillis } = await runBundle(bundle, { end: 'exit', inbox, nodeOptions: NO_THREADS });
      assert.equal(code, EXIT_CODE);
      assert.equal(stderr.match(/no thread can be started/g)?.length, 1, stderr);
      assert.ok(exitMillis < LONGEST_EXIT_MILLIS, `the exit took ${Math.round(exitMillis)} ms`);
      await assertMessages(inbox, []);
    }),
};

/** Runs a bundle in its folder, where nothing else stands. `exitMillis` is the time between its last line and its end. */
async function runBundle(bundle, { end, inbox, nodeOptions = [] }) {
  const child = spawn(process.execPath, [...nodeOptions, bundle, end, inbox.webhookUrl], {
    cwd: dirname(bundle),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST_RUN_MILLIS,
    killSignal: 'SIGKILL',
  });
  let stderr = '';
  let exitsAtMillis = Number.NaN;
  child.stdout.on('data', () => {
    exitsAtMillis = performance.now();
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  return { code, stderr, exitMillis: performance.now() - exitsAtMillis };
}
