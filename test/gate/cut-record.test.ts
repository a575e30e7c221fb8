import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { fingerprint } from '../../src/classify/fingerprint.js';
import { cutRecord } from '../../src/gate/cut-record.js';
import { bytesOf } from '../../src/gate/record-size.js';
import type { ReadableLogRecord } from '../../src/record/otel.js';
import { readRecord } from '../../src/record/read-record.js';
import { toSample } from '../../src/record/sample.js';
import { record } from '../support/records.js';
import { REDACTOR } from '../support/redactor.js';

const LARGE = 'lorem ipsum dolor '.repeat(50_000);
const STACK = `TypeError: x\n${Array.from({ length: 300 }, (_, n) => `    at f${n} (/app/src/file${n}.js:${n + 1}:7)`).join('\n')}`;
const fingerprintOf = (from: ReadableLogRecord): string => fingerprint(readRecord(from));

/** Large records of each kind. */
const LARGE_RECORDS: Readonly<Record<string, Partial<ReadableLogRecord>>> = {
  'a text': { body: LARGE },
  'a structured body': { body: { message: 'm', nested: { text: LARGE, rows: [LARGE, LARGE] } } },
  'a body without a message': { body: { b: LARGE, a: { text: LARGE } } },
  'an exception': { attributes: { 'exception.type': 'E', 'exception.message': LARGE, 'exception.stacktrace': STACK } },
  'a nested exception': { attributes: { err: { type: 'E', message: LARGE, stack: STACK } } },
  'a stack in an attribute': { attributes: { stack: STACK, dump: LARGE } },
  'many attributes': { attributes: Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`key${n}`, LARGE])) },
  'a buffer': { body: { message: 'm', data: Buffer.alloc(1_000_000) } },
  'a fingerprint of the app': { body: LARGE, attributes: { 'slack.fingerprint': 'mine' } },
};

describe('a cut record', () => {
  for (const [name, overrides] of Object.entries(LARGE_RECORDS)) {
    it(`A5: of ${name} is small, and belongs to the same problem`, () => {
      const original = record(overrides);
      const cut = cutRecord(original);
      ok(bytesOf(cut, true) < 100_000, `${bytesOf(cut, true)} bytes`);
      equal(fingerprintOf(cut), fingerprintOf(original));
    });

    it(`A5: of ${name} is shown as the original is, but for the number of missing characters`, () => {
      const shown = (from: ReadableLogRecord) => {
        const { message, exception, bodyShape, attributes } = toSample(readRecord(from), REDACTOR);
        const start = (text = ''): string => text.slice(0, 500);
        return [
          start(message),
          exception?.type,
          start(exception?.message),
          start(exception?.stack),
          bodyShape,
          [...attributes.keys()].slice(0, 5),
        ];
      };
      const original = record(overrides);
      deepEqual(shown(cutRecord(original)), shown(original));
    });
  }

  it('A5: leaves the original as it is, and shares its resource', () => {
    const original = record({ body: LARGE, attributes: { text: LARGE } });
    const cut = cutRecord(original);
    deepEqual([original.body, original.attributes.text], [LARGE, LARGE]);
    equal(cut.resource, original.resource);
    equal(cut.instrumentationScope, original.instrumentationScope);
    deepEqual([cut.hrTime, cut.severityNumber], [original.hrTime, original.severityNumber]);
  });

  it('A5: has an exception that stands behind many other attributes', () => {
    const attributes = { ...LARGE_RECORDS['many attributes']?.attributes };
    for (let n = 0; n < 100; n++) attributes[`more${n}`] = n;
    attributes['exception.message'] = 'no space left';
    equal(cutRecord(record({ attributes })).attributes['exception.message'], 'no space left');
  });

  it('A5: reads no getter', () => {
    let reads = 0;
    const body = Object.defineProperty({ text: LARGE }, 'slow', { enumerable: true, get: () => reads++ });
    cutRecord(record({ body }));
    equal(reads, 0);
  });

  it('never throws, and is bounded', () => {
    const value = fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true });
    fc.assert(
      fc.property(value, fc.dictionary(fc.string(), value), (body, attributes) => {
        ok(bytesOf(cutRecord(record({ body, attributes })), true) < 2_000_000);
      }),
    );
  });
});
