import assert from 'node:assert/strict';
import { Variants } from '../../src/groups/variants.js';
import { readRecord } from '../../src/record/read-record.js';
import { MINUTE, type Overrides, sampleOf } from '../support/groups.js';
import { RESOURCE, record } from '../support/records.js';
import { REDACTOR } from '../support/redactor.js';
import { word } from '../support/words.js';

const STACK = 'E: x\n    at pay (/app/src/pay.ts:41:13)';
const exception = (message: string, stack = STACK, type = 'E'): Overrides => ({
  attributes: { 'exception.type': type, 'exception.message': message, 'exception.stacktrace': stack },
});
const version = (text: string): Overrides => ({
  resource: { ...RESOURCE, attributes: { ...RESOURCE.attributes, 'service.version': text } },
});

/** Returns for each record whether it is a new variant. */
function news(first: Overrides, ...others: readonly Overrides[]): readonly boolean[] {
  const variants = new Variants(sampleOf(first), REDACTOR);
  return others.map((each) => variants.findNew(readRecord(record(each)), 0) !== undefined);
}

describe('variants', () => {
  it('are another message, another stack, another type, another version', () => {
    assert.deepEqual(news({ body: 'disk is full' }, { body: 'no space left' }), [true]);
    assert.deepEqual(news(exception('x'), exception('y')), [true]);
    assert.deepEqual(news(exception('x'), exception('x', 'E: x\n    at refund (/app/src/refund.ts:9:1)')), [true]);
    assert.deepEqual(news(exception('x'), exception('x', `${STACK}\n    at more (/app/src/a.ts:1:1)`, 'F')), [true]);
    assert.deepEqual(news({}, version('1.5.0')), [true]);
  });

  it('are not equal records, other values in a message, or other lines in a stack', () => {
    assert.deepEqual(news({}, {}, {}), [false, false]);
    assert.deepEqual(news({ body: 'user 4711 not found' }, { body: 'user 4712 not found' }), [false]);
    assert.deepEqual(news(exception('order 12 failed'), exception('order 9 failed', STACK.replace('41:13', '142:7'))), [
      false,
    ]);
  });

  it('are found once, also when they alternate', () => {
    const [a, b] = [{ body: 'disk is full' }, { body: 'no space left' }];
    assert.deepEqual(news(a, b, b, a, b, a), [true, false, false, false, false]);
  });

  it('are returned as redacted samples', () => {
    const variants = new Variants(sampleOf({ body: 'a' }), REDACTOR);
    assert.deepEqual(variants.findNew(readRecord(record({ body: 'b' })), 0), sampleOf({ body: 'b' }));
  });

  it('are at most twenty besides the first', () => {
    const others = Array.from({ length: 25 }, (_, n) => ({ body: `it is ${word(n)}` }));
    const variants = new Variants(sampleOf({ body: 'first' }), REDACTOR);
    const told = others.filter((each, n) => variants.findNew(readRecord(record(each)), n * MINUTE) !== undefined);
    assert.equal(told.length, 20);
  });

  it('are compared thirty times a minute at most, so that a storm of texts costs little', () => {
    const variants = new Variants(sampleOf({ body: 'user 0 not found' }), REDACTOR);
    const look = (body: string, nowMillis: number) => variants.findNew(readRecord(record({ body })), nowMillis);
    for (let n = 1; n <= 30; n++) assert.equal(look(`user ${n} not found`, MINUTE - 1), undefined);
    assert.equal(look('no space left', MINUTE - 1), undefined, 'not looked at');
    assert.ok(look('no space left', MINUTE), 'the next minute');
  });

  it('cost nothing while all records are the same', () => {
    const variants = new Variants(sampleOf({ body: 'a' }), REDACTOR);
    for (let n = 0; n < 1_000; n++) variants.findNew(readRecord(record({ body: 'a' })), 0);
    assert.ok(variants.findNew(readRecord(record({ body: 'b' })), 0), 'there are looks left');
  });
});
