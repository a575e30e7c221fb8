import { equal, ok } from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createSlackLogRecordProcessor } from '../../src/processor.js';
import { isolated, opened } from '../support/slack.js';

describe('the end of an app', function () {
  // Starts processes, possibly on a busy machine.
  this.timeout(60_000);
  const open = opened();
  const children: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await open.closeAll();
  });

  interface End {
    readonly code: number | null;
    readonly signal: string | null;
    readonly said: {
      readonly flushed?: number;
      readonly ended?: number;
      readonly stats?: { readonly accepted: number };
    };
    readonly errors: string;
    /** The time from the last action of the app to the end of the process. */
    readonly lingeredMillis: number;
  }

  async function run(how: string, webhookUrl: string): Promise<End> {
    const file = fileURLToPath(new URL('../children/ending.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', file, how, webhookUrl], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    let out = '';
    let errors = '';
    let saidAt = 0;
    child.stdout.on('data', (chunk) => {
      out += chunk;
      saidAt = performance.now();
    });
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    return { code, signal, said: JSON.parse(out || '{}'), errors, lingeredMillis: performance.now() - saidAt };
  }

  it('flush and shutdown of a full queue share one deadline while Slack hangs, and the process ends by itself', async () => {
    const inbox = await open.inbox({ faults: [{ kind: 'hang_before_headers' }] });
    const { code, said, errors } = await run('flush and shut down', inbox.webhookUrl);
    equal(code, 0, errors);
    equal(errors, '');
    equal(said.stats?.accepted, 2_048);
    // One deadline of 2 s for all. With one for each of the four batches, or another for the shutdown, it would take 4 s or more.
    ok((said.ended ?? Number.NaN) < 3_900, `ended after ${said.ended} ms`);
  });

  it('a hanging request does not keep the process alive', async () => {
    const inbox = await open.inbox({ faults: [{ kind: 'hang_before_headers' }] });
    const { code, errors, lingeredMillis } = await run('run out', inbox.webhookUrl);
    equal(code, 0, errors);
    ok(lingeredMillis < 3_000, `ended ${lingeredMillis} ms after its last line, where the request may take 10,000`);
  });

  it('an app that never logs an error ends as without the exporter', async () => {
    const inbox = await open.inbox();
    const { code, errors } = await run('idle', inbox.webhookUrl);
    equal(code, 0);
    equal(errors, '');
    equal(inbox.requests().length, 0);
  });

  it('four listeners serve any number of processors, and are removed when all are shut down', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    const before = listeners();
    const processors = Array.from({ length: 30 }, (_, at) =>
      createSlackLogRecordProcessor({ webhookUrl: `http://127.0.0.1:9/services/${at}`, lastWords: true }, isolated()),
    );
    equal(listeners(), before + 4);
    await Promise.all(processors.map((processor) => processor.shutdown()));
    equal(listeners(), before);
    // Node emits a warning about too many listeners in the next turn.
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', onWarning);
    equal(warnings.length, 0);
  });
});

/** Returns the number of listeners of all events of the process. */
function listeners(): number {
  return process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
}
