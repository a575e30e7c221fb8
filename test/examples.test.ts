import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SlackProcessorStats } from 'opentelemetry-exporter-slack';
import { recordsShown } from '../examples/shop/demo/shown.js';
import { findLosses } from '../examples/shop/demo/summary.js';
import { type Inbox, type InboxMessage, messageText, startInbox } from '../src/inbox/index.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DEMO = ['--import', 'tsx', 'examples/shop/demo.ts'];
const ENDLESS = [...DEMO, '--port', '0'];

/** How a process of node ended. */
interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const children = new Set<ChildProcess>();

function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcess {
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio, env: { ...process.env, ...environment } });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

async function ended(child: ChildProcess): Promise<Ended> {
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    output.stdout += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    output.stderr += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...output };
}

/** The examples import what is shipped: what stands in build/ must be what stands in src/. */
function buildIfStale(): void {
  const index = join(ROOT, 'build', 'esm', 'index.js');
  const builtAt = existsSync(index) ? statSync(index).mtimeMs : 0;
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  const isStale = sources.some((name) => statSync(join(ROOT, 'src', name)).mtimeMs > builtAt);
  if (isStale) execFileSync(process.execPath, [join(ROOT, 'scripts', 'build.mjs')], { stdio: 'inherit' });
}

/** Those of the demo that take their time and mostly wait: they run beside the other tests, from the first one on. */
const runs = {
  whole: lazily(() => ended(start([...DEMO, '--once']))),
  cutShort: lazily(() => ended(start([...DEMO, '--once'], { OTEL_EXPORTER_SLACK_FLUSH_TIMEOUT: '1' }))),
  interrupted: lazily(() => endless((demo) => demo.kill('SIGINT'))),
  bereaved: lazily(() => endless((demo) => process.kill(shopOf(demo), 'SIGKILL'))),
  orphaned: lazily(async () => {
    let shop = 0;
    await endless((demo) => {
      shop = shopOf(demo);
      demo.kill('SIGKILL');
    });
    while (isRunning(shop)) await new Promise((resolve) => setTimeout(resolve, 20));
  }),
};

/** The demo without end, until something is done to it once it shows a message. */
async function endless(doTo: (demo: ChildProcess) => unknown): Promise<Ended> {
  const demo = start(ENDLESS);
  const end = ended(demo);
  await firstMessage(demo);
  doTo(demo);
  return end;
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function firstMessage(demo: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    demo.stdout?.on('data', (chunk) => /#alerts/.test(String(chunk)) && resolve());
    demo.once('close', (code) => reject(new Error(`the demo ended (${code}) before it showed a message`)));
  });
}

/** Only Linux says without further tools which processes a process has started. */
const knowsChildren = existsSync(`/proc/self/task/${process.pid}/children`);

/** The process of the shop. The loader of TypeScript may have a process of its own beside it. */
function shopOf(demo: ChildProcess): number {
  const children = readFileSync(`/proc/${demo.pid}/task/${demo.pid}/children`, 'utf8').trim().split(' ');
  const shop = children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('service.ts'));
  assert.ok(shop, 'the demo has no shop');
  return Number(shop);
}

