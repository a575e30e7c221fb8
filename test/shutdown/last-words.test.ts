import { equal, match, ok } from 'node:assert/strict';
import { buildIfStale, ended, killAll, start } from '../support/processes.js';
import { eachTest, texts } from '../support/slack.js';

/** Of Node's permission model, under the name that this Node has for it. */
const PERMISSION = Number.parseInt(process.versions.node, 10) < 24 ? '--experimental-permission' : '--permission';

/** How long the thread may take; see src/shutdown/last-words.ts. */
const LONGEST_WAIT_MILLIS = 2_000;

function appWith(options: object): string {
  return `
    import { DiagConsoleLogger, DiagLogLevel, diag } from '@opentelemetry/api';
    import { LoggerProvider } from '@opentelemetry/sdk-logs';
    import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';
    diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.WARN);
    const slack = createSlackLogRecordProcessor(${JSON.stringify(options)});
    new LoggerProvider({ processors: [slack] }).getLogger('app').emit({ severityNumber: 17, body: 'disk is full' });
    console.log('ends');
    process.exit(3);`;
}

describe('the last words of a process that may start no thread', function () {
  this.timeout(60_000);
  const { open } = eachTest();
  before(buildIfStale);
  after(killAll);

  async function run(permissions: readonly string[]) {
    const inbox = await open.inbox();
    const app = appWith({ webhookUrl: inbox.webhookUrl, lastWords: true });
    const child = start([PERMISSION, '--allow-fs-read=*', ...permissions, '--input-type=module', '--eval', app]);
    let endsAt = Number.NaN;
    child.stdout?.on('data', () => {
      endsAt = performance.now();
    });
    const end = await ended(child);
    return { ...end, inbox, lingeredMillis: performance.now() - endsAt };
  }

  it('are not waited for, and one warning says what is missing', async () => {
    const { code, stderr, inbox, lingeredMillis } = await run([]);
    equal(code, 3);
    equal(inbox.requests().length, 0);
    equal(stderr.match(/no thread can be started/g)?.length, 1, stderr);
    match(stderr, /add --allow-worker/);
    ok(lingeredMillis < LONGEST_WAIT_MILLIS - 500, `ended after ${lingeredMillis} ms`);
  });

  it('are sent when threads are allowed', async () => {
    const { stderr, inbox } = await run(['--allow-worker']);
    match(texts(inbox)[0] ?? '', /disk is full/, stderr);
  });
});
