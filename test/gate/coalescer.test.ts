import { deepEqual, equal } from 'node:assert/strict';
import { Coalescer } from '../../src/gate/coalescer.js';
import type { ReadableLogRecord } from '../../src/record/otel.js';
import { exceptionRecord, FATAL, RESOURCE } from '../support/records.js';

describe('riders', () => {
  const SCOPE = { name: 'orders' };
  const error = new RangeError('amount is negative');
  const one = (): ReadableLogRecord => exceptionRecord(error, { body: 'charge failed', instrumentationScope: SCOPE });

  function rides(carrier: ReadableLogRecord, rider: ReadableLogRecord, comparesAll = false): boolean {
    const riders = new Coalescer(comparesAll);
    equal(riders.coalesce(carrier, true), false);
    return riders.coalesce(rider, true);
  }

  const withAttributes = (attributes: Record<string, unknown>): ReadableLogRecord => ({
    ...one(),
    attributes: { ...one().attributes, ...attributes },
  });

  it('ride with a record that is equal in all that the fingerprint reads', () => {
    equal(rides(one(), one()), true);
    equal(rides(one(), withAttributes({ 'user.id': 'another' })), true);
  });

  const OTHERS: Readonly<Record<string, ReadableLogRecord>> = {
    severity: { ...one(), severityNumber: FATAL },
    text: { ...one(), body: 'refund failed' },
    event: { ...one(), eventName: 'charge.failed' },
    scope: { ...one(), instrumentationScope: { name: 'orders' } },
    resource: { ...one(), resource: { attributes: RESOURCE.attributes } },
    'exception message': withAttributes({ 'exception.message': 'another' }),
    // As long as the other: the key finds it, and only the comparison tells.
    stack: withAttributes({ 'exception.stacktrace': (error.stack ?? '').replace(/\w(?=\n)/, 'Q') }),
    'given fingerprint': withAttributes({ 'slack.fingerprint': 'mine' }),
  };
  for (const [what, other] of Object.entries(OTHERS)) {
    it(`do not ride with a record of another ${what}`, () => equal(rides(one(), other), false));
  }

  it('must be equal in all attributes where the user’s own fingerprint may read them', () => {
    equal(rides(one(), one(), true), true);
    equal(rides(one(), withAttributes({ 'user.id': 'another' }), true), false);
  });

  it('are counted once, with the one that carries them', () => {
    const riders = new Coalescer(false);
    const carrier = one();
    riders.coalesce(carrier, true);
    for (let at = 0; at < 3; at++) riders.coalesce(one(), true);
    deepEqual([riders.total, riders.leave(carrier), riders.leave(carrier), riders.total], [3, 3, 0, 0]);
    equal(riders.coalesce(one(), false), false, 'the carrier has left');
  });

  it('cannot ride when they cannot be read', () => {
    const poisoned = new Proxy(one(), {
      get: () => {
        throw new Error('poison');
      },
    });
    equal(rides(one(), poisoned), false);
  });
});