function isRunning(pid: number): boolean {
  if (!existsSync(`/proc/${pid}`)) return false;
  // Whether somebody collects an orphan that has ended is not ours.
  return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

describe('examples', () => {
  before(function () {
    this.timeout(60_000);
    buildIfStale();
    for (const run of Object.values(runs)) run().catch(() => {});
  });

  after(() => {
    for (const child of children) child.kill('SIGKILL');
  });

  describe('each by itself', () => {
    let inbox: Inbox;

    beforeEach(async () => {
      inbox = await startInbox();
    });

    afterEach(() => inbox.close());

    async function run(file: string): Promise<{ message: InboxMessage; text: string; stdout: string }> {
      const webhook = { OTEL_EXPORTER_SLACK_WEBHOOK_URL: inbox.webhookUrl, NO_PROXY: '127.0.0.1' };
      const { code, stdout, stderr } = await ended(start([join('examples', file)], webhook));
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      const [message, ...others] = inbox.messages();
      assert.ok(message, 'nothing arrived');
      assert.deepEqual(others.map(messageText), []);
      return { message, text: messageText(message), stdout };
    }

    it('plain-provider.mjs posts the error and not the info', async () => {
      const { text } = await run('plain-provider.mjs');
      assert.match(text, /^🔴 ERROR · invoice 2026-114 could not be sent\n/);
      assert.doesNotMatch(text, /invoice run started/);
    });

    it('plain-provider.mjs says so when no destination is set', async () => {
      const none = { OTEL_EXPORTER_SLACK_WEBHOOK_URL: '', OTEL_EXPORTER_SLACK_TOKEN: '' };
      const { code, stderr } = await ended(start(['examples/plain-provider.mjs'], none));
      assert.equal(code, 0);
      assert.match(stderr, /OTEL_EXPORTER_SLACK_WEBHOOK_URL/);
    });

    it('commonjs.cjs posts the error with its stack', async () => {
      const { text } = await run('commonjs.cjs');
      assert.match(text, /^🔴 ERROR · RangeError: the total is negative: -12\.50\n/);
      assert.match(text, /at sendInvoice \(.*commonjs\.cjs:\d+:\d+\)/);
    });

    it('exporter-by-hand.mjs posts one message for forty equal warnings', async () => {
      const { text, stdout } = await run('exporter-by-hand.mjs');
      assert.match(text, /^🟠 WARN ×40 · backup is older than a day\n/);
      assert.equal(stdout, '40 accepted, 40 delivered in 1 request(s)\n');
    });

    it('node-sdk.mjs gives everything to the log store and the error to Slack', async () => {
      const { text, stdout } = await run('node-sdk.mjs');
      assert.match(text, /^🔴 ERROR · cart 88 could not be paid\ncheckout \(staging\) · 2\.7\.0/);
      assert.match(text, /POST \/carts\/:id\/pay → 502/);
      assert.match(stdout, /cart 88 was opened/);
      assert.match(stdout, /cart 88 could not be paid/);
    });

    it('pino.mjs posts what pino logs as error, its cause included', async () => {
      const { text } = await run('pino.mjs');
      assert.match(text, /^🔴 ERROR · Error: mailbox is full: 452 insufficient system storage\nnewsletter/);
      assert.match(text, /letter was not delivered/);
      assert.match(text, /caused by Error: 452 insufficient system storage/);
    });

    it('custom-look.mjs posts in its own look, and mentions nobody', async () => {
      const { message, text } = await run('custom-look.mjs');
      assert.match(text, /^\*3×\* `job failed, <!channel>` in `thumbnails`\n\[Open the runbook\]/);
      assert.doesNotMatch(JSON.stringify(message.payload), /<!channel>/);
    });

    it('routing.mjs posts to the channels of its routes', async () => {
      const slack = await startInbox({
        channels: ['alerts', 'general', 'payments'].map((name, at) => ({ id: `C0123${at}`, name })),
      });
      const place = { OTEL_EXPORTER_SLACK_TOKEN: slack.token, OTEL_EXPORTER_SLACK_API_URL: slack.apiUrl };
      const run = await ended(start(['examples/routing.mjs'], { ...place, NO_PROXY: '127.0.0.1' }));
      const shown = (channel: string) =>
        slack
          .messages(channel)
          .map((message) => messageText(message))
          .join('\n');
      const texts = ['#payments', '#general', '#alerts'].map(shown);
      await slack.close();
      const stdout = '#general: 1 delivered\n#payments: 1 delivered\n#alerts: 2 delivered\n';
      assert.deepEqual(run, { code: 0, stdout, stderr: '' });
      assert.match(texts[0] ?? '', /^🟠 WARN · the bank is slow\n/);
      assert.match(texts[1] ?? '', /^🟣 FATAL · the stock is gone\n/);
      assert.match(texts[2] ?? '', /FATAL .*the stock is gone[\s\S]*ERROR .*the search is broken/);
      assert.doesNotMatch(texts.join(), /the search is slow/);
    });

    it('trace-link.mjs links to the trace', async () => {
      const { message } = await run('trace-link.mjs');
      const url = 'https://jaeger.example.org/trace/4bf92f3577b34da6a3ce929d0e0e4736?uiFind=00f067aa0ba902b7';
      assert.ok(JSON.stringify(message.payload).includes(`<${url}|`));
    });
  });

  describe('the demo', () => {
    it('shows the declined payment with --once, loses nothing and ends by itself', async () => {
      const { code, stdout, stderr } = await runs.whole();
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout, /🔴 ERROR.* PaymentDeclined: the bank declined the card: insufficient funds/);
      assert.match(stdout, /🟣 FATAL/);
      assert.match(stdout, /caused by TimeoutError/);
      assert.match(stdout, /Nothing was lost/);
    });

    it('says what was lost when the shutdown is cut short, and exits 1', async () => {
      const { code, stdout } = await runs.cutShort();
      assert.equal(code, 1);
      assert.match(stdout, /✘ \d+ records were dropped \(.*shutdown\)/);
      assert.doesNotMatch(stdout, /Nothing was lost/);
    });

    it('ends in order on Ctrl-C, with the summary', async () => {
      const { code, stdout, stderr } = await runs.interrupted();
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout, /\nSummary\n(?:.*\n)*.*Nothing was lost/);
    });

    it('says what is wrong with its arguments and exits 2', async () => {
      const [unknown, port] = await Promise.all([
        ended(start([...DEMO, '--onse'])),
        ended(start([...DEMO, '--port', 'abc'])),
      ]);
      assert.deepEqual([unknown.code, unknown.stdout], [2, '']);
      assert.match(unknown.stderr, /^demo: Unknown option '--onse'\n\nUsage: /);
      assert.equal(port.code, 2);
      assert.match(port.stderr, /^demo: --port: expected a number from 0 to 65535, got 'abc'\n/);
    });

    it('says in one line that its port is in use and exits 1', async () => {
      const other = await startInbox();
      const { code, stderr } = await ended(start([...DEMO, '--once', '--port', new URL(other.url).port]));
      await other.close();
      assert.equal(code, 1);
      assert.match(stderr, /^demo: port \d+ is in use; choose another one with --port\n$/);
    });

    it('says in one line that the shop died, and exits 1', async function () {
      if (!knowsChildren) this.skip();
      const { code, stderr } = await runs.bereaved();
      assert.deepEqual([code, stderr], [1, 'demo: the shop ended by itself (SIGKILL)\n']);
    });

    it('leaves no shop behind when it is killed', async function () {
      if (!knowsChildren) this.skip();
      await runs.orphaned();
    });
  });
});

