import assert from 'node:assert/strict';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { codeLocation, missingFromHeadline, whatHappened, whereFrom } from '../../src/record/headline/summary.js';
import { commonOrigin, headlineText, severityAndCount, summaryLine } from '../../src/render/headline.js';
import { type Overrides, rowOfRecord as rowOf, sampleOf } from '../support/groups.js';
import { FATAL } from '../support/records.js';

const happened = (overrides: Overrides): string => whatHappened(sampleOf(overrides));
const located = (attributes: Record<string, unknown>) => codeLocation(sampleOf({ attributes } as Overrides));
const from = (attributes: Record<string, string>) =>
  whereFrom(sampleOf({ resource: resourceFromAttributes(attributes) }));
const exception = (type: string, message = '', stack = '') => ({
  attributes: { 'exception.type': type, 'exception.message': message, 'exception.stacktrace': stack },
});
const STACK = `TypeError: x
    at query (/app/node_modules/pg/lib/client.js:5:1)
    at chargeCard (/app/src/pay.ts:41:13)`;

describe('the headline', () => {
  it('shows the exception, or else the event, or else the first line of the body', () => {
    const both = { eventName: 'order.failed', body: 'the body\nand more' };
    assert.equal(happened({ ...both, ...exception('TypeError', 'x is\n  not') }), 'TypeError: x is not');
    assert.equal(happened(both), 'order.failed: the body');
    assert.equal(happened({ body: '\n  the body \nand more' }), 'the body');
  });

  it('is never empty', () => {
    assert.equal(happened({ body: undefined }), '(no message)');
    assert.equal(happened({ body: ' \u200b\n' }), '(no message)');
    assert.equal(happened({ body: '', eventName: 'e' }), 'e');
    assert.equal(happened({ ...exception('', '', STACK), body: 'while paying' }), 'while paying');
    assert.equal(happened({ ...exception('', '', STACK), body: '' }), 'an exception');
  });

  it('shows the severity, and a count above one', () => {
    assert.equal(severityAndCount(rowOf()), '🔴 ERROR');
    assert.equal(
      severityAndCount(rowOf({ severityNumber: FATAL, severityText: 'PANIC' }, 1_204)),
      '🟣 FATAL (PANIC) ×1,204',
    );
  });

  it('shows with its emoji that a problem is not live', () => {
    assert.equal(severityAndCount(rowOf({}, 2, { status: 'quiet' })), '💤 ERROR ×2');
    assert.equal(severityAndCount(rowOf({}, 2, { status: 'silenced' })), '🔕 ERROR ×2');
    assert.equal(severityAndCount(rowOf({}, 2, { status: 'moved' })), '↪️ ERROR ×2');
  });

  it('counts records that were lost, which have no severity', () => {
    const lost = rowOf({ body: 'never arrived' }, 1_204, { kind: 'loss' });
    assert.equal(headlineText(lost), '⚠️ 1,204 records never arrived');
    assert.match(summaryLine(lost), /^⚠️ 1,204 records never arrived/);
    assert.equal(severityAndCount({ ...lost, status: 'quiet' }), '💤 1,204 records');
  });

  it('shows service and environment, if the app sets them', () => {
    assert.equal(from({ 'service.name': 'pay', 'deployment.environment.name': 'prod' }), 'pay (prod)');
    assert.equal(from({ 'service.name': 'pay' }), 'pay');
    assert.equal(from({ 'deployment.environment': 'prod' }), 'prod');
    assert.equal(from({ 'service.name': 'unknown_service:node' }), '');
    assert.equal(from({}), '');
  });

  it('takes the code location from the stack, or else from the attributes', () => {
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

  it('is complete as a notification', () => {
    const row = rowOf(exception('TypeError', 'x is not a function', STACK), 40);
    assert.equal(
      summaryLine(row),
      '🔴 ERROR ×40 TypeError: x is not a function · checkout (production) · at chargeCard (/app/src/pay.ts:41:13)',
    );
    assert.equal(headlineText(row), '🔴 ERROR ×40 · TypeError: x is not a function');
  });

  it('does not repeat an origin that is shown elsewhere', () => {
    assert.equal(summaryLine(rowOf(), 'checkout (production)'), '🔴 ERROR disk is full');
    assert.equal(summaryLine(rowOf(), 'elsewhere'), '🔴 ERROR disk is full · checkout (production)');
  });

  it('finds the origin that all groups have in common', () => {
    const [here, there] = [rowOf(), rowOf({ resource: resourceFromAttributes({ 'service.name': 'mailer' }) })];
    assert.equal(commonOrigin([here, here]), 'checkout (production)');
    assert.equal(commonOrigin([here, there]), '');
    assert.equal(commonOrigin([]), '');
  });

  it('counts the characters that were truncated from its text', () => {
    const long = 'x'.repeat(4_000);
    const missing = (overrides: Overrides) => missingFromHeadline(sampleOf(overrides));
    assert.equal(missing({ body: long }), 1_000);
    assert.equal(missing({ body: `first\n${long}` }), 0, 'the first line is whole');
    assert.equal(missing({ body: long, eventName: 'e' }), 0);
    assert.equal(missing({ body: `${long}x`, ...exception('E', long) }), 1_000);
    assert.equal(missing({ body: long, attributes: { 'exception.type': 'E' } }), 1_000);
  });

  it('stays on one line, so that a record cannot add lines', () => {
    const row = rowOf({
      severityText: 'bad\nlevel',
      resource: resourceFromAttributes({ 'service.name': 'a\nb', 'deployment.environment.name': 'c\r\nd' }),
      ...exception('A\n🔴 ERROR', 'm\u2028n'),
    });
    for (const line of [summaryLine(row), headlineText(row)]) assert.doesNotMatch(line, /[\n\r\u2028]/);
    assert.doesNotMatch(headlineText(rowOf({ eventName: 'a\nb' })), /\n/);
  });
});
