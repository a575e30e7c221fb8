import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict';
import { messageText } from '../../packages/slack-inbox/src/index.js';
import { buildIfStale, ended, killAll, start } from '../support/processes.js';
import { eachTest, recordsShown, texts } from '../support/slack.js';

describe('the last words of a process', function () {
  this.timeout(60_000);
  const { open } = eachTest();
  before(buildIfStale);
  after(killAll);

  async function part(how: string, options: object, module = 'import') {
    const args = ['test/children/parting.mjs', how, module, JSON.stringify(options)];
    const from = performance.now();
    // The thread of the last words must not run the app's `--import` modules again.
    const environment = { NODE_OPTIONS: '--import=data:text/javascript,console.log(%22set-up%22)' };
    const end = await ended(start(args, environment));
    return { ...end, tookMillis: performance.now() - from };
  }

  for (const module of ['import', 'require']) {
    it(`contain all undelivered records when the process calls process.exit(), with ${module}`, async () => {
      const inbox = await open.inbox();
      const { code, stdout, stderr } = await part('exit', { webhookUrl: inbox.webhookUrl, lastWords: true }, module);
      deepEqual([code, stdout, stderr], [3, 'set-up\nthe app says this\n', '']);
      match(texts(inbox)[0] ?? '', /^🔴 ERROR ×100 · disk is full/);
    });
  }

  it('contain the uncaught exception, as FATAL with its cause, and leave exit code and output unchanged', async () => {
    const inbox = await open.inbox();
    const to = { token: inbox.token, channel: inbox.channel, apiUrl: inbox.apiUrl };
    const withUs = await part('throw', { ...to, lastWords: true });
    const withoutUs = await part('throw', { ...to, filter: undefined });
    deepEqual([withUs.code, withUs.stdout], [withoutUs.code, withoutUs.stdout]);
    equal(withUs.stderr, withoutUs.stderr);
    equal(inbox.messages().length, 1);
    const text = texts(inbox)[0] ?? '';
    match(text, /^🟣 2 problems, 101 records/);
    match(text, /🟣 FATAL · TypeError: x is not a function\ncheckout/);
    match(text, /caused by RangeError: too far/);
  });

  it('contain an unhandled rejection', async () => {
    const inbox = await open.inbox();
    const { code, stderr } = await part('reject', { webhookUrl: inbox.webhookUrl, lastWords: true });
    equal(code, 1);
    match(stderr, /RangeError: nobody handles this/);
    match(texts(inbox)[0] ?? '', /FATAL · RangeError: nobody handles this/);
  });

  it('contain any thrown value', async () => {
    const inbox = await open.inbox();
    await part('throw a text', { webhookUrl: inbox.webhookUrl, lastWords: true });
    match(texts(inbox)[0] ?? '', /FATAL · UncaughtException: only a text/);
  });

  it('do not contain an exception that the app handles', async () => {
    const inbox = await open.inbox();
    const { code } = await part('handle it', { webhookUrl: inbox.webhookUrl, lastWords: true });
    equal(code, 4);
    equal(recordsShown(inbox), 1);
    doesNotMatch(texts(inbox).join(), /FATAL/);
  });

  it('are sent when the app ends without a shutdown', async () => {
    const inbox = await open.inbox();
    const { code } = await part('run out', { webhookUrl: inbox.webhookUrl, lastWords: true });
    equal(code, 0);
    equal(recordsShown(inbox), 100);
  });

  it('take at most two seconds when Slack hangs', async () => {
    const inbox = await open.inbox({ faults: [{ kind: 'hang_before_headers' }] });
    const hanging = await part('exit', { webhookUrl: inbox.webhookUrl, lastWords: true });
    const silent = await part('exit', { webhookUrl: inbox.webhookUrl });
    equal(hanging.code, 3);
    ok(hanging.tookMillis - silent.tookMillis < 4_000, `${hanging.tookMillis - silent.tookMillis} ms longer`);
  });

  it('are not sent when no record is pending, or when the option is not set', async () => {
    const inbox = await open.inbox();
    await part('nothing', { webhookUrl: inbox.webhookUrl, lastWords: true });
    await part('exit', { webhookUrl: inbox.webhookUrl });
    deepEqual(inbox.messages().map(messageText), []);
  });
});
