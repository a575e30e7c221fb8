import assert from 'node:assert/strict';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { Group } from '../src/group.js';
import { codeLocation, headlineText, howBad, summaryLine, whatHappened, whereFrom } from '../src/headline.js';
import type { ReadableLogRecord } from '../src/otel.js';
import { createOutbox } from '../src/outbox.js';
import { readRecord } from '../src/record.js';
import { manualClock } from './support/clock.js';
import { FATAL, record } from './support/records.js';

const groupOf = (overrides: Partial<ReadableLogRecord> = {}, count = 1): Group => {
  const box = createOutbox({ clock: manualClock(), maxGroups: 1, newId: () => 'id' });
  for (let index = 0; index < count; index++) box.fold(readRecord(record(overrides)), 'a');
  return box.waiting()[0] as Group;
};
const happened = (overrides: Partial<ReadableLogRecord>): string => whatHappened(groupOf(overrides).sample);
const located = (attributes: Record<string, unknown>) => codeLocation(groupOf({ attributes }).sample);
const from = (attributes: Record<string, string>) =>
  whereFrom(groupOf({ resource: resourceFromAttributes(attributes) }).sample);
const exception = (type: string, message = '', stack = '') => ({
  attributes: { 'exception.type': type, 'exception.message': message, 'exception.stacktrace': stack },
});
const STACK = `TypeError: x
    at query (/app/node_modules/pg/lib/client.js:5:1)
    at chargeCard (/app/src/pay.ts:41:13)`;

describe('headline', () => {
  it('says the exception first, then the event, then the first line of the body', () => {
    const both = { eventName: 'order.failed', body: 'the body\nand more' };
    assert.equal(happened({ ...both, ...exception('TypeError', 'x is\n  not') }), 'TypeError: x is not');
    assert.equal(happened(both), 'order.failed: the body');
    assert.equal(happened({ body: '\n  the body \nand more' }), 'the body');
  });

  it('never says nothing', () => {
    assert.equal(happened({ body: undefined }), '(no message)');
    assert.equal(happened({ body: ' \u200b\n' }), '(no message)');
    assert.equal(happened({ body: '', eventName: 'e' }), 'e');
    assert.equal(happened({ ...exception('', '', STACK), body: 'while paying' }), 'while paying');
    assert.equal(happened({ ...exception('', '', STACK), body: '' }), 'an exception');
  });

  it('says how bad and how often, when it was more than once', () => {
    assert.equal(howBad(groupOf()), '🔴 ERROR');
    assert.equal(howBad(groupOf({ severityNumber: FATAL, severityText: 'PANIC' }, 1_204)), '🟣 FATAL (PANIC) ×1,204');
  });

  it('says which service and environment, where the app says so', () => {
    assert.equal(from({ 'service.name': 'pay', 'deployment.environment.name': 'prod' }), 'pay (prod)');
    assert.equal(from({ 'service.name': 'pay' }), 'pay');
    assert.equal(from({ 'deployment.environment': 'prod' }), 'prod');
    assert.equal(from({ 'service.name': 'unknown_service:node' }), '');
    assert.equal(from({}), '');
  });

  it('finds the line of code in the stack, else in the attributes', () => {
    assert.equal(
      located({ 'exception.stacktrace': STACK, 'code.function.name': 'f' }),
      'chargeCard (/app/src/pay.ts:41:13)',
    );
    assert.equal(
      located({ 'code.file.path': '/a.ts', 'code.line.number': 3, 'code.function.name': 'f' }),
      'f (/a.ts:3)',
    );
    assert.equal(located({ 'code.filepath': '/a.ts', 'code.lineno': 3 }), '/a.ts:3');
    assert.equal(located({ 'code.function': 'f' }), 'f');
    assert.equal(located({}), undefined);
  });

  it('makes sense alone, as a notification', () => {
    const group = groupOf(exception('TypeError', 'x is not a function', STACK), 40);
    assert.equal(
      summaryLine(group),
      '🔴 ERROR ×40 TypeError: x is not a function · checkout (production) · at chargeCard (/app/src/pay.ts:41:13)',
    );
    assert.equal(headlineText(group), '🔴 ERROR ×40 · TypeError: x is not a function');
  });

  it('stays on one line, so that a record cannot make up further lines', () => {
    const group = groupOf({
      severityText: 'bad\nlevel',
      resource: resourceFromAttributes({ 'service.name': 'a\nb', 'deployment.environment.name': 'c\r\nd' }),
      ...exception('A\n🔴 ERROR', 'm\u2028n'),
    });
    for (const line of [summaryLine(group), headlineText(group)]) assert.doesNotMatch(line, /[\n\r\u2028]/);
    assert.doesNotMatch(headlineText(groupOf({ eventName: 'a\nb' })), /\n/);
  });
});
