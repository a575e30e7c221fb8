import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { AnyValue, LogRecord } from '@opentelemetry/api-logs';
import { fault } from '../support/faults.js';
import { ERROR } from '../support/records.js';
import { recordsShown, texts } from '../support/slack.js';

const SECOND = 1_000;

const throwing = (): never => {
  throw new Error('poison');
};
const cycle: Record<string, unknown> = { msg: 'has a cycle' };
cycle.self = cycle;
const getter = Object.defineProperty({ msg: 'has a getter' }, 'bad', { get: throwing, enumerable: true });
const everythingThrows = new Proxy(
  {},
  { get: throwing, has: throwing, ownKeys: throwing, getOwnPropertyDescriptor: throwing, getPrototypeOf: throwing },
);

/** The defect of a record, the record, and the text that is shown nevertheless. */
const POISONS: readonly [string, LogRecord, RegExp][] = [
  ['a cycle', { body: cycle as AnyValue }, /has a cycle/],
  ['a throwing getter', { body: getter as AnyValue }, /has a getter/],
  ['a throwing toJSON', { body: { msg: 'has a toJSON', toJSON: throwing } as unknown as AnyValue }, /has a toJSON/],
  ['a throwing proxy', { body: everythingThrows as AnyValue, attributes: { 'user.id': 'u_17' } }, /u_17/],
  ['a BigInt', { body: { msg: 'has a BigInt', big: 2n ** 200_000n } as unknown as AnyValue }, /has a BigInt/],
  ['a Buffer', { body: { msg: 'has a Buffer', bytes: Buffer.alloc(1_000_000) } }, /has a Buffer/],
  ['a string of 10 MB', { body: `begins well ${'x'.repeat(10_000_000)}` }, /begins well/],
  [
    '100,000 attributes',
    { body: 'has many', attributes: Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`k${at}`, at])) },
    /has many/,
  ],
  ['lone surrogates', { body: 'half \ud83d of it', attributes: { 'user.id': '\udc00x' } }, /half \ufffd of it/],
  [
    '__proto__ keys',
    { body: JSON.parse('{"msg":"has a proto","__proto__":{"msg":"wrong"},"constructor":1}') },
    /has a proto/,
  ],
  ['a Symbol', { body: Symbol('says little') as unknown as AnyValue, attributes: { 'user.id': 'u_18' } }, /u_18/],
];

describe('a poisoned record', () => {
  for (const [name, record, shown] of POISONS) {
    fault(`${name}: as much as possible is shown, and the other records are not affected`, async (world) => {
      const app = world.app({ attributes: ['k*'] }, { logRecordLimits: { attributeCountLimit: 200_000 } });
      app.logger.emit({ severityNumber: ERROR, body: 'came before', attributes: { 'user.id': 'u_1' } });
      app.logger.emit({ severityNumber: ERROR, ...record });
      app.logger.emit({ severityNumber: ERROR, body: 'came after', attributes: { 'user.id': 'u_2' } });
      await app.handedOver();
      await world.passUntil(() => app.slack.stats().delivered === 3, 5 * SECOND);
      const [before, ...rest] = ['came before', 'came after'].map((body) =>
        texts(world.inbox).find((text) => text.startsWith(`🔴 ERROR · ${body}`)),
      );
      match(before ?? '', /u_1/);
      match(rest[0] ?? '', /u_2/);
      match(texts(world.inbox).join('\n'), shown);
      equal(recordsShown(world.inbox), 3);
      deepEqual(
        world.said.warnings.filter((line) => line.includes('opentelemetry-exporter-slack')),
        [],
      );
      deepEqual(Object.getOwnPropertyNames(Object.prototype).includes('msg'), false);
    });
  }

  fault('all in one batch: every record is counted, and shown once', async (world) => {
    const app = world.app({}, { logRecordLimits: { attributeCountLimit: 200_000 } });
    for (const [, record] of POISONS) app.logger.emit({ severityNumber: ERROR, ...record });
    app.logger.emit({ severityNumber: ERROR, body: 'innocent' });
    await world.over(app.provider.shutdown());
    const { delivered, dropped } = app.slack.stats();
    deepEqual([delivered, dropped], [POISONS.length + 1, {}]);
    equal(recordsShown(world.inbox), POISONS.length + 1);
    ok(texts(world.inbox).join('\n').includes('innocent'));
  });

  fault('a callback of the app that throws: causes one warning, and loses no record', async (world) => {
    const app = world.app({ filter: throwing, fingerprint: throwing, render: throwing });
    await app.emit('disk is full', 'search is down');
    await world.passUntil(() => app.slack.stats().delivered === 2, 5 * SECOND);
    equal(recordsShown(world.inbox), 2);
    deepEqual(world.said.warnings.map((line) => /\b(filter|fingerprint|render)\b/.exec(line)?.[0]).sort(), [
      'filter',
      'fingerprint',
      'render',
    ]);
  });
});
