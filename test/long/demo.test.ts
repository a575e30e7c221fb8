import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { startInbox } from '../../packages/slack-inbox/src/index.js';
import { buildIfStale, type Ended, ended, killAll, start } from '../support/processes.js';

const DEMO = ['--import', 'tsx', 'examples/shop/demo.ts'];
const ENDLESS = [...DEMO, '--port', '0'];

/** Long runs of the demo, which mostly wait. They start with the first test and run beside the others. */
const runs = {
  whole: lazily(() => ended(start([...DEMO, '--once']))),
  cutShort: lazily(() => {
    // During the storm, some records are pending at any time.
    const until = /PaymentProviderError/;
    const environment = { OTEL_EXPORTER_SLACK_FLUSH_TIMEOUT: '1' };
    return endless((demo) => demo.kill('SIGINT'), { until, environment });
  }),
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

/** Runs the demo without `--once`. Calls `doTo` when the output matches `until`, by default at the first message. */
async function endless(
  doTo: (demo: ChildProcess) => unknown,
  { until = /#alerts/, environment = {} }: { until?: RegExp; environment?: Readonly<Record<string, string>> } = {},
): Promise<Ended> {
  const demo = start(ENDLESS, environment);
  const end = ended(demo);
  await outputMatches(demo, until);
  doTo(demo);
  return end;
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined;
  return () => {
    value ??= make();
    return value;
  };
}

function outputMatches(demo: ChildProcess, pattern: RegExp): Promise<void> {
  let output = '';
  return new Promise((resolve, reject) => {
    demo.stdout?.on('data', (chunk) => {
      output += String(chunk);
      if (pattern.test(output)) resolve();
    });
    demo.once('close', (code) => reject(new Error(`the demo ended (${code}) before its output matched ${pattern}`)));
  });
}

/** Only Linux lists the children of a process without further tools. */
const knowsChildren = existsSync(`/proc/self/task/${process.pid}/children`);

/** Returns the process id of the shop. The loader of TypeScript may have another process. */
function shopOf(demo: ChildProcess): number {
  const children = readFileSync(`/proc/${demo.pid}/task/${demo.pid}/children`, 'utf8').trim().split(' ');
  const shop = children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('service.ts'));
  assert.ok(shop, 'the demo has no shop');
  return Number(shop);
}

function isRunning(pid: number): boolean {
  if (!existsSync(`/proc/${pid}`)) return false;
  // An ended orphan may stay as a zombie, which counts as not running.
  return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

/** `--once` takes about 35 s. Here it may take longer, because other demos use the same cores. */
const WHOLE_MILLIS = 120_000;

describe('the demo', () => {
  before(function () {
    this.timeout(60_000);
    buildIfStale();
    for (const run of Object.values(runs)) run().catch(() => {});
  });

  after(killAll);

  it('shows the declined payment with --once, loses nothing and ends by itself', async function () {
    this.timeout(WHOLE_MILLIS);
    const { code, stdout, stderr } = await runs.whole();
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /🔴 ERROR.* PaymentDeclined: the bank declined the card: insufficient funds/);
    assert.match(stdout, /🟣 FATAL/);
    assert.match(stdout, /caused by TimeoutError/);
    assert.match(stdout, /Nothing was lost/);
  });

  it('shows a storm as one message that counts, and a new cause as a reply', async function () {
    this.timeout(WHOLE_MILLIS);
    const { stdout } = await runs.whole();
    const posted = stdout.match(/^┃ \S+ ERROR.* PaymentProviderError: .*no healthy upstream$/gm) ?? [];
    assert.equal(posted.length, 1, 'the storm has one message');
    const edits = [...stdout.matchAll(/ · edited: 🔴 ERROR ×([\d,]+) · PaymentProviderError/g)];
    const counts = edits.map(([, count = '']) => Number(count.replaceAll(',', '')));
    assert.ok(counts.length >= 2 && (counts.at(-1) ?? 0) > 1_000, `edited to ${counts.join(', ')}`);
    assert.deepEqual(
      counts,
      counts.toSorted((a, b) => a - b),
    );
    assert.match(
      stdout,
      / · reply in the thread of .*PaymentProviderError.*\n {2}┃ Also: .*ledger database is read-only\n/,
    );
  });

  it('prints the losses when the shutdown is cut short, and exits with 1', async function () {
    this.timeout(WHOLE_MILLIS);
    const { code, stdout } = await runs.cutShort();
    assert.equal(code, 1);
    assert.match(stdout, /✘ [\d,]+ records were dropped \(.*(shutdown|unconfirmed)/);
    assert.doesNotMatch(stdout, /Nothing was lost/);
  });

  it('shuts down on Ctrl-C, with the summary', async () => {
    const { code, stdout, stderr } = await runs.interrupted();
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /\nSummary\n(?:.*\n)*.*Nothing was lost/);
  });

  it('explains wrong arguments, and exits with 2', async () => {
    const [unknown, port] = await Promise.all([
      ended(start([...DEMO, '--onse'])),
      ended(start([...DEMO, '--port', 'abc'])),
    ]);
    assert.deepEqual([unknown.code, unknown.stdout], [2, '']);
    assert.match(unknown.stderr, /^demo: Unknown option '--onse'\n\nUsage: /);
    assert.equal(port.code, 2);
    assert.match(port.stderr, /^demo: --port: expected a number from 0 to 65535, got 'abc'\n/);
  });

  it('prints one line when its port is in use, and exits with 1', async () => {
    const other = await startInbox();
    const { code, stderr } = await ended(start([...DEMO, '--once', '--port', new URL(other.url).port]));
    await other.close();
    assert.equal(code, 1);
    assert.match(stderr, /^demo: port \d+ is in use; choose another one with --port\n$/);
  });

  it('prints one line when the shop dies, and exits with 1', async function () {
    if (!knowsChildren) this.skip();
    const { code, stderr } = await runs.bereaved();
    assert.deepEqual([code, stderr], [1, 'demo: the shop ended by itself (SIGKILL)\n']);
  });

  it('stops the shop when it is killed', async function () {
    if (!knowsChildren) this.skip();
    await runs.orphaned();
  });
});
