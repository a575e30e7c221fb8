import { deepEqual, equal } from 'node:assert/strict';
import { exceptionAttributes } from '../../src/record/fatal-record.js';
import { ended, start } from '../support/processes.js';

/** Returns the error that Node throws for an unhandled rejection with this reason. */
const REJECTS = `process.on('uncaughtExceptionMonitor', ({ name, message, stack }) => {
  console.log(JSON.stringify({ name, message, stack }));
}); Promise.reject(JSON.parse(process.argv[1]));`;

describe('the record of an error that ends a process', () => {
  for (const reason of ['the disk is gone', 'it says "no."', 7]) {
    it(`has only the reason ${JSON.stringify(reason)} of a rejection, without Node’s text and stack`, async () => {
      const { stdout } = await ended(start(['--eval', REJECTS, JSON.stringify(reason)]));
      const error = Object.assign(new Error(), JSON.parse(stdout));
      equal(error.name, 'UnhandledPromiseRejection');
      deepEqual(exceptionAttributes(error), {
        'exception.type': 'UnhandledRejection',
        'exception.message': String(reason),
      });
    });
  }

  it('accepts any thrown value', () => {
    deepEqual(exceptionAttributes('gone'), { 'exception.type': 'UncaughtException', 'exception.message': 'gone' });
    const { 'exception.type': type, 'exception.message': message } = exceptionAttributes(new TypeError('odd'));
    deepEqual([type, message], ['TypeError', 'odd']);
  });

  const THROWN: readonly (readonly [what: string, value: unknown, message: string])[] = [
    [
      'an object with a message and a code',
      { code: -32_000, message: 'header not found' },
      'header not found (-32000)',
    ],
    ['an object without a message', { reason: 'x' }, "{ reason: 'x' }"],
    ['a text', 'text', 'text'],
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    [
      'an object that is its own cause',
      (() => {
        const own: Record<string, unknown> = {};
        own.self = own;
        return own;
      })(),
      '<ref *1> { self: [Circular *1] }',
    ],
  ];
  for (const [what, value, message] of THROWN) {
    it(`row 6: has the text of ${what}`, () => equal(exceptionAttributes(value)['exception.message'], message));
  }

  it('row 5: has the errors of an AggregateError as causes', () => {
    const errors = [new Error('connect ECONNREFUSED ::1:5432'), new Error('connect ECONNREFUSED 127.0.0.1:5432')];
    const stack = String(exceptionAttributes(new AggregateError(errors))['exception.stacktrace']);
    for (const { message } of errors) equal(stack.includes(`[cause]: Error: ${message}`), true, stack);
  });

  it('row 14: has causes that are no error, and a circular cause once', () => {
    const declined = new Error('charge failed', { cause: { code: 'card_declined' } });
    equal(
      String(exceptionAttributes(declined)['exception.stacktrace']).includes("[cause]: { code: 'card_declined' }"),
      true,
    );
    const circular = new Error('one');
    circular.cause = new Error('two', { cause: circular });
    const stack = String(exceptionAttributes(circular)['exception.stacktrace']);
    equal(stack.split('[cause]').length - 1, 1);
  });
});
