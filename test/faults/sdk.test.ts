import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { fault, until } from '../support/faults.js';
import { ERROR, record } from '../support/records.js';
import { recordsShown } from '../support/slack.js';
import { word } from '../support/words.js';

const SECOND = 1_000;

describe('the SDK', () => {
  fault('concurrent flushes: all end together, and deliver everything that was emitted before', async (world) => {
    const app = world.app();
    for (let at = 0; at < 1_500; at++) app.logger.emit({ severityNumber: ERROR, body: `problem ${word(at % 4)}` });
    const flushes = Array.from({ length: 5 }, () => app.provider.forceFlush());
    app.logger.emit({ severityNumber: ERROR, body: 'one more' });
    await world.over(Promise.all([...flushes, app.slack.forceFlush(), app.slack.forceFlush()]));
    deepEqual([app.slack.stats().delivered, app.slack.stats().dropped], [1_501, {}]);
    equal(recordsShown(world.inbox), 1_501);
  });

  fault('shutdown during a flush: no accepted record is lost', async (world) => {
    const app = world.app();
    for (let at = 0; at < 1_500; at++) app.logger.emit({ severityNumber: ERROR, body: `problem ${word(at % 4)}` });
    const flushed = app.provider.forceFlush();
    await world.over(Promise.all([flushed, app.provider.shutdown(), app.slack.shutdown()]));
    deepEqual([app.slack.stats().delivered, app.slack.stats().dropped], [1_500, {}]);
    equal(recordsShown(world.inbox), 1_500);
  });

  fault(
    'shutdown during a flush while Slack is down: both end within their deadlines, and dropped records are counted',
    async (world) => {
      world.inbox.setFaults([{ kind: 'hang_before_headers' }]);
      const app = world.app();
      for (let at = 0; at < 1_500; at++) app.logger.emit({ severityNumber: ERROR, body: `problem ${word(at % 4)}` });
      const from = world.clock.monotonic();
      await world.over(Promise.all([app.provider.forceFlush(), app.provider.shutdown()]));
      ok(world.clock.monotonic() - from <= 10.5 * SECOND, `${world.clock.monotonic() - from} ms`);
      const { accepted, pending, dropped } = app.slack.stats();
      deepEqual([accepted, pending], [1_500, 0]);
      deepEqual(
        Object.keys(dropped).filter((reason) => reason !== 'shutdown' && reason !== 'unconfirmed'),
        [],
      );
    },
  );

  fault('export after shutdown: the records count as dropped, and nothing throws', async (world) => {
    const app = world.app();
    await app.emit('disk is full');
    await world.over(app.provider.shutdown());
    app.logger.emit({ severityNumber: ERROR, body: 'late' });
    app.slack.onEmit(record({ body: 'later' }));
    await world.over(Promise.all([app.provider.forceFlush(), app.slack.forceFlush(), app.slack.shutdown()]));
    const { accepted, delivered, dropped, pending } = app.slack.stats();
    // The SDK decides whether a logger still emits after the shutdown of its provider.
    deepEqual([delivered, pending, dropped], [1, 0, { shutdown: accepted - 1 }]);
    ok(accepted >= 2);
    equal(world.inbox.messages().length, 1);
  });

  fault(
    'a resource that never settles: the records are pending, with one warning after 30 s, and are counted at the end',
    async (world) => {
      const resource = resourceFromAttributes({
        'service.name': 'checkout',
        'host.name': new Promise<string>(() => {}),
      });
      const app = world.app({}, { resource });
      for (let at = 0; at < 7; at++) app.logger.emit({ severityNumber: ERROR, body: `problem ${word(at)}` });
      await world.pass(30 * SECOND - 1);
      deepEqual([app.slack.stats().pending, world.said.warnings], [7, []]);
      await world.pass(1);
      equal(world.said.warnings.length, 1);
      match(world.said.warnings[0] ?? '', /a resource detector has not settled for 30 s.*waiting: 7 records/);
      app.logger.emit({ severityNumber: ERROR, body: 'one more' });
      await world.pass(3_600 * SECOND);
      deepEqual([app.slack.stats().pending, world.said.warnings.length], [8, 1]);
      await world.over(app.provider.shutdown());
      deepEqual([app.slack.stats().pending, app.slack.stats().dropped], [0, { shutdown: 8 }]);
      equal(world.inbox.requests().length, 0);
    },
  );

  fault('a resource that settles late: all records arrive, without a warning', async (world) => {
    let settle = (_: string): void => {};
    const host = new Promise<string>((resolve) => {
      settle = resolve;
    });
    const app = world.app({}, { resource: resourceFromAttributes({ 'service.name': 'checkout', 'host.name': host }) });
    app.logger.emit({ severityNumber: ERROR, body: 'disk is full' });
    await world.pass(29 * SECOND);
    settle('web-1');
    await until(
      () => app.slack.stats().destinations[Object.keys(app.slack.stats().destinations)[0] ?? '']?.accepted === 1,
    );
    for (let minute = 0; minute < 10; minute++) {
      await app.emit('disk is full');
      await world.pass(60 * SECOND);
    }
    await world.over(app.provider.shutdown());
    deepEqual([app.slack.stats().delivered, world.said.warnings], [11, []]);
  });
});
