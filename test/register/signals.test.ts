import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { ended } from '../support/processes.js';
import { IMPORT, registered, SDK_LOGS } from '../support/registered.js';
import { recordsShown } from '../support/slack.js';

/** Logs an error and runs for ever. */
const GOES_ON = `console.error('late'); setInterval(() => {}, 1_000); console.log('ready');`;

describe('the end of an app that is started with --import opentelemetry-exporter-slack/register', function () {
  this.timeout(60_000);
  const slack = registered();

  async function ready(child: ChildProcess): Promise<ChildProcess> {
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    return child;
  }

  async function startAndSignal(text: string, signal: NodeJS.Signals, packages: readonly string[] = []) {
    const app = slack.app([SDK_LOGS, ...packages]);
    app.write('app.cjs', text);
    const environment = { OTEL_EXPORTER_SLACK_SCHEDULE_DELAY: '60000' };
    const child = slack.start(app, 'app.cjs', { environment });
    const end = ended(child);
    await ready(child);
    child.kill(signal);
    return end;
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`by ${signal} delivers pending records, and the process ends by that signal`, async () => {
      const { code, signal: by } = await startAndSignal(GOES_ON, signal);
      assert.deepEqual([code, by], [null, signal]);
      assert.equal(slack.inbox.messages().length, 1);
    });
  }

  it('by SIGTERM is left to the handler of the app, with its exit code and its time', async () => {
    // After more than a second, so that the rate limit of the channel does not delay the last words.
    const end = `console.error('the last'); process.exit(7);`;
    const own = `process.once('SIGTERM', () => setTimeout(() => { ${end} }, 1_300));`;
    const { code } = await startAndSignal(`${own} ${GOES_ON}`, 'SIGTERM');
    assert.equal(code, 7);
    assert.match(JSON.stringify(slack.inbox.messages().map(({ payload }) => payload)), /late[\s\S]*the last/);
  });

  it('by SIGTERM is not delayed for ever when the package signal-exit listens as well', async function () {
    if (!existsSync('node_modules/signal-exit')) this.skip(); // A dependency of our tools' own, not of ours.
    const text = `require('signal-exit').onExit((code, signal) => console.log('exit', code, signal)); ${GOES_ON}`;
    const { signal, stdout } = await startAndSignal(text, 'SIGTERM', ['signal-exit']);
    assert.deepEqual([signal, stdout], ['SIGTERM', 'ready\nexit null SIGTERM\n']);
    assert.equal(slack.inbox.messages().length, 1);
  });

  for (const [first, second] of [
    ['SIGINT', 'SIGINT'],
    ['SIGINT', 'SIGTERM'],
    ['SIGTERM', 'SIGINT'],
    ['SIGTERM', 'SIGHUP'],
  ] as const) {
    it(`A18: by ${first} and then ${second} is immediate, by the second signal, even while Slack hangs`, async () => {
      slack.inbox.setFaults([{ kind: 'hang_before_headers' }]);
      const app = slack.app();
      app.write('app.cjs', GOES_ON);
      const child = slack.start(app, 'app.cjs');
      const end = ended(child);
      await ready(child);
      while (slack.inbox.requests().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
      child.kill(first);
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.equal(child.signalCode, null);
      const askedAt = performance.now();
      child.kill(second);
      assert.equal((await end).signal, second);
      assert.ok(performance.now() - askedAt < 3_000);
    });
  }

  it('A18: by SIGTERM and then SIGINT is immediate as the first process of a container, with the exit code of the signal', async function () {
    if (spawnSync('unshare', ['--pid', '--fork', 'true']).status !== 0) this.skip();
    slack.inbox.setFaults([{ kind: 'hang_before_headers' }]);
    const app = slack.app();
    const [first, second] = ['SIGTERM', 'SIGINT'].map((signal) => `process.kill(process.pid, '${signal}');`);
    const text = `setTimeout(() => { ${first} setTimeout(() => { ${second} }, 100); }, 300);`;
    app.write('app.cjs', `console.log(process.pid); ${text} ${GOES_ON}`);
    const child = spawn('unshare', ['--pid', '--fork', process.execPath, ...IMPORT, 'app.cjs'], {
      cwd: app.path,
      env: { ...process.env, OTEL_EXPORTER_SLACK_WEBHOOK_URL: slack.inbox.webhookUrl },
    });
    const { code, stdout, stderr } = await ended(child);
    assert.match(stdout, /^1\n/, stderr);
    assert.equal(code, 130);
  });

  it('A18: by SIGINT and then SIGTERM is left to the handlers of an app that has one for each', async () => {
    const app = slack.app();
    const own = `process.on('SIGINT', () => console.error('first')); process.on('SIGTERM', () => process.exit(7));`;
    app.write('app.cjs', `${own} ${GOES_ON}`);
    const child = slack.start(app, 'app.cjs');
    const end = ended(child);
    await ready(child);
    child.kill('SIGINT');
    while (slack.inbox.messages().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(child.exitCode, null);
    child.kill('SIGTERM');
    assert.equal((await end).code, 7);
  });

  for (const [what, text, messages] of [
    ['a record of beforeExit', `process.once('beforeExit', () => console.error('later'));`, 1],
    [
      'work that beforeExit schedules',
      `process.once('beforeExit', () => setTimeout(() => console.error('later'), 30));`,
      1,
    ],
    [
      'work that beforeExit schedules again and again',
      `let left = 3; process.on('beforeExit', () => { if (left-- > 0) setTimeout(() => console.error('later'), 30); });`,
      3,
    ],
    ['a record of a later exit handler', `process.on('exit', () => console.error('later'));`, 1],
  ] as const) {
    it(`A4: by itself delivers ${what}, and does not wait for a time limit`, async () => {
      const app = slack.app();
      app.write('app.cjs', `${text} console.error('before');`);
      const environment = { OTEL_EXPORTER_SLACK_SCHEDULE_DELAY: '60000', OTEL_EXPORTER_SLACK_FLUSH_TIMEOUT: '60000' };
      const { code, stderr } = await slack.run(app, 'app.cjs', { environment });
      assert.equal(code, 0);
      assert.doesNotMatch(stderr, /dropped|not delivered/);
      assert.equal(recordsShown(slack.inbox), 1 + messages);
    });
  }

  it('A4: by itself flushes once while Slack hangs, and then sends the last words', async () => {
    slack.inbox.setFaults([{ kind: 'hang_before_headers' }]);
    const app = slack.app();
    app.write('app.cjs', `console.error('late');`);
    const environment = { OTEL_EXPORTER_SLACK_FLUSH_TIMEOUT: '300' };
    const { code, stderr } = await slack.run(app, 'app.cjs', { environment });
    assert.equal(code, 0);
    assert.equal(stderr.match(/1 record not delivered before shutdown/g)?.length, 1);
  });

  it('by itself delivers pending records and keeps the exit code', async () => {
    const app = slack.app();
    app.write('app.cjs', `process.exitCode = 3; console.error('late');`);
    const environment = { OTEL_EXPORTER_SLACK_SCHEDULE_DELAY: '60000', OTEL_EXPORTER_SLACK_LAST_WORDS: 'false' };
    const { code, texts } = await slack.run(app, 'app.cjs', { environment });
    assert.deepEqual([code, texts.length], [3, 1]);
  });

  it('by process.exit() delivers pending records and keeps the exit code', async () => {
    const app = slack.app();
    app.write('app.cjs', `console.error('late'); process.exit(4);`);
    const { code, texts } = await slack.run(app, 'app.cjs');
    assert.deepEqual([code, texts.length], [4, 1]);
  });
});
