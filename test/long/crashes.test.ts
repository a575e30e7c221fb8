import { equal } from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfStale, ended, killAll, start } from '../support/processes.js';
import { sized } from '../support/sized.js';
import { eachTest, recordsShown, texts } from '../support/slack.js';

const LIVES = sized({ short: 12, full: 50 });

describe('records in a spool, whose process crashes again and again', function () {
  this.timeout(180_000);
  const { open } = eachTest();
  let folder = '';
  before(buildIfStale);
  after(killAll);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'crashes-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  const run = (how: string, options: string) => ended(start(['test/children/keeping.mjs', how, options]));

  it('are one message that continues to count, with one mention', async () => {
    const inbox = await open.inbox({ rateLimit: false });
    const to = { token: inbox.token, channel: inbox.channel, apiUrl: inbox.apiUrl };
    const spool = { directory: join(folder, 'spool') };
    const options = JSON.stringify({ ...to, spool, mention: { who: 'here' }, flushTimeoutMillis: 5_000 });
    for (let life = 0; life < LIVES; life++) equal((await run('crash', options)).code, 1);
    await run('shut down', options);
    const messages = texts(inbox);
    // One message for the problem, and one for the exception.
    equal(messages.length, 2, messages.join('\n\n'));
    equal(recordsShown(inbox), 100 + LIVES * 4);
    const woken = inbox.requests().filter(({ body }) => JSON.stringify(body).includes('<!here>'));
    equal(woken.length, 2);
  });
});
