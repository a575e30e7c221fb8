import { deepEqual, doesNotMatch, equal, match } from 'node:assert/strict';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import type { SlackExporterOptions } from '../src/config/options.js';
import { createSlackLogRecordProcessor } from '../src/processor.js';
import { createRedactor } from '../src/redact/redactor.js';
import { createDiagnostics } from '../src/telemetry/diagnostics.js';
import { fastClock, manualClock } from './support/clock.js';
import { ERROR } from './support/records.js';
import { eachTest, isolated, texts } from './support/slack.js';

const boom = (): never => {
  throw new RangeError('hidden');
};

describe('a user callback', () => {
  const { open, said } = eachTest();

  const FAILING: readonly [options: SlackExporterOptions, times: number][] = [
    [{ filter: boom }, 3],
    [{ filter: (async () => boom()) as never }, 3],
    [{ fingerprint: boom }, 3],
    [{ fingerprint: () => 7 as never }, 3],
    [{ render: boom }, 1],
    [{ render: () => ({ text: '' }) }, 1],
  ];
  for (const [options, times] of FAILING) {
    const [[name = '', callback] = []] = Object.entries(options);
    it(`${name}: ${String(callback).slice(0, 40)} is counted and logged once, and the default is used`, async () => {
      const inbox = await open.inbox();
      const slack = createSlackLogRecordProcessor(
        { webhookUrl: inbox.webhookUrl, timeoutMillis: 60_000, flushTimeoutMillis: 600_000, ...options },
        isolated({ clock: fastClock(10) }),
      );
      const logger = open.ending(new LoggerProvider({ processors: [slack] })).getLogger('orders');
      for (let time = 0; time < 3; time++) logger.emit({ severityNumber: ERROR, body: 'disk is full' });
      await slack.forceFlush();
      match(texts(inbox).join(), /ERROR ×3 · disk is full/);
      equal(slack.stats().delivered, 3);
      deepEqual(slack.stats().callbackErrors, { [name]: times });
      deepEqual(said.warnings.length, 1);
      match(said.warnings[0] ?? '', new RegExp(`slack ${name} (threw RangeError|returned|made) ?.+`));
      doesNotMatch(said.all.join('\n'), /hidden/);
    });
  }

  it('that works does not appear in the stats', async () => {
    const inbox = await open.inbox();
    const slack = open.ending(
      createSlackLogRecordProcessor({ webhookUrl: inbox.webhookUrl, filter: () => true }, isolated()),
    );
    equal('callbackErrors' in slack.stats(), false);
  });

  it('redact: a pattern that throws is counted for each text, logged once, and hides the text', () => {
    const diagnostics = createDiagnostics(manualClock());
    const source = { get: () => 'x' };
    const pattern = Object.defineProperty(/x/, 'source', source);
    const { text } = createRedactor(
      { redact: { keys: [], allowKeys: [], patterns: [pattern] }, denyAttributes: [] },
      diagnostics,
    );
    const { replace } = String.prototype;
    // The error of V8 when a pattern needs too much stack.
    String.prototype.replace = function (this: string, search: unknown, ...rest: unknown[]): string {
      return search instanceof RegExp && search.source === 'x'
        ? boom()
        : Reflect.apply(replace, this, [search, ...rest]);
    } as typeof replace;
    try {
      deepEqual([text('one'), text('two')], ['[redacted]', '[redacted]']);
    } finally {
      String.prototype.replace = replace;
    }
    deepEqual(diagnostics.failures(), { redact: 2 });
    equal(said.warnings.length, 1);
  });

  it('a route matches a record whose fields throw by the fields that can be read', async () => {
    const inbox = await open.inbox();
    const poison = new Proxy({}, { get: boom, has: boom, ownKeys: boom, getOwnPropertyDescriptor: boom });
    const slack = open.ending(
      createSlackLogRecordProcessor(
        {
          webhookUrl: inbox.webhookUrl,
          routes: [
            {
              webhookUrl: inbox.webhookUrl,
              match: { attributes: { tier: 'gold' }, exceptionType: '*', service: '*', scope: '*', eventName: '*' },
            },
          ],
        },
        isolated(),
      ),
    );
    const provider = open.ending(new LoggerProvider({ processors: [slack] }));
    slack.onEmit({
      hrTime: [1, 0],
      severityNumber: ERROR,
      body: poison,
      attributes: poison,
      resource: { attributes: poison },
      instrumentationScope: { name: 'a' },
    });
    provider.getLogger('orders').emit({ severityNumber: ERROR, body: 'the one beside it' });
    await slack.forceFlush();
    const { accepted, delivered, pending, dropped } = slack.stats();
    deepEqual([accepted, delivered, pending, dropped], [2, 2, 0, {}]);
    match(texts(inbox).join('\n'), /the one beside it/);
  });
});
