import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict';
import fc from 'fast-check';
import type { Pipeline } from '../../../src/pipeline/index.js';
import { otelSlack } from '../../../test/support/cli.js';
import { record } from '../../../test/support/records.js';
import { SHOWN_SECRET_LENGTH, secretAt } from '../../../test/support/secrets.js';
import { createSimulatedClock } from '../src/preview/clock.js';
import { type Document, readDocuments } from '../src/preview/documents.js';
import { readRecords } from '../src/preview/otlp.js';
import { createReplay } from '../src/preview/replay.js';
import { previewSettings } from '../src/preview/settings.js';
import type { Summary } from '../src/preview/summary.js';

const START = Date.UTC(2026, 2, 1, 12);

/** A line of the collector's file exporter, with some fields of its record replaced. */
function line(fields = '', body = '{"stringValue":"disk is full"}'): string {
  const time = fields.includes('timeUnixNano') ? '' : `"timeUnixNano":"${START}000000",`;
  const severity = fields.includes('severityNumber') ? '' : '"severityNumber":17,';
  const record = `{${time}${severity}"body":${body}${fields && `,${fields}`}}`;
  return `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${record}]}]}]}`;
}

const nested = (depth: number, start: string, end: string, inner = ''): string =>
  start.repeat(depth) + inner + end.repeat(depth);
const PRETTY = JSON.stringify(JSON.parse(line()), null, 2);

async function preview(stdin: string | Buffer): Promise<Summary & { readonly code: number; readonly printed: string }> {
  const { code, stdout, stderr } = await otelSlack(['preview', '-', '--json'], { stdin });
  equal(stderr, '');
  return { ...(JSON.parse(stdout) as Summary), code, printed: stdout };
}

/** Lines that are left out, with their problems. */
const DAMAGED: readonly (readonly [string, string, RegExp])[] = [
  [
    'a time that is too large for a number',
    line('"timeUnixNano":1e999'),
    /^timeUnixNano: expected nanoseconds since 1970, got a number that is too large$/,
  ],
  ['an object as a time', line('"timeUnixNano":{"a":1}'), /^timeUnixNano: .* got an object$/],
  ['an array as a time', line('"timeUnixNano":[1]'), /^timeUnixNano: .* got an array$/],
  ['true as a time', line('"timeUnixNano":true'), /^timeUnixNano: .* got a boolean$/],
  [
    'an observed time that is too large',
    line('"timeUnixNano":"0","observedTimeUnixNano":-1e999'),
    /^observedTimeUnixNano: /,
  ],
  [
    'an object as a severity',
    line('"severityNumber":{"toString":1,"valueOf":1}'),
    /^severityNumber: expected a number from 0 to 24, got an object$/,
  ],
  [
    'a severity that is too large',
    line('"severityNumber":1e999'),
    /^severityNumber: .* got a number that is too large$/,
  ],
  ['an object as an integer', line('', '{"intValue":{"toString":1}}'), /^intValue: expected a number, got an object$/],
  [
    'an object as a double',
    line('', '{"doubleValue":{"valueOf":{}}}'),
    /^doubleValue: expected a number, got an object$/,
  ],
  [
    'an integer that is an object, in an attribute',
    line('"attributes":[{"key":"a","value":{"intValue":{"valueOf":1,"toString":2}}}]'),
    /^intValue: /,
  ],
  [
    'a body nested 100,000 deep',
    line('', nested(100_000, '{"arrayValue":{"values":[', ']}}')),
    /^a value that is nested deeper than 100 levels$/,
  ],
  [
    'maps nested 50,000 deep',
    line('', nested(50_000, '{"kvlistValue":{"values":[{"key":"a","value":', '}]}}', '{}')),
    /nested deeper/,
  ],
  ['arrays nested 100,000 deep', nested(100_000, '[', ']'), /^expected \{"resourceLogs": \[…\]\}, got an array$/],
  ['a bare NUL byte', line().replace('disk', 'd\0sk'), /^NUL bytes: /],
  ['a line of NUL bytes', '\0'.repeat(4_096), /^NUL bytes: /],
  ['NUL bytes in front of a good document', `\0\0\0\0${line()}`, /^NUL bytes: /],
  ['UTF-16', Buffer.from(line(), 'utf16le').toString('latin1'), /^NUL bytes: .*not UTF-8$/],
  ['half a line', line().slice(0, 60), /^JSON that is damaged or cut off$/],
  ['the second half of a line', line().slice(60), /^not JSON$/],
  ['an opening bracket alone', '{', /^JSON that is damaged or cut off$/],
  [
    'the beginning of a document over several lines',
    PRETTY.split('\n').slice(0, 4).join('\n'),
    /^JSON that is damaged or cut off$/,
  ],
  ['a closing bracket alone', '}', /^not JSON$/],
  ['a number', '7', /got a number$/],
  ['a number that is too large', '1e999', /got a number that is too large$/],
  ['null', 'null', /got null$/],
  ['a text', '"resourceLogs"', /got a string$/],
  ['an empty array', '[]', /got an empty array$/],
  [
    'numbers as records',
    '{"resourceLogs":[{"scopeLogs":[{"logRecords":[7]}]}]}',
    /^logRecords: expected objects, got a number$/,
  ],
  [
    'an object as records',
    '{"resourceLogs":[{"scopeLogs":[{"logRecords":{}}]}]}',
    /^logRecords: expected an array, got an object$/,
  ],
  ['a text as scopes', '{"resourceLogs":[{"scopeLogs":"x"}]}', /^scopeLogs: expected an array, got a string$/],
  ['null as a resource', '{"resourceLogs":[null]}', /^resourceLogs: expected objects, got null$/],
  ['a proto', '{"__proto__":{"resourceLogs":[]}}', /got another object$/],
];

