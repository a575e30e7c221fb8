import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { resourceFromAttributes } from '@opentelemetry/resources';
import fc from 'fast-check';
import { encodeGroup } from '../../src/groups/saved/group-codec.js';
import { Variants } from '../../src/groups/variants.js';
import { SAMPLE_LIMITS } from '../../src/record/limits.js';
import type { ReadableLogRecord } from '../../src/record/otel.js';
import { readRecord } from '../../src/record/read-record.js';
import { toSample } from '../../src/record/sample.js';
import { render } from '../../src/render/layouts.js';
import { desk } from '../support/groups.js';
import { record } from '../support/records.js';
import { REDACTOR } from '../support/redactor.js';
import { mixed, TOKENS } from '../support/secrets.js';

const SHOWN = 6;
/** The secret part, and the text around it that makes it known. */
const SECRETS: readonly (readonly [string, string, string])[] = [
  ['postgres://app:', 'hunter2-of-the-db', '@db.internal/shop'],
  ['', TOKENS['npm token'] as string, ''],
  ['', TOKENS['SendGrid key'] as string, ''],
  ['', `eyJ${mixed(900)}.${mixed(40)}.${mixed(40)}`, ''],
  ['password=', 'hunter2-of-the-form', ''],
  ['', '4111 1111 1111 1111', ''],
  ['-----BEGIN PRIVATE KEY-----\n', mixed(64), '\n-----END PRIVATE KEY-----'],
];

const LIMITS: readonly number[] = [
  100, 200, 300, 600, 612, 712, 1_000, 1_512, 2_000, 3_000, 3_512, 6_000, 8_000, 8_512,
];

/** Texts that change their length when they are cleaned or redacted, in front of the secret. */
const FILLERS: readonly string[] = [
  `password=${mixed(200)} `,

  'x ',
  'word ',
  'x\u200b ',
  '\u001b[31mred\u001b[0m ',
  'password=abcdefghijklmnop ',
  '👩‍🚀 ',
];

const place = fc.record({
  filler: fc.constantFrom(...FILLERS),
  limit: fc.constantFrom(...LIMITS),
  before: fc.integer({ min: -20, max: 60 }),
  secret: fc.constantFrom(...SECRETS),
  after: fc.constantFrom(0, 5, 2_000),
});

type Place = typeof place extends fc.Arbitrary<infer T> ? T : never;

function textOf({ filler, limit, before, secret: [start, secret, end], after }: Place): string {
  const offset = Math.max(0, limit - before - start.length);
  const filled = filler.repeat(Math.ceil(offset / filler.length)).slice(0, offset);
  return `${filled.slice(0, -1)} ${start}${secret}${end} ${'y '.repeat(after)}`;
}

/** Records with the text in each field. */
const FIELDS: Readonly<Record<string, (text: string) => Partial<ReadableLogRecord>>> = {
  body: (body) => ({ body }),
  'a message field': (msg) => ({ body: { msg, other: 1 } }),
  'a structured body': (text) => ({ body: { a: { b: [text] } } }),
  'a name of a structured body': (text) => ({ body: { [text]: 1 } }),
  'a symbol': (text) => ({ body: Symbol(text) }),
  'the name of an event': (eventName) => ({ eventName }),
  'the severity text': (severityText) => ({ severityText }),
  'an attribute': (text) => ({ attributes: { note: text } }),
  'the name of an attribute': (text) => ({ attributes: { [text]: 1 } }),
  'a nested attribute': (text) => ({ attributes: { note: { list: [1, text] } } }),
  'attributes, all of them': (text) => ({
    attributes: Object.fromEntries(Array.from('abcdefgh', (key) => [key, text])),
  }),
  'an exception': (text) => ({
    attributes: {
      'exception.type': text,
      'exception.message': text,
      'exception.stacktrace': `Error: ${text}\n    at f (/app/a.js:1:1)\n    at ${text} (/app/b.js:1:1)`,
    },
  }),
  'pino’s err': (text) => ({ attributes: { err: { type: text, message: text, stack: text } } }),
  'winston’s stack': (text) => ({ attributes: { stack: `Error: ${text}\n    at f (/app/a.js:1:1)` } }),
  'the fingerprint': (text) => ({ attributes: { 'slack.fingerprint': text } }),
  'the resource': (text) => ({
    resource: resourceFromAttributes({
      'service.name': text,
      'service.version': text,
      'deployment.environment.name': text,
      'k8s.pod.name': text,
    }),
  }),
  'a list in the resource': (text) => ({
    resource: resourceFromAttributes({ 'service.name': [text, text], 'k8s.pod.name': ['x', text] }),
  }),
  'the scope': (text) => ({ instrumentationScope: { name: text, version: text } }),
};

