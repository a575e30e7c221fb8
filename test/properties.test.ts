import assert from 'node:assert/strict';
import fc from 'fast-check';
import { whatIsWrong } from '../src/check-message.js';
import { choose, type Selection } from '../src/choose.js';
import { systemClock } from '../src/clock.js';
import { createCompose } from '../src/compose.js';
import { createDiagnostics } from '../src/diagnostics.js';
import { fingerprint } from '../src/fingerprint.js';
import { type Claim, countRecords, type Group } from '../src/group.js';
import { type Inbox, liveMarkup, startInbox } from '../src/inbox/index.js';
import { escapedLength, escapeMrkdwn } from '../src/mrkdwn.js';
import { resolveOptions } from '../src/options.js';
import type { ReadableLogRecord } from '../src/otel.js';
import { createOutbox } from '../src/outbox.js';
import { readRecord, toSample } from '../src/record.js';
import { render } from '../src/render.js';
import { createHttpClient, type HttpClient } from '../src/slack/http.js';
import { postToChannel } from '../src/slack/web-api.js';
import { postToWebhook } from '../src/slack/webhook.js';
import { parseStack, stackLines } from '../src/stack.js';
import { clean, cutTo, oneLine } from '../src/text.js';
import { textOfValue } from '../src/value-text.js';
import { manualClock } from './support/clock.js';
import { RESOURCE, record } from './support/records.js';

const throwing = (): never => {
  throw new Error('poison');
};

/** Gives a value. fast-check looks into the values that it makes, and the poison would hit it first. */
type Give = () => unknown;

const cycle: Record<string, unknown> = { a: 1 };
cycle.self = cycle;
const POISONS: readonly unknown[] = [
  cycle,
  new Proxy(
    {},
    { get: throwing, has: throwing, ownKeys: throwing, getOwnPropertyDescriptor: throwing, getPrototypeOf: throwing },
  ),
  Object.defineProperty({ a: 1 }, 'message', { get: throwing, enumerable: true }),
  { toJSON: throwing, toString: throwing, [Symbol.toPrimitive]: throwing },
  JSON.parse('{"__proto__":{"message":"<!channel>"},"constructor":1}'),
  Object.create(null),
  new Error('<!here>', { cause: cycle }),
  new Map([['<!here>', 1]]),
  Buffer.from('<!here>'),
  2n ** 200_000n,
  Symbol('<!here>'),
  throwing,
  new Array(1e9),
  '<'.repeat(100_000),
  '\u0301'.repeat(20_000),
  Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`<!here>${n}`, '<@U1>'])),
  new Date(Number.NaN),
  null,
  undefined,
  Number.NaN,
];

const FRAGMENTS = [
  ...[
    '<!channel>',
    '<@U123>',
    '<https://evil.example|click>',
    '<!date^1^{ago}|x>',
    '```',
    '`',
    '*bold*',
    '_it_',
    '~s~',
    ':tada:',
  ],
  ...[
    '@here',
    '#general',
    'http://evil.example',
    'a@b.example',
    '&lt;!here&gt;',
    '&',
    '<',
    '>',
    '|',
    '\u202e',
    '\u200b',
    '\u200d',
  ],
  ...[
    '\n',
    '\r\n',
    '\u2028',
    '\u0000',
    '\ud800',
    '\udc00',
    '👩‍👩‍👧‍👦',
    '🇩🇪',
    'e\u0301',
    ' ',
    '\t',
    '    at f (/app/a.js:1:1)\n',
    '[cause]: ',
  ],
  ...[
    '\n    at g (/app/node_modules/x/<b>.js:1:1) {\n',
    'caused by: ',
    '$&',
    '{traceId}',
    '... 3 lines matching',
    '>>> ',
    '• ',
  ],
];
const hostile = fc
  .array(
    fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...FRAGMENTS) }, fc.string({ unit: 'binary', maxLength: 20 })),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));
/** Texts that break limits: a fragment again and again. */
const long = fc
  .tuple(fc.constantFrom(...FRAGMENTS), fc.integer({ min: 100, max: 4_000 }))
  .map(([part, times]) => part.repeat(times));
const text = fc.oneof({ weight: 5, arbitrary: hostile }, long);