describe('a damaged file', () => {
  for (const [name, damaged, problem] of DAMAGED) {
    it(`A12: ${name} is reported with its line and left out, and the good lines go on`, async () => {
      const { code, records, wanted, unreadable, firstUnreadable, printed } = await preview(
        [line(), damaged, line(), '', line()].join('\n'),
      );
      deepEqual([code, records, wanted, firstUnreadable?.line], [0, 3, 3, 2], printed);
      ok(unreadable >= 1);
      match(firstUnreadable?.problem ?? '', problem);
      doesNotMatch(printed, /mistake|bug/);
    });
  }

  it('A12: good records of a line with a wrong one are read', async () => {
    const [good = '', wrong = ''] = ['', '"timeUnixNano":1e999'].map((fields) => {
      const [, record = ''] = /"logRecords":\[(.*)\]\}\]\}\]\}$/.exec(line(fields)) ?? [];
      return record;
    });
    const text = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${good},${wrong},${good}]}]}]}`;
    const { records, unreadable, firstUnreadable } = await preview(text);
    deepEqual([records, unreadable, firstUnreadable?.line], [2, 1, 1]);
  });

  for (const [name, text, records] of [
    ['a byte order mark', `\ufeff${line()}\n\ufeff${line()}`, 2],
    ['line ends of Windows', `${line()}\r\n\r\n${line()}\r\n`, 2],
    ['a document over several lines with both', `\ufeff${PRETTY.replaceAll('\n', '\r\n')}\r\n${line()}`, 2],
    ['an array with a document in each line', `[\n${line()},\n${line()}\n]\n${line()}`, 3],
    ['an array of documents over several lines', `[\n${PRETTY},\n${PRETTY}\n]\n${line()}`, 3],
    ['an indented array', `${JSON.stringify([JSON.parse(line()), JSON.parse(line())], null, 2)}\n${line()}`, 3],
    ['a NUL character in a text', line('', '{"stringValue":"a\\u0000b"}'), 1],
    ['values 50 deep', line('', nested(50, '{"arrayValue":{"values":[', ']}}')), 1],
  ] as const) {
    it(`A12: ${name} is no damage`, async () => {
      const { unreadable, firstUnreadable, ...read } = await preview(text);
      deepEqual([read.records, unreadable, firstUnreadable], [records, 0, undefined]);
    });
  }

  it('A12: a record with an impossible time is shown at the time of the record before', async () => {
    const { printed, withoutTime } = await preview(`${line()}\n${line('"timeUnixNano":"9999999999999999999"')}`);
    equal(withoutTime, 1);
    doesNotMatch(printed, /<!date\^9/);
  });

  it('A12: any JSON value, anywhere in a line, never ends the command', () => {
    const { json } = { json: fc.jsonValue({ depthSize: 'small' }) };
    const key = fc.constantFrom(
      ...['resource', 'scopeLogs', 'logRecords', 'scope', 'attributes', 'key', 'value', 'body', 'timeUnixNano'],
      ...['severityNumber', 'traceId', 'spanId', 'flags', 'name', 'intValue', 'arrayValue', 'kvlistValue', 'values'],
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ depthSize: 'small' }, json, fc.array(tie('tree'), { maxLength: 3 }), tie('object')),
      object: fc.dictionary(key, tie('tree'), { maxKeys: 5 }),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const taken: unknown[] = [];
        readRecords({ resourceLogs: [value] }, { minSeverity: 1, take: (record) => taken.push(record) });
        readRecords(value, { minSeverity: 1, take: (record) => taken.push(record) });
      }),
      { numRuns: 1_000 },
    );
  });

  it('A12: a line that would take too much memory is reported without being parsed', async () => {
    const documents = async (text: string): Promise<readonly Document[]> => {
      const read: Document[] = [];
      async function* lines() {
        yield { number: 1, text };
        yield { number: 2, text: line() };
      }
      for await (const document of readDocuments(lines())) read.push(document);
      return read;
    };
    const [first, second] = await documents(`[${'{},'.repeat(15_000_000)}{}]`);
    deepEqual(first, { line: 1, problem: 'would take more than 768 MiB of memory' });
    ok(second && 'value' in second);
    const [long] = await documents(`"${'x'.repeat(15 * 1_048_576)}"`);
    ok(long && 'value' in long, 'a long text takes no more memory than its length');
  });

  it('A12: a batch of few long records is exported before it is full', async () => {
    const exported: number[] = [];
    const accept = async (records: readonly unknown[]): Promise<boolean> => exported.push(records.length) > 0;
    const { settings } = previewSettings({}, undefined);
    const replay = createReplay({
      pipeline: { select: () => true, accept } as unknown as Pipeline,
      clock: createSimulatedClock(),
      settings,
      nowMillis: START,
      times: { firstMillis: undefined, lastMillis: undefined, withoutTime: 0 },
    });
    const longest = 16 * 1_048_576;
    for (let at = 0; at < 5; at++) await replay.add({ record: record(), timeMillis: START }, longest);
    deepEqual(exported, [2, 2]);
  });

  it('A11: the list of problems tears no secret, whatever its offset', async () => {
    for (let offset = 20; offset <= 110; offset += 3) {
      const { text, secret } = secretAt(offset);
      const { topProblems } = await preview(line('', JSON.stringify({ stringValue: text })));
      const title = topProblems[0]?.title ?? '';
      ok(title.length <= 100, title);
      for (let at = 0; at + SHOWN_SECRET_LENGTH <= secret.length; at++) {
        ok(!title.includes(secret.slice(at, at + SHOWN_SECRET_LENGTH)), title);
      }
    }
  });
});
