import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { context, DiagLogLevel, diag } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { isTracingSuppressed } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import type { SlackExporterOptions } from '../src/config/options.js';
import { createSlackLogRecordProcessor, type SlackLogRecordProcessor } from '../src/processor.js';
import { OWN_NAMESPACE } from '../src/telemetry/diagnostics.js';
import { ERROR, INFO } from './support/records.js';
import { eachTest, isolated, recordsShown, texts, WAYS } from './support/slack.js';
import { word } from './support/words.js';

describe('createSlackLogRecordProcessor', () => {
  const { open, said } = eachTest();

  function setup(options: SlackExporterOptions, resource = resourceFromAttributes({ 'service.name': 'checkout' })) {
    const slack = createSlackLogRecordProcessor(options, isolated());
    const provider = open.ending(new LoggerProvider({ processors: [slack], resource }));
    return { slack, provider, logger: provider.getLogger('orders') };
  }

  function sumsUp(slack: SlackLogRecordProcessor): void {
    const { emitted, filtered, accepted, delivered, pending, dropped } = slack.stats();
    const lost = Object.values(dropped).reduce((sum, records) => sum + records, 0);
    equal(accepted, delivered + pending + lost);
    equal(emitted, filtered + accepted);
  }

  for (const { way, to } of WAYS) {
    it(`posts the records of a logger to Slack with ${way}`, async () => {
      const inbox = await open.inbox();
      const { slack, provider, logger } = setup(to(inbox));
      logger.emit({ severityNumber: ERROR, body: 'charge failed', exception: new TypeError('x is not a function') });
      logger.emit({ severityNumber: INFO, body: 'charged' });
      await provider.forceFlush();
      match(texts(inbox)[0] ?? '', /🔴 ERROR · TypeError: x is not a function\ncheckout/);
      deepEqual([inbox.messages().length, slack.stats().delivered], [1, 1]);
    });
  }

  it('does not receive a record below the threshold, because the SDK does not create it', () => {
    const { slack, logger } = setup({});
    equal(logger.enabled({ severityNumber: INFO }), false);
    logger.emit({ severityNumber: INFO });
    equal(slack.stats().emitted, 0);
  });

  it('counts every record at every time', async () => {
    const inbox = await open.inbox();
    const { slack, provider, logger } = setup({ webhookUrl: inbox.webhookUrl, maxQueueSize: 600 });
    for (let burst = 0; burst < 20; burst++) {
      for (let at = 0; at < 100; at++)
        logger.emit({ severityText: at % 2 ? 'error' : 'info', body: `problem ${word(at % 4)}` });
      sumsUp(slack);
      await new Promise((resolve) => setImmediate(resolve));
      sumsUp(slack);
    }
    await provider.shutdown();
    sumsUp(slack);
    const { delivered, dropped, pending } = slack.stats();
    deepEqual([delivered + (dropped.queue_full ?? 0), pending], [1_000, 0]);
    equal(recordsShown(inbox), delivered);
  });

  it('separates ten bugs with the same message in one tick, and groups one bug with many values', async () => {
    const inbox = await open.inbox();
    const { provider, logger } = setup({ webhookUrl: inbox.webhookUrl });
    for (const name of 'abcdefghij') {
      const exception = Object.assign(new Error('timeout'), {
        stack: `Error: timeout\n    at ${name}bc (/app/src/x.js:1:1)`,
      });
      for (let at = 0; at < 3; at++) logger.emit({ severityNumber: ERROR, exception });
    }
    for (let at = 0; at < 9; at++) logger.emit({ severityNumber: ERROR, body: `user ${at} not found` });
    await provider.forceFlush();
    match(texts(inbox)[0] ?? '', /^🔴 11 problems, 39 records/);
    match(texts(inbox)[0] ?? '', /ERROR ×9 user 0 not found/);
  });

  it('counts all of 100,000 equal errors and fifty others in one tick, although the queue holds 2,048', async () => {
    const inbox = await open.inbox();
    const { slack, provider, logger } = setup({ webhookUrl: inbox.webhookUrl });
    for (let at = 0; at < 100_000; at++) {
      logger.emit({ severityNumber: ERROR, body: 'storm' });
      if (at % 2_000 === 0) logger.emit({ severityNumber: ERROR, body: `problem ${word(at / 2_000)}` });
    }
    sumsUp(slack);
    await provider.shutdown();
    sumsUp(slack);
    deepEqual([slack.stats().delivered, slack.stats().dropped], [100_050, {}]);
    equal(recordsShown(inbox), 100_050);
    match(texts(inbox).join('\n'), /×100,000 (\(\+[\d,]+\) |· )?storm/);
  });

  it('counts records that the queue cannot hold, which the SDK would drop silently', async () => {
    const inbox = await open.inbox();
    const { slack, provider, logger } = setup({ webhookUrl: inbox.webhookUrl });
    for (let at = 0; at < 5_000; at++) logger.emit({ severityNumber: ERROR, body: `problem ${word(at)}` });
    sumsUp(slack);
    await provider.shutdown();
    sumsUp(slack);
    const { delivered, dropped } = slack.stats();
    deepEqual([delivered, dropped], [2_048, { queue_full: 2_952 }]);
    equal(recordsShown(inbox), delivered);
  });

  it('warns once that the queue was full', async () => {
    const inbox = await open.inbox();
    const { provider, logger } = setup({ webhookUrl: inbox.webhookUrl, maxQueueSize: 2 });
    for (let at = 0; at < 9; at++) logger.emit({ severityNumber: ERROR, body: word(at) });
    await provider.forceFlush();
    deepEqual(
      said.warnings.filter((line) => line.includes('queue was full')).map((line) => /\d+ records?/.exec(line)?.[0]),
      ['7 records'],
    );
  });

  it('does not let filtered records push errors out of the queue', async () => {
    const inbox = await open.inbox();
    const { slack, provider, logger } = setup({ webhookUrl: inbox.webhookUrl, maxQueueSize: 10 });
    for (let at = 0; at < 1_000; at++) logger.emit({ severityText: 'info', body: 'noise' });
    logger.emit({ severityNumber: ERROR, body: 'signal' });
    await provider.forceFlush();
    equal(slack.stats().delivered, 1);
  });

  describe('forceFlush and shutdown', () => {
    it('have one deadline for a full queue, not one for each batch, when Slack hangs', async () => {
      const inbox = await open.inbox({ faults: [{ kind: 'hang_before_headers' }] });
      const { slack, provider, logger } = setup({ webhookUrl: inbox.webhookUrl, flushTimeoutMillis: 1_000 });
      for (let at = 0; at < 2_048; at++) logger.emit({ severityNumber: ERROR, body: `problem ${word(at)}` });
      const from = performance.now();
      await provider.forceFlush();
      await provider.shutdown();
      const ended = performance.now() - from;
      // There are four batches. A deadline for each would add up to 4,000 ms, and the shutdown would add 1,000 ms.
      ok(ended < 3_500, `ended after ${ended} ms`);
      const { accepted, dropped, pending } = slack.stats();
      deepEqual([accepted, pending, (dropped.unconfirmed ?? 0) + (dropped.shutdown ?? 0)], [2_048, 0, 2_048]);
      equal(said.warnings.filter((line) => line.includes('not delivered before shutdown')).length, 1);
    });

    it('share one flush between concurrent calls, and include records emitted before the last call', async () => {
      const inbox = await open.inbox();
      const { slack, logger } = setup({ webhookUrl: inbox.webhookUrl });
      logger.emit({ severityNumber: ERROR, body: 'one' });
      const first = slack.forceFlush();
      logger.emit({ severityNumber: ERROR, body: 'two' });
      await Promise.all([first, slack.forceFlush(), slack.forceFlush()]);
      equal(slack.stats().delivered, 2);
    });

    it('post the records in the SDK’s queue as one message', async () => {
      const inbox = await open.inbox();
      const { slack, logger } = setup({ webhookUrl: inbox.webhookUrl, maxExportBatchSize: 2 });
      for (const body of ['one', 'two', 'three', 'four', 'five']) logger.emit({ severityNumber: ERROR, body });
      await slack.shutdown();
      equal(inbox.messages().length, 1);
      equal(recordsShown(inbox), 5);
    });

    it('lose nothing when shutdown is called during a flush', async () => {
      const inbox = await open.inbox();
      const { slack, logger } = setup({ webhookUrl: inbox.webhookUrl });
      for (let at = 0; at < 2_000; at++) logger.emit({ severityNumber: ERROR, body: `problem ${word(at % 3)}` });
      const flushed = slack.forceFlush();
      await slack.shutdown();
      await flushed;
      const { delivered, dropped } = slack.stats();
      deepEqual([delivered, dropped], [2_000, {}]);
      equal(recordsShown(inbox), 2_000);
    });

    it('return one promise for every shutdown, and count records that are emitted afterwards', async () => {
      const inbox = await open.inbox();
      const { slack, logger } = setup({ webhookUrl: inbox.webhookUrl });
      const ended = slack.shutdown();
      equal(slack.shutdown(), ended);
      await ended;
      await slack.forceFlush();
      logger.emit({ severityNumber: ERROR, body: 'late' });
      deepEqual(slack.stats().dropped, { shutdown: 1 });
      sumsUp(slack);
    });

    it('end in time when a resource never settles, and drop its records as shutdown', async () => {
      const inbox = await open.inbox();
      const resource = resourceFromAttributes({ 'host.name': new Promise<string>(() => {}) });
      const { slack, provider, logger } = setup({ webhookUrl: inbox.webhookUrl, flushTimeoutMillis: 300 }, resource);
      for (let at = 0; at < 7; at++) logger.emit({ severityNumber: ERROR, body: 'held' });
      await provider.forceFlush();
      equal(slack.stats().pending, 7);
      await provider.shutdown();
      deepEqual(slack.stats().dropped, { shutdown: 7 });
      match(said.warnings.join('\n'), /7 records dropped at shutdown: the SDK still held them/);
      sumsUp(slack);
    });

    it('save the records of a resource that never settles in the spool', async () => {
      const inbox = await open.inbox({ faults: [{ kind: 'status', status: 503 }] });
      const folder = await mkdtemp(join(tmpdir(), 'kept-'));
      const resource = resourceFromAttributes({ 'host.name': new Promise<string>(() => {}) });
      const spool = { directory: join(folder, 'spool') };
      const to = { webhookUrl: inbox.webhookUrl, spool, flushTimeoutMillis: 300 };
      const held = setup(to, resource);
      held.logger.emit({ severityNumber: ERROR, body: 'held' });
      await held.provider.shutdown();
      deepEqual([held.slack.stats().pending, held.slack.stats().dropped], [1, {}]);
      inbox.clearFaults();
      const { provider } = setup({ ...to, flushTimeoutMillis: 5_000 });
      await provider.shutdown();
      match(texts(inbox)[0] ?? '', /held/);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    });
  });

  it('never traces its own requests, although the app traces everything', async () => {
    const { subscribe, unsubscribe } = await import('node:diagnostics_channel');
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const suppressed: boolean[] = [];
    const listen = (): void => void suppressed.push(isTracingSuppressed(context.active()));
    subscribe('http.client.request.start', listen);
    try {
      const inbox = await open.inbox();
      const { provider, logger } = setup({ webhookUrl: inbox.webhookUrl });
      logger.emit({ severityNumber: ERROR, body: 'one' });
      await provider.forceFlush();
      deepEqual(suppressed, [true]);
    } finally {
      unsubscribe('http.client.request.start', listen);
      context.disable();
    }
  });

  it('does not export its own warnings when diag writes to the exported logger', async () => {
    const inbox = await open.inbox({ faults: [{ kind: 'status', status: 500, body: 'down' }] });
    const { slack, provider, logger } = setup({ webhookUrl: inbox.webhookUrl, flushTimeoutMillis: 200 });
    const heard: string[] = [];
    const echo = (...parts: unknown[]): void => {
      heard.push(parts.join(' '));
      // The API itself logs through diag too.
      if (parts[0] === OWN_NAMESPACE) logger.emit({ severityNumber: ERROR, body: parts.join(' ') });
    };
    diag.setLogger(
      { error: echo, warn: echo, info: echo, debug: echo, verbose: echo },
      { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true },
    );
    logger.emit({ severityNumber: ERROR, body: 'one' });
    await provider.forceFlush();
    ok(heard.some((line) => line.includes('no good answer from Slack')));
    equal(slack.stats().accepted, 1);
  });
});
