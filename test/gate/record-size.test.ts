import { equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { bytesOf } from '../../src/gate/record-size.js';
import { record } from '../support/records.js';

const LARGE = 'x'.repeat(1_000_000);
const KILOBYTES = 1_024;

const sizeOf = (overrides: Parameters<typeof record>[0], measuresNested = true): number =>
  bytesOf(record({ attributes: {}, body: undefined, ...overrides }), measuresNested);

describe('the size of a record', () => {
  for (const [name, overrides] of Object.entries({
    'the body': { body: LARGE },
    'an attribute': { attributes: { text: LARGE } },
    'forty attributes': {
      attributes: Object.fromEntries(Array.from({ length: 40 }, (_, n) => [n, 'x'.repeat(25_000)])),
    },
    'the stack of an exception': { attributes: { 'exception.stacktrace': LARGE } },
    'the name of the event': { eventName: LARGE },
    'a nested body': { body: { a: { b: [{ c: LARGE }] } } },
    'a nested attribute': { attributes: { err: { stack: LARGE } } },
    'the name of a nested field': { body: { [LARGE]: 1 } },
    'an error': { attributes: { err: new Error(LARGE) } },
    'a buffer': { body: { data: Buffer.alloc(2_000_000) } },
    'a buffer as the body': { body: Buffer.alloc(2_000_000) },
    'a typed array': { attributes: { data: new Float64Array(250_000) } },
  } as Record<string, Parameters<typeof record>[0]>)) {
    it(`A5: includes ${name}`, () => ok(sizeOf(overrides) >= 1_900_000, `${sizeOf(overrides)} bytes`));
  }

  for (const [name, body] of Object.entries({
    'with too many values': Array.from({ length: 1_000 }, (_, n) => ({ n })),
    'with a hundred thousand keys': Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`k${n}`, n])),
    'with a cycle': (() => {
      const cycle: { self?: unknown } = {};
      cycle.self = cycle;
      return cycle;
    })(),
    'with a map': { map: new Map([['a', LARGE]]) },
    'with a huge number': { number: 2n ** 1_000_000n },
    'that throws': new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    ),
  })) {
    it(`A5: is a megabyte for a body ${name}, because the measure is bounded`, () => {
      ok(sizeOf({ body }) >= 1_024 * KILOBYTES);
    });
  }

  it('A5: reads no getter, which may take long', () => {
    let reads = 0;
    const body = Object.defineProperty({}, 'slow', { enumerable: true, get: () => reads++ });
    sizeOf({ body, attributes: { body } });
    equal(reads, 0);
  });

  it('is small for a usual record, and does not include nested values while few records are in flight', () => {
    ok(sizeOf({ body: 'disk is full', attributes: { a: 'b', n: 1 } }) < 100);
    ok(sizeOf({ body: { text: LARGE } }, false) < 100);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withMap: true, withNullPrototype: true }), (value) => {
        ok(sizeOf({ body: value, attributes: { value } }) >= 0);
      }),
    );
  });
});