function everythingOf(overrides: Partial<ReadableLogRecord>): string {
  const view = readRecord(record(overrides));
  const sample = toSample(view, REDACTOR);
  const at = desk();
  at.box.fold(view, 'f');
  const group = { kind: 'problem', fingerprint: 'f', id: 'i', postCount: 0, sample } as const;
  const saved = { records: 1, firstSeenMillis: 0, lastSeenMillis: 0 };
  const first = toSample(readRecord(record({ body: 'another' })), REDACTOR);
  return inspect(
    [
      sample,
      new Variants(first, REDACTOR).findNew(view, 0),
      render(at.say(), { traceUrl: undefined, attributes: ['*'] }),
      encodeGroup(group, { ...saved, isBrief: false }),
      encodeGroup(group, { ...saved, isBrief: true }),
    ],
    { depth: 20, maxStringLength: null, maxArrayLength: null, breakLength: Number.POSITIVE_INFINITY },
  );
}

/** Whether a part of the secret is in the text: its beginning, or any other. */
function partIn(text: string, secret: string): string | undefined {
  const inOneLine = text.replace(/\\n|\s+/g, ' ');
  for (let at = 0; at + SHOWN <= secret.length; at++) {
    const part = secret.slice(at, at + SHOWN);
    if (inOneLine.includes(part)) return part;
  }
  return undefined;
}

describe('cuts', () => {
  for (const [field, overridesOf] of Object.entries(FIELDS)) {
    it(`A11: no cut tears a secret in ${field}, at any offset near any limit`, () => {
      fc.assert(
        fc.property(place, (at) => {
          const text = textOf(at);
          const part = partIn(everythingOf(overridesOf(text)), at.secret[1]);
          assert.equal(part, undefined, `${at.limit} ${at.before} ${JSON.stringify(at.filler)} ${at.secret[0]}`);
        }),
        { numRuns: 40 },
      );
    });
  }

  it('A11: the room that reads records cuts texts only where they are redacted, or only compared', () => {
    const allowed: Readonly<Record<string, number>> = {
      // Where the first line of a stack is looked for, which is longer than a sample needs; a name that is compared.
      'attributes.ts': 2,
      // The errors of an AggregateError.
      'fatal-record.ts': 1,
      // Lines, and a part of a message that is redacted already.
      'headline/summary.ts': 1,
      'headline/what-it-says.ts': 3,
      // Names that are compared, as a fingerprint.
      'read-record.ts': 1,
      'read-resource.ts': 1,
      'redacted-start.ts': 5,
      // Where a stack begins, and the end of a line in a redacted stack.
      'sample.ts': 4,
      // Texts that are redacted already.
      'stringify.ts': 4,
    };
    const room = join(import.meta.dirname, '../../src/record');
    const cuts = readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name): [string, number] => [name, readFileSync(join(room, name), 'utf8').match(CUT)?.length ?? 0])
      .filter(([, count]) => count > 0);
    assert.deepEqual(Object.fromEntries(cuts), allowed, 'cut the texts of a record with redactAndCut()');
  });

  it('keeps the limit when nothing is redacted', () => {
    const { message, missingMessage } = toSample(readRecord(record({ body: 'word '.repeat(2_000) })), REDACTOR);
    assert.deepEqual([message.length, missingMessage], [SAMPLE_LIMITS.messageText, 7_000]);
  });
});

/** A cut of a text, and not of an array. */
const CUT = /(?:\.slice\((?!-|0, MAX_(?:SHAPE|LISTED))|\.substring\(|\bstartOf\(|(?<!function )\bcopyOfStart\()/g;
