import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { ReadableLogRecord } from '../../src/record/otel.js';
import { ReadingTime } from '../../src/record/read-field.js';
import { type RecordView, readRecord } from '../../src/record/read-record.js';
import { type Sample, toSample } from '../../src/record/sample.js';
import { record } from '../support/records.js';
import { REDACTOR } from '../support/redactor.js';

const SLOW = '[not read: slow]';

/** An object with getters, each of which takes some milliseconds of a simulated clock. */
function slowFields(millis: number) {
  let now = 0;
  const reads: string[] = [];
  const define = (count: number, names = (at: number): string => `k${at}`): Record<string, unknown> => {
    const owner = {};
    for (let at = 0; at < count; at++) {
      const name = names(at);
      Object.defineProperty(owner, name, {
        enumerable: true,
        get() {
          reads.push(name);
          now += millis;
          return `value of ${name}`;
        },
      });
    }
    return owner;
  };
  return { reads, define, now: () => now };
}

/** Reads a record, and makes its sample for two destinations. */
function read(
  overrides: object,
  now?: () => number,
): { readonly view: RecordView; readonly samples: readonly Sample[] } {
  const given = record(overrides as Partial<ReadableLogRecord>);
  const view = readRecord(given, new ReadingTime(now));
  return { view, samples: [toSample(view, REDACTOR), toSample(view, REDACTOR)] };
}

