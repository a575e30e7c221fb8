import { deepEqual, equal } from 'node:assert/strict';
import { Coalescer } from '../../src/gate/coalescer.js';
import { InFlightQueue } from '../../src/gate/in-flight.js';
import type { ReadableLogRecord } from '../../src/record/otel.js';
import { exceptionRecord, FATAL, RESOURCE } from '../support/records.js';

describe('the coalescer', () => {
  const SCOPE = { name: 'orders' };
  const error = new RangeError('amount is negative');
  const one = (): ReadableLogRecord => exceptionRecord(error, { body: 'charge failed', instrumentationScope: SCOPE });

  function isCoalesced(queued: ReadableLogRecord, record: ReadableLogRecord, comparesAll = false): boolean {
    const inFlight = new InFlightQueue<ReadableLogRecord>();
    const coalescer = new Coalescer(inFlight, comparesAll);
    equal(coalescer.coalesce(queued, true), false);
    inFlight.add(queued);
    return coalescer.coalesce(record, true);
  }

  const withAttributes = (attributes: Record<string, unknown>): ReadableLogRecord => ({
    ...one(),
    attributes: { ...one().attributes, ...attributes },
  });

  it('counts a record with one that is equal in everything that the fingerprint reads', () => {
    equal(isCoalesced(one(), one()), true);
    equal(isCoalesced(one(), withAttributes({ 'user.id': 'another' })), true);
  });

  const OTHERS: Readonly<Record<string, ReadableLogRecord>> = {
    severity: { ...one(), severityNumber: FATAL },
    text: { ...one(), body: 'refund failed' },
    event: { ...one(), eventName: 'charge.failed' },
    scope: { ...one(), instrumentationScope: { name: 'orders' } },
    resource: { ...one(), resource: { attributes: RESOURCE.attributes } },
    'exception message': withAttributes({ 'exception.message': 'another' }),
    // The stack has the same length, so the key is equal and only the comparison finds the difference.
    stack: withAttributes({ 'exception.stacktrace': (error.stack ?? '').replace(/\w(?=\n)/, 'Q') }),
    'given fingerprint': withAttributes({ 'slack.fingerprint': 'mine' }),
  };
  for (const [what, other] of Object.entries(OTHERS)) {
    it(`does not count a record with one of another ${what}`, () => equal(isCoalesced(one(), other), false));
  }

  it('compares all attributes when a fingerprint option may read them', () => {
    equal(isCoalesced(one(), one(), true), true);
    equal(isCoalesced(one(), withAttributes({ 'user.id': 'another' }), true), false);
  });

  it('counts with a record in flight until that record leaves the queue', () => {
    const inFlight = new InFlightQueue<ReadableLogRecord>();
    const coalescer = new Coalescer(inFlight, false);
    const queued = one();
    coalescer.coalesce(queued, true);
    inFlight.add(queued);
    for (let at = 0; at < 3; at++) coalescer.coalesce(one(), true);
    equal(inFlight.coalesced, 3);
    const counts: number[] = [];
    inFlight.take([queued], (_record, count) => counts.push(count));
    deepEqual([counts, inFlight.coalesced], [[4], 0]);
    equal(coalescer.coalesce(one(), false), false, 'the queued record has left');
  });

  const BODIES: Readonly<Record<string, (at: number) => string>> = {
    'numbers in the middle': (at) => `order ${at} failed`,
    'numbers at the end': (at) => `job ${1_000_000 + at}`,
    'one letter': (at) => `${String.fromCharCode(0x4e00 + at)} failed`,
    'a long beginning': (at) => `${'x'.repeat(190)} ${at}`,
  };
  for (const [what, bodyOf] of Object.entries(BODIES)) {
    it(`finds every kind among as many as a queue holds by default: ${what}`, () => {
      const inFlight = new InFlightQueue<ReadableLogRecord>();
      const coalescer = new Coalescer(inFlight, false);
      const kinds = Array.from({ length: 2_048 }, (_, at) => ({ ...one(), body: bodyOf(at) }));
      for (const kind of kinds) {
        equal(coalescer.coalesce(kind, true), false);
        inFlight.add(kind);
      }
      const missed = kinds.filter((kind) => !coalescer.coalesce({ ...kind }, true));
      deepEqual([missed.length, inFlight.coalesced], [0, 2_048]);
    });
  }

  it('does not coalesce a record that cannot be read', () => {
    const poisoned = new Proxy(one(), {
      get: () => {
        throw new Error('poison');
      },
    });
    equal(isCoalesced(one(), poisoned), false);
  });
});
