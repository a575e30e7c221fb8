import { deepEqual, equal } from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Inbox } from '../../packages/slack-inbox/src/index.js';
import { createSlackLogRecordProcessor } from '../../src/processor.js';
import { idsIn } from '../support/faults.js';
import { buildIfStale, killAll, start } from '../support/processes.js';
import { eachTest, isolated } from '../support/slack.js';

describe('a process that is stopped while Slack has its request and has not answered', function () {
  this.timeout(90_000);
  const { open } = eachTest();
  let folder = '';
  before(buildIfStale);
  after(killAll);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unanswered-'));
  });
  afterEach(async () => {
    killAll();
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  /** Starts a process whose first request is posted and never answered. */
  async function startUnanswered(inbox: Inbox, options: object) {
    const child = start(['test/children/keeping.mjs', 'accept by hand', JSON.stringify(options)]);
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    while (!output.includes('accepted') || inbox.messages().length === 0) await sleep(20);
    return child;
  }

  for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
    it(`A18: ${signal}: the next process posts the message with the same id`, async () => {
      const inbox = await open.inbox({ faults: [{ kind: 'hang_in_body', times: 1 }] });
      const options = { webhookUrl: inbox.webhookUrl, spool: { directory: join(folder, 'spool') } };
      const child = await startUnanswered(inbox, options);
      child.kill(signal);
      if (signal === 'SIGKILL') await once(child, 'close');
      const slack = open.ending(createSlackLogRecordProcessor(options, isolated()));
      while (slack.stats().delivered < 10) await sleep(50);
      const ids = idsIn(inbox);
      deepEqual([ids.length, new Set(ids).size], [2, 1], ids.join(' '));
      await slack.shutdown();
      equal(slack.stats().pending, 0);
    });
  }
});