const value: fc.Arbitrary<Give> = fc.oneof(
  { weight: 4, arbitrary: text.map((each) => () => each) },
  fc
    .anything({ key: hostile, maxDepth: 3, withBigInt: true, withDate: true, withTypedArray: true })
    .map((each) => () => each),
  fc.nat(POISONS.length - 1).map((at) => () => POISONS[at]),
);
const KEYS = [
  ...[
    'exception.type',
    'exception.message',
    'exception.stacktrace',
    'err',
    'error',
    'stack',
    'user.id',
    'http.request.method',
  ],
  ...[
    'http.route',
    'http.response.status_code',
    'code.file.path',
    'code.function.name',
    'session.id',
    'error.type',
    'db.system',
    '__proto__',
  ],
];
const attributes: fc.Arbitrary<Give> = fc
  .uniqueArray(fc.tuple(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...KEYS) }, hostile), value), {
    selector: ([key]) => key,
    maxLength: 20,
  })
  .map((entries) => () => Object.fromEntries(entries.map(([key, give]) => [key, give()])));
const resource: fc.Arbitrary<Give> = fc.oneof(
  fc.constant(() => RESOURCE),
  fc.tuple(text, text, text, text).map(([name, version, environment, host]) => () => ({
    attributes: {
      'service.name': name,
      'service.version': version,
      'deployment.environment': environment,
      'host.name': host,
    },
  })),
);
const scope: fc.Arbitrary<Give> = fc.tuple(text, text).map(([name, version]) => () => ({ name, version }));
const span: fc.Arbitrary<Give> = fc.constantFrom<Give>(
  () => undefined,
  () => ({ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }),
  () => ({ traceId: '<!channel>', spanId: '`' }),
);
const time: fc.Arbitrary<Give> = fc
  .tuple(fc.oneof(fc.integer(), fc.double()), fc.oneof(fc.nat(999_999_999), fc.double()))
  .map((each) => () => each);
const severity: fc.Arbitrary<Give> = fc.oneof(
  { weight: 6, arbitrary: fc.nat(24).map((number) => () => number) },
  fc.oneof(fc.double(), fc.integer(), fc.string()).map((each) => () => each),
);
const FIELDS: Readonly<Record<string, fc.Arbitrary<Give>>> = {
  hrTime: time,
  severityNumber: severity,
  severityText: text.map((each) => () => each),
  body: value,
  eventName: fc.option(text, { nil: '' }).map((each) => () => each),
  attributes,
  resource,
  instrumentationScope: scope,
  spanContext: span,
};

/** A record as a list of what gives its fields; now and then a field is something else altogether. */
const anyRecord = fc.record(
  Object.fromEntries(
    Object.entries(FIELDS).map(([key, usual]) => [key, fc.oneof({ weight: 15, arbitrary: usual }, value)]),
  ),
);
const made = (fields: Readonly<Record<string, Give>>): ReadableLogRecord =>
  ({
    ...record(),
    ...Object.fromEntries(Object.entries(fields).map(([key, give]) => [key, give()])),
  }) as ReadableLogRecord;

const TRACE_URL = 'https://trace.example/{traceId}?span={spanId}';
const isOurs = (markup: string): boolean =>
  /^<!date\^-?\d+\^\{date_short_pretty\} \{time_secs\}\|[-+: \d]{19} UTC>$/.test(markup) ||
  /^<https:\/\/trace\.example\/[0-9a-f]{32}\?span=[0-9a-f]{16}\|[0-9a-f]{32}>$/.test(markup);

