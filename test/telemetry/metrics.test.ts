import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MeterProvider } from '@opentelemetry/api';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { DataPointType } from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import type { Fault, Inbox } from '../../packages/slack-inbox/src/index.js';
import type { SlackExporterOptions } from '../../src/config/options.js';
import { SlackLogRecordExporter } from '../../src/exporter.js';
import { createSlackLogRecordProcessor } from '../../src/processor.js';
import { createDiagnostics } from '../../src/telemetry/diagnostics.js';
import { DROP_REASONS, Ledger } from '../../src/telemetry/ledger.js';
import { createExporterMetrics } from '../../src/telemetry/metrics.js';
import { systemClock } from '../../src/util/clock.js';
import { fastClock } from '../support/clock.js';
import { countsOf, type Meter, meter } from '../support/metrics.js';
import { ERROR, INFO, record } from '../support/records.js';
import { eachTest, isolated, WAYS } from '../support/slack.js';
import { word } from '../support/words.js';

const INFLIGHT = 'otel.sdk.exporter.log.inflight';
const EXPORTED = 'otel.sdk.exporter.log.exported';
const DURATION = 'otel.sdk.exporter.operation.duration';

/** Generous, because the test clock is fast and the machine may be busy. */
const PATIENT = { timeoutMillis: 60_000, flushTimeoutMillis: 600_000 };