describe('a record that is slow to read', () => {
  it('A16: of 40 getters that take 50 ms each, one runs, and once; the others are shown as not read', () => {
    const { define, reads, now } = slowFields(50);
    const { samples } = read({ body: define(40) }, now);
    deepEqual(reads, ['k0']);
    for (const { message } of samples) match(message, /^\{"k0":"value of k0","k1":\[not read: slow\],"k2":\[not read/);
  });

  for (const [where, overridesOf, runs] of [
    ['a nested body', (slow: object) => ({ body: { msgs: [{ a: { b: slow } }] } }), 1],
    ['an attribute', (slow: object) => ({ attributes: { plain: 1, slow } }), 1],
    ['the attributes', (attributes: object) => ({ attributes }), 1],
    ['the entries of an array', (slow: object) => ({ body: Object.values(Object.getOwnPropertyDescriptors(slow)) }), 0],
    ['many attributes', (slow: object) => ({ attributes: { a: slow, b: { slow }, c: [slow] } }), 1],
  ] as const) {
    it(`A16: getters in ${where} run until the time of the record is over`, () => {
      const { define, reads, now } = slowFields(50);
      read(overridesOf(define(10)), now);
      equal(reads.length, runs);
    });
  }

  it('A16: getters in an error run until the time of the record is over', () => {
    const { define, reads, now } = slowFields(50);
    const names = ['type', 'message', 'stack'];
    const { view } = read({ attributes: { err: define(3, (at) => names[at] as string), 'user.id': 'u_1' } }, now);
    deepEqual(reads, ['type']);
    equal(view.exception, undefined);
  });

  it('A16: many quick getters are all read, each once, however many samples are made', () => {
    const { define, reads, now } = slowFields(0.01);
    const body = define(40);
    const { samples } = read({ body, attributes: { nested: define(5, (at) => `n${at}`), ...{ a: 1 } } }, now);
    equal(reads.length, 45);
    equal(new Set(reads).size, 45);
    for (const { message, attributes } of samples) {
      match(message, /"k39":"value of k39"\}$/);
      match(attributes.get('nested') ?? '', /"n4":"value of n4"/);
    }
  });

  it('A16: each field of an error, of a message and of an unusual error is read once', () => {
    for (const [overridesOf, names] of [
      [(slow: object) => ({ attributes: { err: slow } }), ['type', 'message', 'stack']],
      [(slow: object) => ({ attributes: { err: slow } }), ['code', 'type']],
      [(slow: object) => ({ body: slow }), ['msg', 'a']],
      [(slow: object) => ({ body: slow }), ['a', 'b']],
      [(slow: object) => ({ attributes: slow }), ['err', 'stack', 'slack.fingerprint', 'a']],
    ] as const) {
      const { define, reads, now } = slowFields(0);
      read(overridesOf(define(names.length, (at) => names[at] as string)), now);
      deepEqual([...new Set(reads)].sort(), [...reads].sort());
    }
  });

  it('A16: plain values are complete even when the time is over: a pause of the process hides nothing', () => {
    let now = 0;
    const paused = (): number => (now += 1_000);
    const attributes = { a: 1, b: { c: ['text', { d: 2 }] }, err: { type: 'E', message: 'm', stack: 's' } };
    const { samples, view } = read({ body: { x: 1, y: { z: [true] } }, attributes }, paused);
    equal(samples[0]?.message, '{"x":1,"y":{"z":[true]}}');
    deepEqual(
      [...(samples[0]?.attributes ?? [])],
      [
        ['a', '1'],
        ['b', '{"c":["text",{"d":2}]}'],
      ],
    );
    equal(view.exception?.message, 'm');
  });

  it('A16: a pause of the process between plain fields does not stop a getter', () => {
    let now = 0;
    const { define, reads } = slowFields(0);
    const paused = { a: 1, b: 2, c: define(1) };
    read({ body: paused }, () => {
      now += reads.length === 0 ? 50 : 0;
      return now;
    });
    deepEqual(reads, ['k0']);
  });

  it('A16: the names of a body are listed once, and at most 50 of its fields are read', () => {
    const asked = { ownKeys: 0, get: new Map<PropertyKey, number>() };
    const fields = Object.fromEntries(Array.from({ length: 3_000 }, (_, at) => [`k${at}`, at]));
    const body = new Proxy(fields, {
      ownKeys(target) {
        asked.ownKeys++;
        return Reflect.ownKeys(target);
      },
      get(target, key) {
        asked.get.set(key, (asked.get.get(key) ?? 0) + 1);
        return Reflect.get(target, key);
      },
    });
    const { samples } = read({ body }, () => 0);
    equal(asked.ownKeys, 1);
    ok(asked.get.size < 60, `${asked.get.size} fields`);
    deepEqual(
      [...asked.get.values()].filter((times) => times > 1),
      [],
    );
    match(samples[0]?.message ?? '', /"k49":49,…\+950 or more\}$/);
  });

  it('A16: a proxy that takes long to answer is asked no further', () => {
    let now = 0;
    let questions = 0;
    const asked = <T>(answer: T): T => {
      questions++;
      now += 50;
      return answer;
    };
    const handler: ProxyHandler<object> = {
      get: (target, key) => asked(Reflect.get(target, key)),
      getPrototypeOf: (target) => asked(Reflect.getPrototypeOf(target)),
      ownKeys: (target) => asked(Reflect.ownKeys(target)),
      getOwnPropertyDescriptor: (target, key) => asked(Reflect.getOwnPropertyDescriptor(target, key)),
    };
    const slow = (): object => new Proxy({ a: 1, b: 2, c: 3 }, handler);
    const { samples } = read({ body: [slow(), slow(), slow(), slow()] }, () => now);
    // The questions about one value cannot be interrupted: each instanceof asks for the prototype.
    ok(questions <= 12, `${questions} questions`);
    ok(samples[0]?.message.endsWith(`${SLOW},${SLOW},${SLOW}]`), samples[0]?.message);
  });

  for (const [name, value, shown] of [
    ['an array of a million', new Array(1_000_000).fill(1), /^\[(1,){50}…\+999950\]$/],
    ['an array of a million empty places', new Array(1_000_000), /…\+999950\]$/],
    ['a map of a million', new Map(Array.from({ length: 1_000_000 }, (_, at) => [at, at])), /^\{\}$/],
    ['a set of a million', new Set(Array.from({ length: 1_000_000 }, (_, at) => at)), /^\{\}$/],
    ['a typed array', new Float64Array(1_000_000), /^\[8000000 bytes\]$/],
    ['a million lines', 'a line\n'.repeat(1_500_000), /^a line\n/],
    ['a list of a million lines', ['a line\n'.repeat(1_500_000)], /^\["a line\\n/],
  ] as const) {
    it(`A16: ${name} is read only as far as it is shown`, () => {
      const { samples } = read({ body: value, attributes: { value } });
      match(samples[0]?.message ?? '', shown);
      const started = process.cpuUsage();
      read({ body: value, attributes: { value } });
      const { user, system } = process.cpuUsage(started);
      // A bound that a pass over a million values would break, and a busy machine does not.
      ok(user + system < 100_000, `${(user + system) / 1_000} ms`);
    });
  }

  it('A16: methods that the app replaced are not called', () => {
    const called = (): never => {
      throw new Error('called');
    };
    const date = Object.assign(new Date(0), { getTime: called, toISOString: called, toJSON: called });
    const text = Object.assign(new String('text'), { valueOf: called, toString: called });
    const error = Object.assign(new Error('x'), { name: { toString: called } });
    const { samples } = read({ body: [date, text, error, { toJSON: called, valueOf: called }] }, () => 0);
    match(samples[0]?.message ?? '', /^\[1970-01-01T00:00:00.000Z,"text",: x,\{"toJSON":\[function\]/);
  });
});
