import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Inbox, liveMarkup, startInbox } from '../packages/slack-inbox/src/index.js';
import { fingerprint } from '../src/classify/fingerprint.js';
import { resolveOptions } from '../src/config/resolve.js';
import { type Status, unshown } from '../src/groups/group.js';
import type { Reason } from '../src/groups/lifecycle.js';
import type { Notification } from '../src/groups/notification.js';
import { Outbox } from '../src/groups/outbox.js';
import { POLICY } from '../src/groups/policy.js';
import type { ReadableLogRecord } from '../src/record/otel.js';
import { readRecord } from '../src/record/read-record.js';
import { toSample } from '../src/record/sample.js';
import { parseStack, stackLines } from '../src/record/stack.js';
import { textOfValue } from '../src/record/stringify.js';
import { createCompose } from '../src/render/compose.js';
import { render } from '../src/render/layouts.js';
import { escapedLength, escapeMrkdwn } from '../src/render/mrkdwn.js';
import { problemWith } from '../src/render/validate-message.js';
import { createHttpClient, type HttpClient } from '../src/slack/http/http.js';
import type { MessageRef, SlackRequest } from '../src/slack/types.js';
import { callWebApi } from '../src/slack/web-api.js';
import { postToWebhook } from '../src/slack/webhook.js';
import { createDiagnostics } from '../src/telemetry/diagnostics.js';
import { type Clock, systemClock } from '../src/util/clock.js';
import { clean, cutTo, oneLine } from '../src/util/text.js';
import { costMillis } from './support/cost.js';
import { desk, failureOf, HOUR, MINUTE, PLACE, planOf } from './support/groups.js';
import { RESOURCE, record } from './support/records.js';
import { REDACTOR } from './support/redactor.js';

const throwing = (): never => {
  throw new Error('poison');
};

/** Returns a value late, because fast-check reads its own values and would hit the throwing getters first. */
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
/** Texts that exceed limits: a repeated fragment. */
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

/** Functions that create the fields of a record. Some fields have a value of a wrong type. */
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