describe('metrics of the exporter', () => {
  const { open, said } = eachTest();

  const openMeter = (): Meter => open.ending(meter());

  function exporterFor(options: SlackExporterOptions): SlackLogRecordExporter {
    return open.ending(new SlackLogRecordExporter({ ...PATIENT, ...options }, isolated({ clock: fastClock(10) })));
  }

  const portOf = (inbox: Inbox): number => Number(new URL(inbox.url).port);

  /** Named as in `stats()`, without the fields that have no metric. */
  function toldBy(exporter: Pick<SlackLogRecordExporter, 'stats'>) {
    const { delivered, pending, dropped } = exporter.stats();
    return { delivered, pending, dropped };
  }

  for (const { way, to } of WAYS) {
    it(`report with ${way} the pending and delivered records and the duration of requests`, async () => {
      const inbox = await open.inbox();
      const own = openMeter();
      const exporter = exporterFor({ ...to(inbox), selfObsMeterProvider: own.provider });
      const server = { 'server.address': '127.0.0.1', 'server.port': portOf(inbox) };
      exporter.export([record(), record(), record({ severityNumber: INFO })], () => {});
      deepEqual(await own.series(INFLIGHT), [[server, 2]]);
      deepEqual(await own.series(EXPORTED), [[server, 0]]);
      await exporter.forceFlush();
      deepEqual(await own.series(INFLIGHT), [[server, 0]]);
      deepEqual(await own.series(EXPORTED), [[server, 2]]);
      deepEqual(await own.series(DURATION), [[{ ...server, 'http.response.status_code': 200 }, 1]]);
    });
  }

  it('have the names, units and kinds of the semantic conventions, and no buckets, like those of the SDK’s exporters', async () => {
    const inbox = await open.inbox();
    const own = openMeter();
    const exporter = exporterFor({ webhookUrl: inbox.webhookUrl, selfObsMeterProvider: own.provider });
    exporter.export([record()], () => {});
    await exporter.forceFlush();
    const kinds = [...(await own.collect()).values()].map((metric) => [
      metric.descriptor.name,
      metric.descriptor.unit,
      metric.dataPointType === DataPointType.SUM ? metric.isMonotonic : 'histogram',
    ]);
    deepEqual(kinds.toSorted(), [
      [EXPORTED, '{log_record}', true],
      [INFLIGHT, '{log_record}', false],
      [DURATION, 's', 'histogram'],
    ]);
    const [point] = (await own.collect()).get(DURATION)?.dataPoints ?? [];
    ok(point);
    const { buckets, sum } = point.value as { buckets: { boundaries: number[] }; sum: number };
    deepEqual(buckets.boundaries, []);
    ok(sum > 0 && sum < 60, `${sum} s`);
  });

  it('number the exporters in the component name', async () => {
    const inbox = await open.inbox();
    const own = openMeter();
    for (let made = 0; made < 2; made++) {
      exporterFor({ webhookUrl: inbox.webhookUrl, selfObsMeterProvider: own.provider });
    }
    const points = (await own.collect()).get(INFLIGHT)?.dataPoints ?? [];
    deepEqual(
      points.map(({ attributes }) => attributes['otel.component.type']),
      ['SlackLogRecordExporter', 'SlackLogRecordExporter'],
    );
    const [first, second] = points.map(({ attributes }) => String(attributes['otel.component.name']).split('/'));
    equal(first?.[0], 'SlackLogRecordExporter');
    equal(Number(second?.[1]), Number(first?.[1]) + 1);
  });

  it('add up the destinations of one server, and separate servers', async () => {
    const channels = [
      { id: 'C0ALL', name: 'all' },
      { id: 'C0PAY', name: 'pay' },
    ];
    const [inbox, other] = [await open.inbox({ channels }), await open.inbox()];
    const own = openMeter();
    const exporter = exporterFor({
      token: inbox.token,
      apiUrl: inbox.apiUrl,
      channel: 'C0ALL',
      routes: [
        { channel: 'C0PAY', match: { scope: 'pay' }, continue: true },
        { webhookUrl: other.webhookUrl, match: { scope: 'pay' }, continue: true },
      ],
      selfObsMeterProvider: own.provider,
    });
    exporter.export([record(), record({ instrumentationScope: { name: 'pay' } })], () => {});
    await exporter.forceFlush();
    const of = (at: Inbox, records: number) => [{ 'server.address': '127.0.0.1', 'server.port': portOf(at) }, records];
    deepEqual(
      (await own.series(EXPORTED)).toSorted((a, b) => a[1] - b[1]),
      [of(other, 1), of(inbox, 3)],
    );
  });

  const FAILURES: { name: string; fault: Fault; errorType: string; status?: number }[] = [
    { name: 'a rate limit', fault: { kind: 'rate_limited', retryAfter: 1 }, errorType: 'rate_limited', status: 429 },
    {
      name: 'an error of Slack’s',
      fault: { kind: 'error', error: 'fatal_error' },
      errorType: 'fatal_error',
      status: 200,
    },
    { name: 'trouble on the way', fault: { kind: 'status', status: 503 }, errorType: 'http_503', status: 503 },
    { name: 'no answer at all', fault: { kind: 'reset' }, errorType: 'ECONNRESET' },
  ];
  for (const { name, fault, errorType, status } of FAILURES) {
    it(`report ${name} as the error type of the failed request, and its records as in flight`, async () => {
      const inbox = await open.inbox({ faults: [{ ...fault, times: 1 } as Fault] });
      const own = openMeter();
      const options = { token: inbox.token, channel: inbox.channel, apiUrl: inbox.apiUrl };
      const exporter = exporterFor({ ...options, selfObsMeterProvider: own.provider });
      exporter.export([record()], () => {});
      await inbox.waitForMessages(1);
      await exporter.forceFlush();
      const server = { 'server.address': '127.0.0.1', 'server.port': portOf(inbox) };
      const answered = status === undefined ? {} : { 'http.response.status_code': status };
      const series = await own.series(DURATION);
      const [failed] = series.filter(([attributes]) => 'error.type' in attributes);
      const found = String(failed?.[0]['error.type']);
      if (status === undefined) match(found, /^(ECONNRESET|UND_ERR_SOCKET)$/);
      else deepEqual(failed, [{ ...server, ...answered, 'error.type': errorType }, 1]);
      deepEqual(await own.series(EXPORTED), [[server, 1]], 'counted once, as a success');
    });
  }

  it('contain no part of a webhook’s path or of a token', async () => {
    const inbox = await open.inbox({ faults: [{ kind: 'reset', times: 1 }] });
    const own = openMeter();
    const exporter = exporterFor({
      webhookUrl: inbox.webhookUrl,
      routes: [{ token: inbox.token, channel: inbox.channel, apiUrl: inbox.apiUrl, continue: true }],
      selfObsMeterProvider: own.provider,
    });
    exporter.export([record()], () => {});
    await exporter.forceFlush();
    const all = JSON.stringify([...(await own.collect()).values()]);
    match(all, /127\.0\.0\.1/);
    doesNotMatch(all, /xox|services/);
    for (const part of new URL(inbox.webhookUrl).pathname.split('/').slice(2)) ok(!all.includes(part), part);
  });

  it('agree with stats() on dropped records, also after shutdown', async () => {
    const inbox = await open.inbox({ faults: [{ kind: 'error', error: 'invalid_blocks' }] });
    const own = openMeter();
    const exporter = exporterFor({
      token: inbox.token,
      channel: inbox.channel,
      apiUrl: inbox.apiUrl,
      selfObsMeterProvider: own.provider,
    });
    exporter.export([record(), record()], () => {});
    await exporter.forceFlush();
    deepEqual(toldBy(exporter), { delivered: 0, pending: 0, dropped: { rejected: 2 } });
    deepEqual(await countsOf(own), { ...toldBy(exporter) });
    await exporter.shutdown();
    exporter.export([record()], () => {});
    deepEqual(toldBy(exporter).dropped, { rejected: 2, shutdown: 1 });
    deepEqual(await countsOf(own), toldBy(exporter));
  });

  it('agree with stats() on records that are left to the next process, and on records that it takes over', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'metrics-'));
    try {
      const inbox = await open.inbox();
      const spool = { directory: join(folder, 'spool') };
      const [first, second] = [openMeter(), openMeter()];
      const webhookUrl = 'http://127.0.0.1:9/services/x';
      const dying = exporterFor({ webhookUrl, spool, flushTimeoutMillis: 100, selfObsMeterProvider: first.provider });
      await new Promise<void>((resolve) => dying.export([record(), record()], () => resolve()));
      await dying.shutdown();
      deepEqual(toldBy(dying), { delivered: 0, pending: 2, dropped: {} });
      deepEqual(await countsOf(first), toldBy(dying));
      const next = exporterFor({ webhookUrl: inbox.webhookUrl, spool, selfObsMeterProvider: second.provider });
      await inbox.waitForMessages(1);
      await next.forceFlush();
      deepEqual(toldBy(next), { delivered: 2, pending: 0, dropped: {} });
      deepEqual(await countsOf(second), toldBy(next));
      await next.shutdown();
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('agree with stats() at every moment, whatever is counted', async () => {
    const records = fc.integer({ min: 1, max: 1_000 });
    const booking = fc.oneof(
      fc.record({ act: fc.constant('accept' as const), records }),
      fc.record({ act: fc.constant('deliver' as const), records }),
      fc.record({ act: fc.constant('drop' as const), records, reason: fc.constantFrom(...DROP_REASONS) }),
      fc.record({ act: fc.constant('releaseToOwner' as const), records }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(booking, { maxLength: 20 }), async (bookings) => {
        const own = openMeter();
        const metrics = createExporterMetrics(own.provider, createDiagnostics(systemClock));
        const ledger = new Ledger();
        let pending = 0;
        const counts = () => ledger.counts(pending);
        metrics.watch(new URL('https://slack.com/api/'), { counts, closed: () => counts });
        for (const { act, records: wanted, ...more } of bookings) {
          // Only pending records can be delivered, dropped or released.
          const moved = act === 'accept' ? wanted : Math.min(wanted, pending);
          pending += act === 'accept' ? moved : -moved;
          if ('reason' in more) ledger.drop(moved, more.reason);
          else if (act !== 'drop') ledger[act](moved);
          const { delivered, dropped } = counts();
          deepEqual(await countsOf(own), { delivered, pending, dropped });
        }
        await own.shutdown();
      }),
      { numRuns: 20 },
    );
  });

  it('of a processor report its queue, and the records that were dropped before they reached the exporter', async () => {
    const inbox = await open.inbox();
    const own = openMeter();
    const slack = createSlackLogRecordProcessor(
      {
        webhookUrl: inbox.webhookUrl,
        ...PATIENT,
        maxQueueSize: 4,
        maxExportBatchSize: 4,
        selfObsMeterProvider: own.provider,
      },
      isolated({ clock: fastClock(10) }),
    );
    const logger = open.ending(new LoggerProvider({ processors: [slack] })).getLogger('orders');
    const emit = (from: number, to: number): void => {
      for (let number = from; number < to; number++) logger.emit({ severityNumber: ERROR, body: word(number) });
    };
    const size = 'otel.sdk.processor.log.queue.size';
    const processed = 'otel.sdk.processor.log.processed';
    emit(0, 3);
    deepEqual(await own.series('otel.sdk.processor.log.queue.capacity'), [[{}, 4]]);
    deepEqual(await own.series(size), [[{}, 3]]);
    deepEqual(await own.series(processed), [[{}, 0]]);
    emit(3, 7);
    const { queue_full: lost = 0 } = slack.stats().dropped;
    equal(lost, 3);
    await slack.forceFlush();
    deepEqual(await own.series(size), [[{}, 0]]);
    deepEqual(
      (await own.series(processed)).toSorted((a, b) => b[1] - a[1]),
      [
        [{}, 4],
        [{ 'error.type': 'queue_full' }, 3],
      ],
    );
    const { delivered, pending } = await countsOf(own);
    deepEqual([delivered, pending], [slack.stats().delivered, slack.stats().pending]);
    await slack.shutdown();
    logger.emit({ severityNumber: ERROR, body: 'too late' });
    deepEqual((await own.series(processed)).at(-1), [{ 'error.type': 'shutdown' }, 1]);
  });

  it('count a record that was added to an equal one as processed too', async () => {
    const inbox = await open.inbox();
    const own = openMeter();
    const slack = createSlackLogRecordProcessor(
      {
        webhookUrl: inbox.webhookUrl,
        ...PATIENT,
        maxQueueSize: 8,
        maxExportBatchSize: 4,
        selfObsMeterProvider: own.provider,
      },
      isolated({ clock: fastClock(10) }),
    );
    const logger = open.ending(new LoggerProvider({ processors: [slack] })).getLogger('orders');
    for (let number = 0; number < 100; number++) logger.emit({ severityNumber: ERROR, body: 'disk is full' });
    await slack.forceFlush();
    equal(slack.stats().delivered, 100);
    deepEqual(await own.series('otel.sdk.processor.log.processed'), [[{}, 100]]);
    equal((await countsOf(own)).delivered, 100);
  });

  it('do not exist without a provider or without a destination', async () => {
    const own = openMeter();
    open.ending(createSlackLogRecordProcessor({}, isolated()));
    exporterFor({ selfObsMeterProvider: own.provider });
    deepEqual([...(await own.collect()).keys()], []);
  });

  it('that throw cause one warning, and the records arrive', async () => {
    const inbox = await open.inbox();
    const boom = (): never => {
      throw new RangeError(`boom ${inbox.webhookUrl}`);
    };
    const providers: readonly MeterProvider[] = [
      { getMeter: boom },
      { getMeter: () => ({ createObservableUpDownCounter: boom }) as never },
    ];
    for (const selfObsMeterProvider of providers) {
      const slack = open.ending(
        createSlackLogRecordProcessor({ webhookUrl: inbox.webhookUrl, selfObsMeterProvider }, isolated()),
      );
      slack.onEmit(record());
      await slack.forceFlush();
      equal(slack.stats().delivered, 1);
    }
    deepEqual(said.warnings.filter((line) => line.includes('selfObsMeterProvider')).length, providers.length);
    match(said.all.join('\n'), /selfObsMeterProvider threw RangeError; there will be no metrics/);
    doesNotMatch(said.all.join('\n'), /boom/);
  });

  it('that throw later cause no error either', async () => {
    const inbox = await open.inbox();
    const callbacks: ((result: unknown) => void)[] = [];
    const boom = (): never => {
      throw new RangeError('boom');
    };
    let recorded = 0;
    const instrument = () => ({ addCallback() {}, removeCallback() {} });
    const selfObsMeterProvider = {
      getMeter: () => ({
        createObservableUpDownCounter: instrument,
        createObservableCounter: instrument,
        createHistogram: () => ({
          record() {
            recorded++;
            boom();
          },
        }),
        addBatchObservableCallback: (callback: (result: unknown) => void) => callbacks.push(callback),
      }),
    } as never as MeterProvider;
    const exporter = exporterFor({ webhookUrl: inbox.webhookUrl, selfObsMeterProvider });
    exporter.export([record()], () => {});
    await exporter.forceFlush();
    deepEqual([exporter.stats().delivered, recorded], [1, 1]);
    equal(callbacks.length, 1);
    for (const callback of callbacks) callback({ observe: boom });
  });
});