describe('properties', () => {
  describe('any records at all', () => {
    let inbox: Inbox;
    let http: HttpClient;
    before(async () => {
      inbox = await startInbox({ rateLimit: false });
      http = createHttpClient({ clock: systemClock, isLocal: true, warn: (message) => assert.fail(message) });
    });
    after(async () => {
      await http.close();
      await inbox.close();
    });

    const situation = fc.record({
      records: fc.array(anyRecord, { minLength: 1, maxLength: 8 }),
      groups: fc.integer({ min: 1, max: 40 }),
      maxGroups: fc.oneof(fc.constant(1_000), fc.integer({ min: 1, max: 40 })),
      count: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
      isHurried: fc.boolean(),
      asPlainText: fc.boolean(),
      traceUrl: fc.constantFrom(undefined, TRACE_URL, `https://trace.example/{traceId}/${'x'.repeat(540)}`),
      attributes: fc.constantFrom<readonly string[]>([], ['*'], ['<!channel>', 'user.id']),
    });
    type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never;

    const selectionOf = ({ records, groups, maxGroups, count, isHurried, asPlainText }: Situation): Selection => {
      let ids = 0;
      const box = createOutbox({ clock: manualClock(), maxGroups, newId: () => `${++ids}`.padStart(8, '0') });
      for (let index = 0; index < groups; index++) {
        const view = readRecord(made(records[index % records.length] ?? {}));
        box.fold(view, `${index}${fingerprint(view)}`);
        if (index % 3 === 0) box.fold(view, `${index}${fingerprint(view)}`);
      }
      if (asPlainText) box.markPlainText({ groups: box.waiting(), rest: box.rest() });
      const selection = choose({ groups: box.waiting(), rest: box.rest(), isHurried }) as Selection;
      const counted = (list: readonly Group[]) => list.map((group) => ({ ...group, count: group.count * count }));
      return { ...selection, groups: counted(selection.groups), named: counted(selection.named) };
    };

    it('make messages that Slack takes both ways, within every limit, with nothing alive in them but what is ours', async () => {
      const diagnostics = createDiagnostics(systemClock);
      const { signal } = new AbortController();
      const request = { http, clock: systemClock, timeoutMillis: 5_000, signal };
      const { webhookUrl, apiUrl, token, channel } = inbox;
      await fc.assert(
        fc.asyncProperty(situation, async (each) => {
          const { settings } = resolveOptions({ attributes: each.attributes, traceUrl: each.traceUrl }, {});
          const message = createCompose(settings, diagnostics)(selectionOf(each));
          assert.equal(whatIsWrong(message), undefined);
          inbox.clear();
          const outcomes = [
            await postToWebhook({ kind: 'webhook', url: webhookUrl }, message, request),
            await postToChannel({ kind: 'channel', token, channel, apiUrl }, message, request),
          ];
          assert.deepEqual(
            outcomes.map(({ kind }) => kind),
            ['sent', 'sent'],
            JSON.stringify(inbox.requests().map(({ error }) => error)),
          );
          for (const arrived of inbox.messages()) {
            assert.deepEqual(
              liveMarkup(arrived).filter((markup) => !isOurs(markup)),
              [],
            );
            assert.ok(JSON.stringify(arrived).isWellFormed());
            assert.doesNotMatch(JSON.stringify(arrived.payload), /[\u202a-\u202e\u2066-\u2069\u200b\ufeff]/);
          }
        }),
        { numRuns: 200 },
      );
    });
  });

  describe('any way of folding, claiming and settling', () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('fold' as const),
          fingerprint: fc.nat(12),
          severityNumber: fc.nat(24),
        }),
      },
      fc.record({ kind: fc.constant('claim' as const), isHurried: fc.boolean() }),
      fc.record({
        kind: fc.constantFrom('settle' as const, 'unanswered' as const, 'plain' as const),
        claim: fc.nat(50),
      }),
    );

    it('loses and invents no record', () => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 80 }), fc.integer({ min: 1, max: 10 }), (steps, maxGroups) => {
          let ids = 0;
          let folded = 0;
          let settled = 0;
          const claims: Claim[] = [];
          const box = createOutbox({ clock: manualClock(), maxGroups, newId: () => `${++ids}` });
          for (const each of steps) {
            if (each.kind === 'fold') {
              const { severityNumber } = each;
              box.fold(readRecord(record({ severityNumber, severityText: undefined })), `${each.fingerprint}`);
              folded++;
            } else if (each.kind === 'claim') {
              const claim = choose({ groups: box.waiting(), rest: box.rest(), isHurried: each.isHurried });
              if (claim) claims.push(claim);
            } else {
              const claim = claims[each.claim % Math.max(1, claims.length)];
              if (claim === undefined) continue;
              if (each.kind === 'unanswered') box.markUnanswered(claim);
              if (each.kind === 'plain') box.markPlainText(claim);
              if (each.kind === 'settle') settled += box.settle(claim);
            }
            assert.equal(box.pending() + settled, folded);
            assert.equal(countRecords({ groups: box.waiting(), rest: box.rest() }), box.pending());
            assert.equal(
              [...box.rest().bySeverity.values()].reduce((sum, count) => sum + count, 0),
              box.rest().records,
            );
            assert.ok(box.waiting().length <= maxGroups);
            for (const { count, unanswered } of box.waiting()) assert.ok(count > 0 && unanswered <= count);
          }
        }),
        { numRuns: 300 },
      );
    });
  });

  describe('a megabyte of', () => {
    const SHAPES: readonly [string, string][] = [
      ...['a', '<', '&', '`', '\n', ' ', '\u200d', '\u0301', '\ud800', '\u202e'].map((unit): [string, string] => [
        unit,
        unit,
      ]),
      ...[
        'at ',
        '    at ',
        '\n at ',
        'a: ',
        'node_modules/',
        '(index 1',
        '<anonymous>',
        '[cause]: ',
        '👩\u200d',
        '🇩🇪',
        '\r',
      ].map((unit): [string, string] => [unit, unit]),
    ];
    const MEGABYTE = 1_000_000;
    const shapeOf = (unit: string, length: number): string =>
      unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
    const millisOf = (run: () => unknown): number => {
      const started = performance.now();
      run();
      return performance.now() - started;
    };
    /** The best of a few: other processes are busy too. */
    const bestMillis = (run: () => unknown): number => Math.min(...Array.from({ length: 3 }, () => millisOf(run)));

    /** The least that anything does that looks at every character. */
    const sumOf = (long: string): number => {
      let sum = 0;
      for (let at = 0; at < long.length; at++) sum += long.charCodeAt(at);
      return sum;
    };

    const STEPS: readonly [string, (long: string) => unknown][] = [
      ['clean', clean],
      ['cutTo', (each) => cutTo(each, 3_000, { measure: escapedLength })],
      ['oneLine', oneLine],
      ['escapeMrkdwn', escapeMrkdwn],
      ['parseStack', (each) => stackLines(parseStack(each), { maxLength: 2_900, measure: escapedLength })],
      ['textOfValue', (each) => textOfValue({ [each]: [each] }, { maxLength: 3_000 })],
    ];

    for (const [name, unit] of SHAPES) {
      it(`${JSON.stringify(name)} takes every step no more than linear time`, () => {
        for (const [step, run] of STEPS) {
          // Small ones first: what is quadratic is found out before it takes minutes.
          for (const length of [16_000, 128_000, MEGABYTE]) {
            const long = shapeOf(unit, length);
            const limit =
              200 *
              Math.max(
                1,
                millisOf(() => sumOf(long)),
              );
            const millis = millisOf(() => run(long));
            assert.ok(
              millis < limit || bestMillis(() => run(long)) < limit,
              `${step}: ${millis} ms of ${limit} for ${length}`,
            );
          }
        }
      });
    }

    it('anything in every field of a record takes no longer to show than what is kept of it', () => {
      const show = (long: string): void => {
        const box = createOutbox({ clock: manualClock(), maxGroups: 1, newId: () => 'id' });
        const attributeTexts = Object.fromEntries([...KEYS, 'x', long].map((key) => [key, long]));
        const each = record({
          body: long,
          eventName: long,
          severityText: long,
          attributes: { ...attributeTexts, err: { message: long, stack: long } },
          instrumentationScope: { name: long, version: long },
        });
        const view = readRecord(each);
        box.fold(view, fingerprint(view));
        const selection = choose({ groups: box.waiting(), rest: box.rest(), isHurried: false }) as Selection;
        render(selection, { traceUrl: undefined, attributes: ['*'] });
      };
      for (const [name, unit] of SHAPES) {
        const [kept, whole] = [shapeOf(unit, 16_000), shapeOf(unit, MEGABYTE)];
        const limit = 10 + 5 * bestMillis(() => show(kept));
        assert.ok(bestMillis(() => show(whole)) < limit, JSON.stringify(name));
      }
    });

    it('attributes, a hundred thousand of them, is read only as far as it is kept', () => {
      const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`k${n}`, n]));
      const listing = bestMillis(() => Object.keys(many));
      const millis = bestMillis(() => toSample(readRecord(record({ attributes: many }))));
      assert.ok(millis < 5 + 5 * listing, `${millis} ms; their names alone ${listing} ms`);
    });
  });
});