describe('the demo counts what a reader would count', () => {
  const header = (text: string) => ({ text: 'push', blocks: [{ type: 'header', text: { type: 'plain_text', text } }] });

  it('in headlines, in digests and in plain text', () => {
    assert.equal(recordsShown(header('🔴 ERROR · sold ×40 · 3 records')), 1);
    assert.equal(recordsShown(header('🔴 ERROR ×1,204 · Error: no')), 1_204);
    assert.equal(recordsShown(header('🟠 WARN (WARNING) ×7 · late')), 7);
    assert.equal(recordsShown(header('🟣 6 problems, 1,009 records')), 1_009);
    assert.equal(recordsShown({ text: '🔴 ERROR ×3 Error: no · shop\nat line 1' }), 3);
  });

  it('finds whatever was lost', () => {
    const stats: SlackProcessorStats = {
      ...{ accepted: 9, delivered: 9, pending: 0, dropped: {}, requests: 2, throttled: 0, destinations: {} },
      ...{ emitted: 9, filtered: 0 },
    };
    const find = (change: Partial<SlackProcessorStats>, { error = 8, records = 9 } = {}) =>
      findLosses(
        { kind: 'report', logged: { error, fatal: 1 }, stats: { ...stats, ...change } },
        { messages: 2, records },
      );
    assert.deepEqual(find({}), []);
    assert.deepEqual(find({}, { error: 9 }), ['the shop logged 10 errors, 9 were accepted']);
    assert.deepEqual(find({}, { records: 8 }), ['the messages speak of 8 records, Slack confirmed 9']);
    assert.deepEqual(find({ delivered: 6, dropped: { queue_full: 3 } }, { records: 6 }), [
      '3 records were dropped (3 queue_full)',
    ]);
    assert.equal(find({ delivered: 5, pending: 4 }, { records: 5 }).length, 1);
    assert.equal(find({ accepted: 10 }, { error: 9 }).length, 1);
  });
});
