import { equal } from 'node:assert/strict';
import { inspect } from 'node:util';
import { whatHappened } from '../../../src/record/headline/summary.js';
import { readRecord } from '../../../src/record/read-record.js';
import { toSample } from '../../../src/record/sample.js';
import { exceptionRecord, record } from '../../support/records.js';
import { REDACTOR } from '../../support/redactor.js';

/** The headline of an error whose logger prints its causes into the stack, as pino and `util.inspect` do. */
function headlineOf(error: Error): string {
  const stack = inspect(error);
  const one = exceptionRecord(Object.assign(new Error(error.message), { name: error.name, stack }));
  return whatHappened(toSample(readRecord(one), REDACTOR));
}

describe('whatHappened', () => {
  it('row 13: names the cause of an error that says nothing itself', () => {
    const refused = new Error('connect ECONNREFUSED 127.0.0.1:5432');
    const failed = new TypeError('fetch failed', { cause: refused });
    equal(headlineOf(failed), 'TypeError: fetch failed, caused by Error: connect ECONNREFUSED 127.0.0.1:5432');
    const outer = new Error('Internal Server Error', { cause: failed });
    equal(headlineOf(outer), 'Error: Internal Server Error, caused by Error: connect ECONNREFUSED 127.0.0.1:5432');
  });

  it('row 5: names an error inside an AggregateError without a message', () => {
    const errors = [new Error('connect ECONNREFUSED ::1:5432'), new Error('connect ECONNREFUSED 127.0.0.1:5432')];
    equal(
      headlineOf(new AggregateError(errors)),
      'AggregateError: disk is full, caused by Error: connect ECONNREFUSED 127.0.0.1:5432',
    );
  });

  it('leaves an error alone that says something', () => {
    equal(headlineOf(new Error('order 17 is lost', { cause: new Error('x') })), 'Error: order 17 is lost');
  });

  it('row 13: reads a body that is JSON', () => {
    const body = '{"level":"error","message":"card declined"}';
    equal(whatHappened(toSample(readRecord(record({ body })), REDACTOR)), 'card declined');
  });
});
