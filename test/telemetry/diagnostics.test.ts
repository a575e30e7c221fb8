import { deepEqual, equal, match } from 'node:assert/strict';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from '../../src/processor.js';
import { createDiagnostics } from '../../src/telemetry/diagnostics.js';
import { manualClock } from '../support/clock.js';
import { ERROR } from '../support/records.js';
import { eachTest, isolated } from '../support/slack.js';
import { word } from '../support/words.js';

describe('warnings', () => {
  const { open, said } = eachTest();

  it('A17: beyond a hundred kinds are counted in one sentence', () => {
    const diagnostics = createDiagnostics(manualClock());
    for (let kind = 0; kind < 150; kind++) diagnostics.warn(`kind ${kind}`, `warning ${kind}`);
    equal(said.warnings.length, 100);
    diagnostics.summarize(170);
    diagnostics.summarize(170);
    deepEqual(
      said.warnings.slice(100).map((line) => line.replace(/^\S+ /, '')),
      ['50 more warnings like the 100 above; dropped in total, at all destinations: 170 records'],
    );
  });

  it('A17: of a new kind are logged when the others are older than ten minutes', async () => {
    const clock = manualClock();
    const diagnostics = createDiagnostics(clock);
    for (let kind = 0; kind < 150; kind++) diagnostics.warn(`kind ${kind}`, `warning ${kind}`);
    await clock.advance(10 * 60_000);
    diagnostics.warn('new', 'a new one');
    match(said.warnings.at(-1) ?? '', /a new one/);
  });

  for (const count of [60, 100]) {
    it(`A17: name or count each of ${count} destinations that are down at shutdown`, async () => {
      const inbox = await open.inbox({ faults: [{ kind: 'status', status: 503 }] });
      const routes = Array.from({ length: count }, (_, at) => ({
        webhookUrl: `${inbox.webhookUrl}${word(at)}`,
        match: { scope: word(at) },
      }));
      const options = { webhookUrl: inbox.webhookUrl, routes, flushTimeoutMillis: 1_000 };
      const slack = createSlackLogRecordProcessor(options, isolated());
      const provider = new LoggerProvider({ processors: [slack] });
      for (let at = 0; at < count; at++) provider.getLogger(word(at)).emit({ severityNumber: ERROR, body: 'down' });
      await slack.shutdown();
      const { accepted, dropped } = slack.stats();
      const lost = Object.values(dropped).reduce((sum, records) => sum + records, 0);
      deepEqual([accepted, lost], [count, count]);
      const named = said.warnings.filter((line) => /: 1 record not delivered before shutdown/.test(line)).length;
      const counted = said.warnings.map((line) => /in total, at all destinations: ([\d,]+) records/.exec(line)?.[1]);
      equal(named === count || counted.some((records) => Number(records) === count), true, said.warnings.at(-1));
    });
  }
});
