import { equal, ok } from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfStale, ended, killAll, start } from '../support/processes.js';
import { eachTest } from '../support/slack.js';

/** One reaction of a promise takes more than 100 bytes. Less than this comes from tables of V8 that grow once. */
const MAX_BYTES_A_CALL = 20;

describe('an app that calls forceFlush() for each request', function () {
  this.timeout(300_000);
  const { open } = eachTest();
  let folder = '';
  before(buildIfStale);
  after(killAll);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flushing-'));
  });
  afterEach(async () => {
    killAll();
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  for (const [how, calls, more] of [
    ['processor', 100_000, {}],
    ['exporter', 100_000, {}],
    ['pending', 60_000, { flushTimeoutMillis: 1 }],
    ['spool', 20_000, {}],
  ] as const) {
    it(`A9: ${calls} calls leave no memory behind (${how})`, async () => {
      const faults = how === 'pending' ? [{ kind: 'status', status: 503 } as const] : [];
      const inbox = await open.inbox({ faults });
      const spool = how === 'spool' ? { spool: { directory: join(folder, 'spool') } } : {};
      const options = JSON.stringify({ webhookUrl: inbox.webhookUrl, ...more, ...spool });
      const child = start(['--expose-gc', 'test/children/flushing.mjs', how, String(calls), options]);
      const { code, stdout, stderr } = await ended(child);
      equal(code, 0, stderr);
      ok(Number(stdout) < MAX_BYTES_A_CALL, `${stdout} bytes a call`);
    });
  }
});
