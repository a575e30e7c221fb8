import { deepEqual, equal, ok } from 'node:assert/strict';
import type { SlackProcessorStats } from '../../src/processor.js';
import { buildIfStale, ended, killAll, start } from '../support/processes.js';
import { eachTest } from '../support/slack.js';

/** The output of test/children/large.mjs. */
type Report = SlackProcessorStats & { readonly peakMegabytes: number };

interface Load {
  readonly kind: string;
  readonly records: number;
  readonly megabytes: number;
}

/** Each load is 800 MB or more, with a heap of 512 MB. */
const LOADS: readonly Load[] = [
  ...[
    ...['body', 'two-byte body', 'attribute', 'stack', 'nested body', 'nested attribute', 'many attributes', 'buffer'],
    ...['an array of texts', 'many objects', 'a map', 'large among small'],
  ].map((kind) => ({ kind, records: 400, megabytes: 2 })),
  { kind: 'body', records: 40, megabytes: 20 },
  { kind: 'nested body', records: 40, megabytes: 20 },
];

describe('A5: large records in a small heap', function () {
  this.timeout(120_000);
  const { open } = eachTest();
  before(buildIfStale);
  after(killAll);

  async function run(load: Load, options?: object): Promise<Report> {
    const args = ['--max-old-space-size=512', 'test/children/large.mjs', JSON.stringify({ ...load, options })];
    const { code, stdout, stderr } = await ended(start(args));
    deepEqual([code, stderr], [0, ''], `${load.kind}: ${stderr.slice(-1_000)}`);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Report;
  }

  for (const load of LOADS) {
    it(`A5: do not end the app: ${load.records} records of ${load.megabytes} MB (${load.kind})`, async () => {
      const inbox = await open.inbox();
      const alone = await run(load);
      const { peakMegabytes, accepted, delivered, pending, dropped } = await run(load, {
        webhookUrl: inbox.webhookUrl,
        flushTimeoutMillis: 5_000,
      });
      const lost = Object.values(dropped).reduce((sum, records) => sum + records, 0);
      deepEqual([accepted, delivered + pending + lost], [load.records, load.records]);
      equal(lost, 0);
      ok(inbox.messages().length > 0);
      ok(
        peakMegabytes < alone.peakMegabytes + 200,
        `${alone.peakMegabytes} MB without us, ${peakMegabytes} MB with us`,
      );
    });
  }
});
