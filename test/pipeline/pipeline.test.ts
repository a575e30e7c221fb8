import { deepEqual, equal, match } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { type Inbox, messageText } from '../../packages/slack-inbox/src/index.js';
import type { RouteOptions, SlackExporterOptions } from '../../src/config/options.js';
import { SlackLogRecordExporter } from '../../src/exporter.js';
import { createSlackLogRecordProcessor, type SlackLogRecordProcessor } from '../../src/processor.js';
import type { Overrides } from '../../src/setup.js';
import { ERROR, FATAL, INFO, record, WARN } from '../support/records.js';
import { eachTest, isolated } from '../support/slack.js';
import { word } from '../support/words.js';

const CHANNELS = [
  { id: 'C0ALL', name: 'all' },
  { id: 'C0PAY', name: 'pay' },
  { id: 'C0AUDIT', name: 'audit' },
];

describe('the pipeline', () => {
  const { open, said } = eachTest();

  const openInbox = (): Promise<Inbox> => open.inbox({ channels: CHANNELS });

  function to(inbox: Inbox, options: SlackExporterOptions): SlackExporterOptions {
    return { token: inbox.token, apiUrl: inbox.apiUrl, ...options };
  }

  function setup(options: SlackExporterOptions, overrides: Overrides = {}) {
    const slack = createSlackLogRecordProcessor(options, isolated(overrides));
    const resource = resourceFromAttributes({ 'service.name': 'shop' });
    const provider = open.ending(new LoggerProvider({ processors: [slack], resource }));
    return { slack, provider, logger: provider.getLogger('orders') };
  }

  /** The first lines of a channel's messages. */
  function headlines(inbox: Inbox, channel: string): readonly string[] {
    return inbox.messages(channel).map((message) => messageText(message).split('\n', 1)[0] ?? '');
  }

  function figures({ stats }: SlackLogRecordProcessor): readonly number[] {
    const { emitted, filtered, accepted, delivered } = stats();
    return [emitted, filtered, accepted, delivered];
  }

  const PAY: RouteOptions = { channel: 'C0PAY', match: { attributes: { team: 'payments' } } };
  const team = (name: string) => ({ attributes: { team: name } });

  it('sends each record to the channel of its route, and records without a route to the top-level channel', async () => {
    const inbox = await openInbox();
    const { slack, provider, logger } = setup(to(inbox, { channel: 'C0ALL', routes: [PAY] }));
    logger.emit({ severityNumber: ERROR, body: 'charge failed', ...team('payments') });
    logger.emit({ severityNumber: ERROR, body: 'search failed', ...team('search') });
    logger.emit({ severityNumber: ERROR, body: 'disk is full' });
    await provider.forceFlush();
    deepEqual(headlines(inbox, 'C0PAY'), ['🔴 ERROR · charge failed']);
    match(inbox.messages('C0ALL').map(messageText).join('\n'), /search failed[\s\S]*disk is full/);
    const { destinations, delivered, requests } = slack.stats();
    deepEqual([destinations.C0PAY?.delivered, destinations.C0ALL?.delivered, delivered], [1, 2, 3]);
    equal((destinations.C0PAY?.requests ?? 0) + (destinations.C0ALL?.requests ?? 0), requests);
  });

  it('sends a record to several channels where a route has continue, and counts it for each', async () => {
    const inbox = await openInbox();
    const audit = { channel: 'C0AUDIT', continue: true };
    const { slack, provider, logger } = setup(to(inbox, { channel: 'C0ALL', routes: [audit, PAY] }));
    logger.emit({ severityNumber: ERROR, body: 'charge failed', ...team('payments') });
    await provider.forceFlush();
    deepEqual(
      ['C0AUDIT', 'C0PAY', 'C0ALL'].map((channel) => headlines(inbox, channel).length),
      [1, 1, 0],
    );
    deepEqual(figures(slack), [1, 0, 2, 2]);
  });

  it('accepts records that any route wants, and sends each route its own', async () => {
    const inbox = await openInbox();
    const warned = { ...PAY, minSeverity: 'WARN' as const };
    const { slack, provider, logger } = setup(to(inbox, { channel: 'C0ALL', routes: [warned] }));
    for (const severityNumber of [INFO, WARN, ERROR]) {
      logger.emit({ severityNumber, body: 'of payments', ...team('payments') });
      logger.emit({ severityNumber, body: 'of others' });
    }
    equal(logger.enabled({ severityNumber: WARN }), true);
    await provider.forceFlush();
    deepEqual(headlines(inbox, 'C0PAY'), ['🔴 2 problems, 2 records']);
    deepEqual(headlines(inbox, 'C0ALL'), ['🔴 ERROR · of others']);
    // A record that the SDK did not create is not emitted. The warning of the others is admitted, and no route wants it.
    deepEqual(figures(slack), [4, 1, 3, 3]);
  });

  it('counts records that no route wants as filtered, coalesced ones included', async () => {
    const inbox = await openInbox();
    const { slack, provider, logger } = setup(to(inbox, { routes: [PAY], maxQueueSize: 10, maxExportBatchSize: 2 }));
    for (const body of ['one', 'two', 'three']) logger.emit({ severityNumber: ERROR, body });
    for (let at = 0; at < 50; at++) logger.emit({ severityNumber: ERROR, body: 'storm' });
    logger.emit({ severityNumber: ERROR, body: 'charge failed', ...team('payments') });
    await provider.forceFlush();
    deepEqual(figures(slack), [54, 53, 1, 1]);
    equal(inbox.messages().length, 1);
  });

  it('coalesces no records of different routes', async () => {
    const inbox = await openInbox();
    const limits = { maxQueueSize: 8, maxExportBatchSize: 2 };
    const { slack, provider, logger } = setup(to(inbox, { channel: 'C0ALL', routes: [PAY], ...limits }));
    for (let at = 0; at < 2; at++) logger.emit({ severityNumber: ERROR, body: word(at) });
    for (let at = 0; at < 50; at++) {
      logger.emit({ severityNumber: ERROR, body: 'failed', ...team('payments') });
      if (at === 25) logger.emit({ severityNumber: ERROR, body: 'failed', ...team('search') });
    }
    await provider.forceFlush();
    deepEqual(headlines(inbox, 'C0PAY'), ['🔴 ERROR ×50 · failed']);
    deepEqual(slack.stats().destinations.C0ALL?.delivered, 3);
    deepEqual(slack.stats().dropped, {});
  });

  it('counts records that come too late for each destination that wants them', async () => {
    const inbox = await openInbox();
    const audit = { channel: 'C0AUDIT', continue: true, minSeverity: 'FATAL' as const };
    const exporter = open.ending(new SlackLogRecordExporter(to(inbox, { routes: [audit, PAY] }), isolated()));
    await exporter.shutdown();
    const late = [record({ severityNumber: FATAL, ...team('payments') }), record(team('payments')), record()];
    const codes: number[] = [];
    exporter.export(late, ({ code }) => codes.push(code));
    deepEqual(codes, [1]);
    const { destinations, accepted, dropped } = exporter.stats();
    deepEqual([destinations.C0AUDIT?.dropped, destinations.C0PAY?.dropped], [{ shutdown: 1 }, { shutdown: 2 }]);
    deepEqual([accepted, dropped], [3, { shutdown: 3 }]);
  });

  it('flushes and closes all channels in parallel', async () => {
    const inbox = await open.inbox({ channels: CHANNELS, faults: [{ kind: 'hang_before_headers' }] });
    const everywhere = CHANNELS.map(({ id }) => ({ channel: id, continue: true }));
    const { slack, provider, logger } = setup(to(inbox, { routes: everywhere, flushTimeoutMillis: 800 }));
    logger.emit({ severityNumber: ERROR, body: 'charge failed' });
    const from = performance.now();
    await provider.shutdown();
    const ended = performance.now() - from;
    equal(ended < 2_000, true, `ended after ${ended} ms`);
    deepEqual(slack.stats().dropped, { unconfirmed: 3 });
  });

  it('shows channels with the same name separately in its stats', () => {
    const routes = ['xoxb-1-a', 'xoxb-2-b'].map((token) => ({ channel: '#alerts', token }));
    const { slack } = setup({ routes });
    deepEqual(Object.keys(slack.stats().destinations), ['#alerts', '#alerts (2)']);
  });

  it('computes the fingerprint of a record once for all channels, and not when none wants it', async () => {
    const inbox = await openInbox();
    const asked: unknown[] = [];
    const fingerprint = ({ body }: { readonly body?: unknown }): string => `${asked.push(body)}`;
    const routes = [
      { ...PAY, continue: true },
      { ...PAY, channel: 'C0AUDIT' },
    ];
    const exporter = open.ending(new SlackLogRecordExporter(to(inbox, { routes, fingerprint }), isolated()));
    exporter.export([record({ body: 'wanted', ...team('payments') }), record({ body: 'unwanted' })], () => {});
    await exporter.forceFlush();
    deepEqual(asked, ['wanted']);
    equal(exporter.stats().delivered, 2);
  });

  describe('with a configuration file', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'otel-slack-'));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    function environmentWith(options: string): Record<string, string> {
      const path = join(folder, 'slack.json');
      writeFileSync(path, options);
      return { OTEL_EXPORTER_SLACK_CONFIG: path };
    }

    it('uses its routes', async () => {
      const inbox = await openInbox();
      const options = JSON.stringify({ channel: 'C0ALL', routes: [PAY] });
      const environment = { ...environmentWith(options), OTEL_EXPORTER_SLACK_TOKEN: inbox.token };
      const { provider, logger } = setup({ apiUrl: inbox.apiUrl }, { environment });
      logger.emit({ severityNumber: ERROR, body: 'charge failed', ...team('payments') });
      await provider.forceFlush();
      deepEqual(headlines(inbox, 'C0PAY'), ['🔴 ERROR · charge failed']);
      deepEqual(said.warnings, []);
    });

    it('warns about a wrong value with file and path, and uses the default', async () => {
      const inbox = await openInbox();
      const environment = environmentWith('{ "routes": [{ "channel": "C0PAY", "match": { "severity": "loud" } }] }');
      const { provider, logger } = setup(to(inbox, { channel: 'C0ALL' }), { environment });
      logger.emit({ severityNumber: ERROR, body: 'charge failed' });
      await provider.forceFlush();
      equal(headlines(inbox, 'C0ALL').length, 1);
      equal(said.warnings.length, 1);
      match(
        said.warnings[0] ?? '',
        /slack\.json: routes\[0\]\.match\.severity: expected .*, got the string "loud"; the option/,
      );
    });

    it('warns that it cannot be read, and continues without it', async () => {
      const environment = { OTEL_EXPORTER_SLACK_CONFIG: join(folder, 'none.json') };
      setup({ webhookUrl: 'https://hooks.slack.com/services/T0/B0/x' }, { environment });
      equal(said.warnings.length, 1);
      match(said.warnings[0] ?? '', /none\.json: the file cannot be read \(ENOENT\); the file is ignored$/);
    });
  });

  it('holds records below FATAL in the quiet hours of a route, and posts them as one message at the end', async () => {
    const inbox = await openInbox();
    const clockAt = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
    const quietHours = { timeZone: 'UTC', from: clockAt(-1), to: clockAt(1) };
    const { slack, provider, logger } = setup(
      to(inbox, { channel: 'C0ALL', quietHours, routes: [{ ...PAY, quietHours: false }] }),
    );
    logger.emit({ severityNumber: ERROR, body: 'disk is full' });
    logger.emit({ severityNumber: ERROR, body: 'charge failed', ...team('payments') });
    logger.emit({ severityNumber: FATAL, body: 'power is gone' });
    await provider.forceFlush();
    deepEqual(headlines(inbox, 'C0ALL'), ['🟣 FATAL · power is gone']);
    deepEqual(headlines(inbox, 'C0PAY'), ['🔴 ERROR · charge failed']);
    equal(slack.stats().pending, 1);
    await provider.shutdown();
    deepEqual(headlines(inbox, 'C0ALL').slice(1), ['🔴 ERROR · disk is full']);
  });
});
