import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { SlackExporterOptions } from '../src/config/options.js';
import { SlackLogRecordExporter } from '../src/exporter.js';
import type { ReadableLogRecord } from '../src/record/otel.js';
import { ERROR, exceptionRecord, INFO, record } from './support/records.js';
import { eachTest, isolated, recordsShown, texts, WAYS } from './support/slack.js';
import { word } from './support/words.js';

describe('SlackLogRecordExporter', () => {
  const { open, said } = eachTest();

  function exporterWith(options: SlackExporterOptions): SlackLogRecordExporter {
    return open.ending(new SlackLogRecordExporter(options, isolated()));
  }

  function exportOf(exporter: SlackLogRecordExporter, records: readonly ReadableLogRecord[]): ExportResult[] {
    const results: ExportResult[] = [];
    exporter.export(records, (result) => void results.push(result));
    return results;
  }

  for (const { way, to } of WAYS) {
    it(`posts an exception with ${way}`, async () => {
      const inbox = await open.inbox();
      const exporter = exporterWith(to(inbox));
      deepEqual(exportOf(exporter, [exceptionRecord(new RangeError('amount is negative'))]), [{ code: 0 }]);
      const [message] = await inbox.waitForMessages(1);
      match(message?.text ?? '', /ERROR RangeError: amount is negative · checkout \(production\)/);
      match(texts(inbox)[0] ?? '', /at .*exporter\.test\.ts/);
    });
  }

  it('calls back once and at once, however slow Slack is', async () => {
    const inbox = await open.inbox({ faults: [{ kind: 'hang_before_headers' }] });
    const exporter = exporterWith({ webhookUrl: inbox.webhookUrl, flushTimeoutMillis: 50 });
    for (let batch = 0; batch < 5; batch++) deepEqual(exportOf(exporter, [record()]), [{ code: 0 }]);
    equal(exporter.stats().accepted, 5);
  });

  it('without the gate, accepts only records at or above the threshold that pass the filter', async () => {
    const inbox = await open.inbox();
    const exporter = exporterWith({ webhookUrl: inbox.webhookUrl, filter: ({ body }) => body !== 'noise' });
    exportOf(exporter, [record({ severityNumber: INFO }), record({ body: 'noise' }), record({ body: 'signal' })]);
    await exporter.forceFlush();
    equal(exporter.stats().accepted, 1);
    match(texts(inbox).join(), /signal/);
  });

  it('fails after shutdown, and counts the records', async () => {
    const inbox = await open.inbox();
    const exporter = exporterWith({ webhookUrl: inbox.webhookUrl });
    exportOf(exporter, [record()]);
    await exporter.shutdown();
    const [result] = exportOf(exporter, [record(), record(), record({ severityNumber: INFO })]);
    equal(result?.code, ExportResultCode.FAILED);
    const { accepted, delivered, dropped } = exporter.stats();
    deepEqual([accepted, delivered, dropped], [3, 1, { shutdown: 2 }]);
  });

  it('returns the same promise for every shutdown, and flushes nothing afterwards', async () => {
    const inbox = await open.inbox();
    const exporter = exporterWith({ webhookUrl: inbox.webhookUrl });
    const first = exporter.shutdown();
    equal(exporter.shutdown(), first);
    await first;
    await exporter.forceFlush();
  });

  it('is off without a destination: warns once, accepts everything, posts nothing', async () => {
    const exporter = exporterWith({});
    deepEqual(exportOf(exporter, [record()]), [{ code: 0 }]);
    await exporter.forceFlush();
    equal(said.warnings.length, 1);
    match(said.warnings[0] ?? '', /no destination is set. Set OTEL_EXPORTER_SLACK_WEBHOOK_URL/);
    equal(exporter.stats().accepted, 0);
  });

  it('shares one deadline among all batches of one flush', async () => {
    const inbox = await open.inbox({ faults: [{ kind: 'hang_before_headers' }] });
    const exporter = exporterWith({ webhookUrl: inbox.webhookUrl, flushTimeoutMillis: 500 });
    const from = performance.now();
    for (let batch = 0; batch < 8; batch++) {
      exportOf(exporter, [record()]);
      await exporter.forceFlush();
    }
    ok(performance.now() - from < 8 * 500, 'eight flushes took as long as eight deadlines');
  });

  it('shows as much as possible of a poisoned record, and the others of its batch completely', async () => {
    const inbox = await open.inbox();
    const exporter = exporterWith({ webhookUrl: inbox.webhookUrl });
    const attributes: Record<string, unknown> = { 'user.id': 'u_17' };
    Object.defineProperty(attributes, 'boom', { enumerable: true, get: () => JSON.parse('{') });
    exportOf(exporter, [record({ body: 'poisoned', attributes }), record({ body: 'healthy' })]);
    await exporter.forceFlush();
    match(texts(inbox).join('\n'), /poisoned[\s\S]*u_17/);
    match(texts(inbox).join('\n'), /healthy/);
  });

  it('reads the settled attributes of a resource that never settles, without an error of the SDK', async () => {
    const inbox = await open.inbox();
    const exporter = exporterWith({ webhookUrl: inbox.webhookUrl });
    const resource = resourceFromAttributes({
      'service.name': 'slow-start',
      'host.name': new Promise<string>(() => {}),
    });
    exportOf(exporter, [record({ resource })]);
    await exporter.forceFlush();
    match(texts(inbox).join(), /slow-start/);
    deepEqual(said.errors, []);
  });

  describe('behind the SDK’s processors', () => {
    it('delivers the records of a logger through BatchLogRecordProcessor', async () => {
      const inbox = await open.inbox();
      const exporter = exporterWith({ webhookUrl: inbox.webhookUrl });
      const provider = new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter })] });
      const logger = provider.getLogger('orders');
      for (let at = 0; at < 1_200; at++) logger.emit({ severityNumber: ERROR, body: 'disk is full' });
      await provider.forceFlush();
      // The SDK exports several batches. An update reports the records that arrive after the message was posted.
      ok(exporter.stats().delivered >= 512);
      await provider.shutdown();
      equal(exporter.stats().delivered, 1_200);
      equal(recordsShown(inbox), 1_200);
    });

    it('delivers through SimpleLogRecordProcessor', async () => {
      const inbox = await open.inbox();
      const exporter = exporterWith({ webhookUrl: inbox.webhookUrl });
      const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
      provider.getLogger('orders').emit({ severityNumber: ERROR, body: 'disk is full' });
      await provider.shutdown();
      equal(inbox.messages().length, 1);
    });

    it('loses nothing when shutdown is called during a flush', async () => {
      const inbox = await open.inbox();
      const exporter = exporterWith({ webhookUrl: inbox.webhookUrl });
      const provider = new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter })] });
      const logger = provider.getLogger('orders');
      for (let at = 0; at < 2_000; at++) logger.emit({ severityNumber: ERROR, body: `problem ${word(at % 3)}` });
      const flushed = provider.forceFlush();
      const ended = provider.shutdown();
      await Promise.all([flushed, ended]);
      // The SDK's shutdown returns early during a flush, so the test waits for the exporter's own.
      await exporter.shutdown();
      const { accepted, delivered, dropped } = exporter.stats();
      deepEqual([accepted, delivered, dropped], [2_000, 2_000, {}]);
      equal(recordsShown(inbox), 2_000);
    });

    it('never blocks the processor: after a failed flush the next one delivers', async () => {
      const inbox = await open.inbox({ faults: [{ kind: 'status', status: 503, body: 'down', times: 1 }] });
      const exporter = exporterWith({ webhookUrl: inbox.webhookUrl, flushTimeoutMillis: 100 });
      const provider = new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter })] });
      const logger = provider.getLogger('orders');
      logger.emit({ severityNumber: ERROR, body: 'one' });
      await provider.forceFlush();
      logger.emit({ severityNumber: ERROR, body: 'two' });
      await provider.forceFlush();
      await inbox.waitForMessages(1, { timeoutMillis: 10_000 });
      await provider.forceFlush();
      const done = (): boolean => exporter.stats().pending === 0;
      while (!done()) await new Promise((resolve) => setTimeout(resolve, 20));
      equal(exporter.stats().delivered, 2);
    });

    it('passes no secret to the SDK’s error handler', async () => {
      const inbox = await open.inbox();
      const secret = new URL(inbox.webhookUrl).pathname;
      const exporter = exporterWith({ webhookUrl: inbox.webhookUrl, flushTimeoutMillis: 100 });
      await inbox.close();
      const provider = new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter })] });
      const logger = provider.getLogger('orders');
      logger.emit({ severityNumber: ERROR, body: 'one' });
      await provider.forceFlush();
      await exporter.shutdown();
      logger.emit({ severityNumber: ERROR, body: 'two' });
      await provider.forceFlush();
      ok(said.all.length > 0);
      equal(said.all.join('\n').includes(secret), false);
      await provider.shutdown();
    });
  });
});
