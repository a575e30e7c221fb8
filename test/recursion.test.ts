import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { type Context, context, DiagLogLevel, diag } from '@opentelemetry/api';
import type { Logger } from '@opentelemetry/api-logs';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { SlackExporterOptions } from '../src/config/options.js';
import { SlackLogRecordExporter } from '../src/exporter.js';
import { createSlackLogRecordProcessor } from '../src/processor.js';
import { wrapConsole } from '../src/register/console.js';
import { ERROR } from './support/records.js';
import { eachTest, isolated, recordsShown, texts } from './support/slack.js';

describe('code of the app that logs while a record is processed', () => {
  const { open } = eachTest();
  const undo: (() => void)[] = [];
  afterEach(() => {
    for (const each of undo.splice(0)) each();
  });

  /** Emits one record, with `log` as the way in which the app's code logs. Returns the stats once everything is delivered. */
  async function emitOne(optionsWith: (log: () => void) => SlackExporterOptions, value: (log: () => void) => unknown) {
    const inbox = await open.inbox({ rateLimit: false });
    let logger: Logger | undefined;
    const log = (): void => logger?.emit({ severityNumber: ERROR, body: 'the callback logs' });
    const options = { webhookUrl: inbox.webhookUrl, scheduledDelayMillis: 5, ...optionsWith(log) };
    const slack = open.ending(createSlackLogRecordProcessor(options, isolated()));
    logger = new LoggerProvider({ processors: [slack] }).getLogger('app');
    logger.emit({ severityNumber: ERROR, body: 'disk is full', attributes: { value: value(log) as string } });
    for (let round = 0; round < 5; round++) {
      await slack.forceFlush();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return { inbox, slack };
  }

  const none = (): string => 'none';
  /** Logs and returns its argument. */
  const logging =
    (log: () => void) =>
    <T>(returned: T): T => {
      log();
      return returned;
    };
  const CASES: readonly [string, (log: () => void) => SlackExporterOptions, (log: () => void) => unknown][] = [
    ['filter', (log) => ({ filter: () => logging(log)(true) }), none],
    ['filter that throws', (log) => ({ filter: () => logging(log)(undefined as unknown as { x: boolean }).x }), none],
    ['fingerprint', (log) => ({ fingerprint: (_record, standard) => logging(log)(standard) }), none],
    ['render', (log) => ({ render: (_groups, standard) => logging(log)(standard) }), none],
    ['toJSON() of an attribute', () => ({}), (log) => ({ toJSON: () => logging(log)('x') })],
  ];
  for (const [what, options, value] of CASES) {
    it(`A18: one record stays one record when the ${what} logs`, async () => {
      const { inbox, slack } = await emitOne(options, value);
      equal(recordsShown(inbox), 1, texts(inbox).join('\n'));
      match(texts(inbox).join('\n'), /disk is full/);
      const { accepted, delivered, pending, dropped, filtered, emitted } = slack.stats();
      deepEqual({ accepted, delivered, pending, dropped }, { accepted: 1, delivered: 1, pending: 0, dropped: {} });
      equal(filtered, emitted - 1);
      ok(emitted <= 20, `${emitted} records were emitted`);
    });
  }

  for (const what of ['filter', 'fingerprint', 'render'] as const) {
    it(`A18: one record stays one record when the ${what} logs later, with a context manager`, async () => {
      context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
      undo.push(() => context.disable());
      const later =
        (log: () => void) =>
        (_first: unknown, standard: unknown = true) => {
          setTimeout(log, 1);
          return standard;
        };
      const { slack } = await emitOne((log) => ({ [what]: later(log) }), none);
      equal(slack.stats().accepted, 1);
      const { emitted } = slack.stats();
      await new Promise((resolve) => setTimeout(resolve, 30));
      equal(slack.stats().emitted, emitted, 'the callback is not called with its own records');
    });
  }

  it('A18: one record stays one record when the filter writes to a console that is bridged', async () => {
    const target = { ...console, error: () => {}, warn: () => {} } as Console;
    const inbox = await open.inbox({ rateLimit: false });
    const filter = (): boolean => {
      target.error('the filter writes');
      return true;
    };
    const slack = open.ending(createSlackLogRecordProcessor({ webhookUrl: inbox.webhookUrl, filter }, isolated()));
    undo.push(wrapConsole(target, new LoggerProvider({ processors: [slack] }).getLogger('console') as never));
    target.error('disk is full');
    await slack.forceFlush();
    equal(slack.stats().accepted, 1);
    equal(recordsShown(inbox), 1);
  });

  it('A18: one record stays one record when the diag logger logs', async () => {
    const { slack } = await emitOne((log) => {
      undo.push(() => diag.disable());
      diag.setLogger({ error: log, warn: log, info: log, debug: log, verbose: log }, DiagLogLevel.ALL);
      return {};
    }, none);
    equal(slack.stats().accepted, 1);
  });

  it('A18: the fingerprint of an exporter behind a processor that exports at once may log', async () => {
    const inbox = await open.inbox({ rateLimit: false });
    const fingerprint = (_record: unknown, standard: string): string => {
      logger.emit({ severityNumber: ERROR, body: 'the callback logs' });
      return standard;
    };
    const exporter = open.ending(new SlackLogRecordExporter({ webhookUrl: inbox.webhookUrl, fingerprint }, isolated()));
    const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
    const logger = provider.getLogger('app');
    logger.emit({ severityNumber: ERROR, body: 'disk is full' });
    await exporter.forceFlush();
    equal(exporter.stats().accepted, 1);
  });

  it('A18: a filter sees the active context, and a record of the app after the filter is not lost', async () => {
    const inbox = await open.inbox({ rateLimit: false });
    const seen: Context[] = [];
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    undo.push(() => context.disable());
    const key = Symbol('tenant');
    const filter = (): boolean => {
      seen.push(context.active());
      return true;
    };
    const slack = open.ending(createSlackLogRecordProcessor({ webhookUrl: inbox.webhookUrl, filter }, isolated()));
    const logger = new LoggerProvider({ processors: [slack] }).getLogger('app');
    context.with(context.active().setValue(key, 'a'), () => {
      logger.emit({ severityNumber: ERROR, body: 'disk is full' });
      logger.emit({ severityNumber: ERROR, body: 'disk is full' });
    });
    equal(slack.stats().accepted, 2);
    deepEqual(
      seen.map((each) => each.getValue(key)),
      ['a', 'a'],
    );
  });
});
