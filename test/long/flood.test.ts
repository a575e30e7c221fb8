import { deepEqual, equal, ok } from 'node:assert/strict';
import { createInterface } from 'node:readline';
import type { SlackProcessorStats } from '../../src/processor.js';
import { buildIfStale, killAll, start } from '../support/processes.js';
import { sized } from '../support/sized.js';
import { eachTest, recordsShown, texts, WAYS } from '../support/slack.js';
import { word } from '../support/words.js';

const SECONDS = sized({ short: 10, full: 600 });
const PER_SECOND = 100_000;
const PROBLEMS = Array.from({ length: 20 }, (_, at) => `problem ${word(at)}`);

/** The output of test/children/flood.mjs. */
interface Report {
  readonly emitted: Readonly<Record<string, number>>;
  readonly grownMiB: number;
  readonly stats: SlackProcessorStats;
}

describe(`${SECONDS} seconds without Slack at ${PER_SECOND} records a second`, function () {
  this.timeout(600_000);
  const { open } = eachTest();
  before(buildIfStale);
  after(killAll);

  for (const { way, to } of WAYS) {
    it(`take no more than 64 MiB, and end in a few messages in which every record is counted, over ${way}`, async () => {
      const inbox = await open.inbox({ faults: [{ kind: 'status', status: 503 }] });
      const app = {
        options: { ...to(inbox), flushTimeoutMillis: 2_000 },
        problems: PROBLEMS,
        seconds: SECONDS,
        perSecond: PER_SECOND,
      };
      const child = start(['test/children/flood.mjs', JSON.stringify(app)], {}, { stdin: 'pipe' });
      if (child.stdout === null) throw new Error('no output');
      const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
      const nextReport = async (): Promise<Report> => JSON.parse((await lines.next()).value);

      const { emitted, grownMiB, stats: during } = await nextReport();
      const counted = Object.values(emitted).reduce((sum, count) => sum + count, 0);
      ok(counted >= SECONDS * PER_SECOND, `${counted} records`);
      deepEqual([during.accepted, during.delivered, during.dropped], [counted, 0, {}]);
      const attempts = inbox.requests().length;
      inbox.clearFaults();
      child.stdin?.write('Slack is back\n');
      const { stats } = await nextReport();

      deepEqual([stats.accepted, stats.delivered, stats.pending], [counted, counted, 0]);
      equal(recordsShown(inbox), counted);
      const all = texts(inbox).join('\n');
      for (const [body, count] of Object.entries(emitted)) {
        // After an outage one problem is posted alone, to find out whether Slack is back.
        const shown = [`×${count.toLocaleString('en-US')} ${body}`, `×${count.toLocaleString('en-US')} · ${body}`];
        ok(
          shown.some((text) => all.includes(text)),
          all,
        );
      }
      ok(inbox.messages().length <= 8, `${inbox.messages().length} messages`);
      // The inbox is as strict as Slack, and answers 429 to more than one message a second.
      deepEqual(
        inbox.requests().filter(({ status }) => status === 429),
        [],
      );
      ok(grownMiB <= 64, `RSS grew by ${grownMiB.toFixed(1)} MiB`);
      const after = inbox.requests().length - attempts;
      console.log(
        `      ${counted} records: RSS + ${grownMiB.toFixed(1)} MiB, ${attempts} attempts, then ${after} requests, ${inbox.messages().length} messages`,
      );
    });
  }
});
