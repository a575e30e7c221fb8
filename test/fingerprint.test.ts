import assert from 'node:assert/strict';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { fingerprint } from '../src/fingerprint.js';
import type { ReadableLogRecord } from '../src/otel.js';
import { readRecord } from '../src/record.js';
import { exceptionRecord, FATAL, record } from './support/records.js';

const of = (overrides: Partial<ReadableLogRecord> = {}): string => fingerprint(readRecord(record(overrides)));
const service = (attributes: Record<string, string>) => ({ resource: resourceFromAttributes(attributes) });

describe('fingerprint', () => {
  it('is equal for the same problem at another time, in another request, on another host', () => {
    const there = service({
      'service.name': 'checkout',
      'deployment.environment.name': 'production',
      'host.name': 'web-2',
    });
    const spanContext = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
    assert.equal(of({ ...there, hrTime: [5, 0], severityNumber: 18, spanContext, attributes: { 'user.id': 1 } }), of());
  });

  it('differs in everything else that a person sees', () => {
    const error = new Error('a');
    const all = [
      of(),
      of({ body: 'another' }),
      of({ severityNumber: FATAL }),
      of({ eventName: 'event' }),
      of({ instrumentationScope: { name: 'other' } }),
      of(service({ 'service.name': 'pay', 'deployment.environment.name': 'production' })),
      of(service({ 'service.name': 'checkout', 'deployment.environment.name': 'staging' })),
      of({ attributes: { 'exception.type': 'X' } }),
      of({ attributes: { 'exception.message': 'X' } }),
      of({ attributes: { 'exception.type': 'X', 'exception.stacktrace': 'X' } }),
      fingerprint(readRecord(exceptionRecord(error))),
    ];
    assert.equal(new Set(all).size, all.length);
  });

  it('does not mix up fields', () => {
    assert.notEqual(of({ eventName: 'a', body: '' }), of({ eventName: undefined, body: 'a' }));
    assert.notEqual(of({ body: 'a\u0000b' }), of({ eventName: 'a', body: 'b' }));
  });

  it('tells long texts apart by their beginnings and lengths, and never becomes long itself', () => {
    const long = 'x'.repeat(5_000_000);
    const exception = { 'exception.type': long, 'exception.message': long, 'exception.stacktrace': long };
    const print = of({ body: long, eventName: long, instrumentationScope: { name: long }, attributes: exception });
    assert.ok(print.length < 20_000, `${print.length}`);
    assert.notEqual(of({ body: long }), of({ body: `${long}y` }));
    assert.notEqual(of({ body: long }), of({ body: `y${long.slice(1)}` }));
  });
});
