import { deepEqual, equal } from 'node:assert/strict';
import { exceptionAttributes } from '../../src/record/fatal-record.js';
import { ended, start } from '../support/processes.js';

/** What Node makes of a rejection of this that nobody handles. */
const REJECTS = `process.on('uncaughtExceptionMonitor', ({ name, message, stack }) => {
  console.log(JSON.stringify({ name, message, stack }));
}); Promise.reject(JSON.parse(process.argv[1]));`;

describe('the error that ends a process', () => {
  for (const reason of ['the disk is gone', 'it says "no."', 7]) {
    it(`is the reason alone when a promise is rejected with ${JSON.stringify(reason)}, without Node’s words and stack`, async () => {
      const { stdout } = await ended(start(['--eval', REJECTS, JSON.stringify(reason)]));
      const error = Object.assign(new Error(), JSON.parse(stdout));
      equal(error.name, 'UnhandledPromiseRejection');
      deepEqual(exceptionAttributes(error), { 'exception.message': String(reason) });
    });
  }

  it('is whatever was thrown', () => {
    deepEqual(exceptionAttributes('gone'), { 'exception.message': 'gone' });
    const { 'exception.type': type, 'exception.message': message } = exceptionAttributes(new TypeError('odd'));
    deepEqual([type, message], ['TypeError', 'odd']);
  });
});