const MENTION = '<!subteam^S012ABCDEF>';
const TRACE_URL = 'https://trace.example/{traceId}?span={spanId}';
const isOurs = (markup: string): boolean =>
  /^<!date\^-?\d+\^(\{date_short_pretty\} )?\{time(_secs)?\}\|[-+: \d]{19} UTC>$/.test(markup) ||
  markup === MENTION ||
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
      lost: fc.nat(3),
      isGathered: fc.boolean(),
      asPlainText: fc.boolean(),
      mention: fc.constantFrom(undefined, MENTION),
      standings: fc.array(fc.constantFrom<Status>('live', 'quiet', 'silenced', 'moved'), {
        minLength: 1,
        maxLength: 3,
      }),
      why: fc.constantFrom<Reason>('variant', 'escalated'),
      ended: fc.constantFrom(undefined, 'quiet' as const, 'closed' as const, 'silenced' as const),
      traceUrl: fc.constantFrom(undefined, TRACE_URL, `https://trace.example/{traceId}/${'x'.repeat(540)}`),
      attributes: fc.constantFrom<readonly string[]>([], ['*'], ['<!channel>', 'user.id']),
    });
    type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never;

    /** The messages about the records when they are new. */
    const firstOf = ({ records, groups, maxGroups, count, lost, isGathered, asPlainText }: Situation): Notification => {
      const at = desk({ maxGroups });
      for (let index = 0; index < groups; index++) {
        const view = readRecord(made(records[index % records.length] ?? {}));
        at.box.fold(view, `${index}${fingerprint(view)}`, index % 3 === 0 ? 2 : 1);
      }
      if (lost > 0) at.box.reportLost(lost);
      if (asPlainText) at.box.postFailed(at.box.groups.all(), failureOf());
      const notification = at.next({ isGathered });
      const counted = <T extends { readonly count: number }>(list: readonly T[]): readonly T[] =>
        list.map((each) => ({ ...each, count: each.count * count }));
      return { ...notification, rows: counted(notification.rows), groups: counted(notification.groups) };
    };

    /** The same groups, posted again: they came back, or they continue. */
    const reminderOf = (first: Notification, { ended }: Situation): Notification => {
      const before = ended && { count: 9, lastSeenMillis: 0, ended, silenced: 3 };
      return {
        ...first,
        rows: first.rows.map((row) => ({
          ...row,
          alreadyReported: ended === undefined ? Math.floor(row.count / 2) : 0,
        })),
        groups: first.groups.map((group) => ({ ...group, before })),
      };
    };

    /** The same message, updated: some of its groups are quiet or have moved. */
    const updateOf = (first: Notification, { standings }: Situation): Notification => {
      const rows = first.rows.map((row, n) => ({ ...row, status: standings[n % standings.length] as Status }));
      const isMoved = (name: string) => rows.some((row) => row.fingerprint === name && row.status === 'moved');
      const groups = first.groups.filter((group) => !isMoved(group.fingerprint));
      return { ...first, act: 'update', rows, groups };
    };

    /** The replies in its thread. */
    const replyOf = (first: Notification, { why, records }: Situation): Notification => {
      const news = toSample(readRecord(made(records.at(-1) ?? {})), REDACTOR);
      return {
        ...first,
        act: 'reply',
        kind: 'single',
        rows: first.rows.slice(0, 1),
        groups: first.groups.slice(0, 1).map((group) => ({ ...group, news })),
        reasons: new Map([[first.rows[0]?.fingerprint ?? '', why]]),
      };
    };

    it('become messages that Slack accepts, within every limit, with no markup but that of this package', async () => {
      const diagnostics = createDiagnostics(systemClock);
      const { signal } = new AbortController();
      const needs = { http, clock: systemClock, timeoutMillis: 5_000, signal };
      const { webhookUrl, apiUrl, token, channel } = inbox;
      const ask = (request: SlackRequest) => callWebApi({ kind: 'channel', token, channel, apiUrl }, request, needs);
      await fc.assert(
        fc.asyncProperty(situation, async (each) => {
          const { settings } = resolveOptions({ attributes: each.attributes, traceUrl: each.traceUrl }, {});
          const compose = createCompose(settings, diagnostics);
          const first = firstOf(each);
          const said = {
            first: compose(first, each.mention),
            reminder: compose(reminderOf(first, each), each.mention),
            update: compose(updateOf(first, each)),
            reply: compose(replyOf(first, each), each.mention),
          };
          for (const [name, message] of Object.entries(said)) assert.equal(problemWith(message), undefined, name);
          inbox.clear();
          const posted = await ask({ act: 'post', message: said.first });
          const ref = (posted.kind === 'sent' && posted.ref) as MessageRef;
          const outcomes = [
            posted,
            await postToWebhook({ kind: 'webhook', url: webhookUrl }, said.first, needs),
            await postToWebhook({ kind: 'webhook', url: webhookUrl }, said.reminder, needs),
            await ask({ act: 'post', message: said.reply, thread: { ts: ref.ts, isBroadcast: true } }),
            await ask({ act: 'post', message: said.reminder }),
          ];
          const asPosted = inbox.messages();
          outcomes.push(await ask({ act: 'update', message: said.update, ref }));
          assert.deepEqual(
            outcomes.map(({ kind }) => kind),
            Array(6).fill('sent'),
            JSON.stringify(inbox.requests().map(({ error }) => error)),
          );
          for (const arrived of [...asPosted, ...inbox.messages()]) {
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

  describe('any sequence of folding, sending and settling', () => {
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          kind: fc.constant('fold' as const),
          fingerprint: fc.nat(12),
          severityNumber: fc.nat(24),
          records: fc.integer({ min: 1, max: 20 }),
        }),
      },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('choose' as const), isGathered: fc.boolean() }) },
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('sent' as const), which: fc.nat(50), isKnown: fc.boolean() }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('wait' as const),
          millis: fc.oneof(fc.nat(2 * MINUTE), fc.nat(HOUR), fc.nat(30 * HOUR)),
        }),
      },
      fc.record({
        kind: fc.constantFrom<'unanswered' | 'plain' | 'giveUp' | 'freeze' | 'silence' | 'close' | 'lose' | 'forget'>(
          ...(['unanswered', 'plain', 'giveUp', 'freeze', 'silence', 'close', 'lose', 'forget'] as const),
        ),
        which: fc.nat(50),
      }),
    );

    it('loses and invents no record, and reports all of them in the end', () => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 80 }), fc.integer({ min: 1, max: 10 }), (steps, maxGroups) => {
          let ids = 0;
          let nowMillis = 0;
          let folded = 0;
          let settled = 0;
          const notifications: Notification[] = [];
          const clock: Clock = { now: () => nowMillis, monotonic: () => nowMillis, after: () => () => {} };
          const newId = () => `${++ids}`;
          const box = new Outbox({ clock, policy: POLICY, maxGroups, hasThreads: true, newId, redactor: REDACTOR });
          const plan = (isGathered: boolean, isClosing = false) =>
            planOf(box.groups.all(), nowMillis, {
              outdated: box.messages.outdated(),
              isGathered,
              moment: { isClosing },
            });
          const refOf = (isKnown: boolean) => (isKnown ? { channel: PLACE, ts: `${++ids}.0` } : undefined);
          const act = (each: (typeof steps)[number]): void => {
            if (each.kind === 'wait') nowMillis += each.millis;
            else if (each.kind === 'fold') {
              const { severityNumber, records } = each;
              const view = readRecord(record({ severityNumber, severityText: undefined }));
              settled += box.fold(view, `${each.fingerprint}`, records);
              folded += records;
            } else if (each.kind === 'choose') {
              const { notification, forgotten } = plan(each.isGathered);
              for (const group of forgotten) box.groups.forget(group.fingerprint);
              if (notification) notifications.push(notification);
            } else if (each.kind === 'lose') box.reportLost(each.which);
            else actOn(each, notifications[each.which % Math.max(1, notifications.length)]);
          };
          const actOn = (
            { kind, isKnown = true }: { readonly kind: string; readonly isKnown?: boolean },
            notification: Notification | undefined,
          ): void => {
            if (notification === undefined) return;
            const message = box.groups
              .all()
              .find(({ fingerprint: name }) => name === notification.rows[0]?.fingerprint)?.message;
            if (kind === 'unanswered') box.markAmbiguous(notification);
            if (kind === 'plain') box.postFailed(notification.groups, failureOf());
            if (kind === 'giveUp') settled += box.drop(notification.groups);
            if (kind === 'forget') for (const group of notification.groups) box.groups.forget(group.fingerprint);
            if (kind === 'freeze' && message) box.messages.freeze(message);
            if (kind === 'silence' && message) settled += box.silence(message);
            if (kind === 'close' && message) box.closeProblems(message);
            if (kind === 'sent') settled += box.sent(notification, PLACE, refOf(isKnown));
          };
          for (const each of steps) {
            act(each);
            assert.equal(box.groups.pending + settled, folded, each.kind);
            assert.equal(
              box.groups.all().reduce((sum, group) => sum + unshown(group), 0),
              box.groups.pending,
              each.kind,
            );
            assert.ok(box.groups.all().filter(({ kind }) => kind === 'problem').length <= maxGroups);
            assert.ok(box.unconfirmed() <= box.groups.pending, `${box.unconfirmed()} of ${box.groups.pending}`);
            for (const { count, shown } of box.groups.all()) assert.ok(shown >= 0 && shown <= count);
          }
          for (let turn = 0; turn < 30; turn++) {
            const { notification } = plan(true, true);
            if (notification === undefined) break;
            settled += box.sent(notification, PLACE, refOf(true));
          }
          assert.deepEqual([box.groups.pending, settled], [0, folded]);
        }),
        { numRuns: 500 },
      );
    });
  });

  describe('a megabyte of', () => {
    const HARD_TEXTS: readonly [string, string][] = [
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

    /** The time of the simplest function that reads every character. */
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

    for (const [name, unit] of HARD_TEXTS) {
      it(`${JSON.stringify(name)} takes at most linear time in every step`, () => {
        for (const [step, run] of STEPS) {
          // Small sizes first, so that quadratic time is found before it takes minutes.
          for (const length of [16_000, 128_000, MEGABYTE]) {
            const long = shapeOf(unit, length);
            const limit =
              200 *
              Math.max(
                1,
                costMillis(() => sumOf(long), 1),
              );
            const millis = costMillis(() => run(long), 1);
            assert.ok(
              millis < limit || costMillis(() => run(long)) < limit,
              `${step}: ${millis} ms of ${limit} for ${length}`,
            );
          }
        }
      });
    }

    it('takes no longer to show in any field of a record than its stored part', () => {
      const show = (long: string): void => {
        const at = desk();
        const attributeTexts = Object.fromEntries([...KEYS, 'x', long].map((key) => [key, long]));
        const each = record({
          body: long,
          eventName: long,
          severityText: long,
          attributes: { ...attributeTexts, err: { message: long, stack: long } },
          instrumentationScope: { name: long, version: long },
        });
        const view = readRecord(each);
        at.box.fold(view, fingerprint(view));
        render(at.say(), { traceUrl: undefined, attributes: ['*'] });
        // A variant, which is compared completely.
        const other = readRecord({ ...each, severityNumber: 21, resource: RESOURCE, body: `x${long}` });
        at.box.fold(other, fingerprint(view));
      };
      for (const [name, unit] of HARD_TEXTS) {
        const [kept, whole] = [shapeOf(unit, 16_000), shapeOf(unit, MEGABYTE)];
        const limit = 10 + 5 * costMillis(() => show(kept));
        assert.ok(costMillis(() => show(whole)) < limit, JSON.stringify(name));
      }
    });

    it('attributes, a hundred thousand of them, is read only as far as it is stored', () => {
      const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`k${n}`, n]));
      const listing = costMillis(() => Object.keys(many));
      const millis = costMillis(() => toSample(readRecord(record({ attributes: many })), REDACTOR));
      assert.ok(millis < 5 + 5 * listing, `${millis} ms; their names alone ${listing} ms`);
    });
  });
});
