import { deepEqual, equal } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Inbox, messageText } from '../../packages/slack-inbox/src/index.js';
import { CommandedApps } from '../support/commanded.js';
import { eachTest } from '../support/slack.js';
import { until } from '../support/until.js';

/** A process in a container of its own, with the pid 1. */
const CONTAINER = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];

describe('containers of one host that share the folder of a spool', function () {
  this.timeout(120_000);
  const { open } = eachTest();
  const apps = new CommandedApps();
  let folder = '';

  beforeEach(async function () {
    folder = await mkdtemp(join(tmpdir(), 'containers-'));
    try {
      execFileSync(CONTAINER[0] as string, [...CONTAINER.slice(1), 'true'], { stdio: 'ignore' });
    } catch {
      console.warn('no test with containers: unshare --pid is not permitted here');
      this.skip();
    }
  });
  afterEach(async () => {
    await apps.killAll();
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  function start(inbox: Inbox) {
    const { token, channel, apiUrl } = inbox;
    return apps.start({ token, channel, apiUrl, spool: { directory: join(folder, 'spool') } }, { through: CONTAINER });
  }

  /** Returns the count that each message shows. */
  const counts = (inbox: Inbox): readonly number[] =>
    inbox.messages().map((message) => Number(/×\s?([\d,]+)/.exec(messageText(message))?.[1] ?? 1));

  it('A7: never continue the same message while both run', async () => {
    const inbox = await open.inbox({ rateLimit: false });
    const first = await start(inbox);
    await first.tell({ log: Array.from({ length: 20 }, () => 'payment failed') });
    await until(() => inbox.messages().length === 1);
    const second = await start(inbox);
    await second.tell({ log: Array.from({ length: 10 }, () => 'payment failed') });
    await until(() => inbox.messages().length === 2);
    await first.tell({ log: ['payment failed'] });
    await second.tell({ log: ['payment failed'] });
    await first.tell({ shutdown: true });
    await second.tell({ shutdown: true });
    deepEqual([...counts(inbox)].sort(), [11, 21]);
  });

  it('A7: continue the message of one that was shut down', async () => {
    const inbox = await open.inbox({ rateLimit: false });
    const first = await start(inbox);
    await first.tell({ log: Array.from({ length: 20 }, () => 'payment failed') });
    await until(() => inbox.messages().length === 1);
    await first.tell({ shutdown: true });
    const second = await start(inbox);
    await second.tell({ log: Array.from({ length: 10 }, () => 'payment failed') });
    await second.tell({ shutdown: true });
    equal(inbox.messages().length, 1);
    deepEqual(counts(inbox), [30]);
  });

  it('A7: continue the message of one that was killed, once its heartbeat has stopped', async () => {
    const inbox = await open.inbox({ rateLimit: false });
    const first = await start(inbox);
    await first.tell({ log: Array.from({ length: 20 }, () => 'payment failed') });
    await until(() => inbox.messages().length === 1);
    await until(() => isAcknowledged(join(folder, 'spool')));
    await apps.killAll();
    const second = await start(inbox);
    // The start and the twenty seconds after which the notification log is read again.
    await new Promise((resolve) => setTimeout(resolve, 25_000));
    await second.tell({ log: Array.from({ length: 10 }, () => 'payment failed') });
    await second.tell({ shutdown: true });
    deepEqual(counts(inbox), [30]);
  });
});

/** Whether an acknowledgement is on the disk, and so the state of the message, which is written first. */
function isAcknowledged(directory: string): boolean {
  const segments = readdirSync(directory).filter((name) => name.endsWith('.spool'));
  return segments.some((name) => /^.[0-9a-f]{8}k/m.test(readFileSync(join(directory, name), 'latin1')));
}
