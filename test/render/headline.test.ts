import assert from 'node:assert/strict';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { codeLocation, missingFromHeadline, whatHappened, whereFrom } from '../../src/record/summary.js';
import { commonOrigin, headlineText, howBad, summaryLine } from '../../src/render/headline.js';
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
    assert.equal(howBad(rowOf()), '🔴 ERROR');
    assert.equal(howBad(rowOf({ severityNumber: FATAL, severityText: 'PANIC' }, 1_204)), '🟣 FATAL (PANIC) ×1,204');
  });

  it('says at a glance that a problem does not go on here', () => {
    assert.equal(howBad(rowOf({}, 2, { status: 'quiet' })), '💤 ERROR ×2');
    assert.equal(howBad(rowOf({}, 2, { status: 'silenced' })), '🔕 ERROR ×2');
    assert.equal(howBad(rowOf({}, 2, { status: 'moved' })), '↪️ ERROR ×2');
  });

  it('counts records that were lost, which have no severity', () => {
    const lost = rowOf({ body: 'never arrived' }, 1_204, { kind: 'loss' });
    assert.equal(headlineText(lost), '⚠️ 1,204 records never arrived');
    assert.match(summaryLine(lost), /^⚠️ 1,204 records never arrived/);
    assert.equal(howBad({ ...lost, status: 'quiet' }), '💤 1,204 records');
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
    const row = rowOf(exception('TypeError', 'x is not a function', STACK), 40);
    assert.equal(
      summaryLine(row),
      '🔴 ERROR ×40 TypeError: x is not a function · checkout (production) · at chargeCard (/app/src/pay.ts:41:13)',
    );
    assert.equal(headlineText(row), '🔴 ERROR ×40 · TypeError: x is not a function');
  });

  it('does not say again where it comes from when that is told', () => {
    assert.equal(summaryLine(rowOf(), 'checkout (production)'), '🔴 ERROR disk is full');
    assert.equal(summaryLine(rowOf(), 'elsewhere'), '🔴 ERROR disk is full · checkout (production)');
  });

  it('knows where all come from when that is the same', () => {
    const [here, there] = [rowOf(), rowOf({ resource: resourceFromAttributes({ 'service.name': 'mailer' }) })];
    assert.equal(commonOrigin([here, here]), 'checkout (production)');
    assert.equal(commonOrigin([here, there]), '');
    assert.equal(commonOrigin([]), '');
  });

  it('knows how much of what it says is missing, because it was too long to keep', () => {
    const long = 'x'.repeat(4_000);
    const missing = (overrides: Overrides) => missingFromHeadline(sampleOf(overrides));
    assert.equal(missing({ body: long }), 1_000);
    assert.equal(missing({ body: `first\n${long}` }), 0, 'the first line is whole');
    assert.equal(missing({ body: long, eventName: 'e' }), 0);
    assert.equal(missing({ body: `${long}x`, ...exception('E', long) }), 1_000);
    assert.equal(missing({ body: long, attributes: { 'exception.type': 'E' } }), 1_000);
  });

  it('stays on one line, so that a record cannot make up further lines', () => {
    const row = rowOf({
      severityText: 'bad\nlevel',
      resource: resourceFromAttributes({ 'service.name': 'a\nb', 'deployment.environment.name': 'c\r\nd' }),
      ...exception('A\n🔴 ERROR', 'm\u2028n'),
    });
    for (const line of [summaryLine(row), headlineText(row)]) assert.doesNotMatch(line, /[\n\r\u2028]/);
    assert.doesNotMatch(headlineText(rowOf({ eventName: 'a\nb' })), /\n/);
  });
});
