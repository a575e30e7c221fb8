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
      deepEqual(exceptionAttributes(error), { 'exception.message': String(reason) });
    });
  }

  it('accepts any thrown value', () => {
    deepEqual(exceptionAttributes('gone'), { 'exception.message': 'gone' });
    const { 'exception.type': type, 'exception.message': message } = exceptionAttributes(new TypeError('odd'));
    deepEqual([type, message], ['TypeError', 'odd']);
  });
});
