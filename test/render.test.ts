import assert from 'node:assert/strict';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { whatIsWrong } from '../src/check-message.js';
import { choose, MOST_SINGLE_MESSAGES, type Selection } from '../src/choose.js';
import type { Look } from '../src/details.js';
import { liveMarkup, messageText } from '../src/inbox/index.js';
import type { SlackMessage } from '../src/message.js';
import type { ReadableLogRecord } from '../src/otel.js';
import { createOutbox, type Outbox } from '../src/outbox.js';
import { readRecord } from '../src/record.js';
import { render, renderPlainText } from '../src/render.js';
import { SEVERITY_BANDS } from '../src/severity.js';
import { messageBody } from '../src/slack/post.js';
import { manualClock } from './support/clock.js';
import { ERROR, FATAL, INFO, record, WARN } from './support/records.js';

type Overrides = Partial<ReadableLogRecord>;

const LOOK: Look = { traceUrl: undefined, attributes: [] };
const SPAN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
const TRACE_URL = 'https://trace.example/{traceId}';

/** Folds each record into a group of its own, but equal ones that are given by count. */
function outboxOf(records: readonly Overrides[], { maxGroups = 100, times = 1 } = {}): Outbox {
  let ids = 0;
  const box = createOutbox({ clock: manualClock(), maxGroups, newId: () => `id${++ids}` });
  records.forEach((overrides, index) => {
    for (let time = 0; time < times; time++) box.fold(readRecord(record(overrides)), `${index}`);
  });
  return box;
}

const selectionOf = (box: Outbox, isHurried = false): Selection =>
  choose({ groups: box.waiting(), rest: box.rest(), isHurried }) as Selection;
const renderOf = (records: readonly Overrides[], isHurried = false, look = LOOK): SlackMessage =>
  render(selectionOf(outboxOf(records), isHurried), look);
const numbered = (count: number, overrides: Overrides = {}): Overrides[] =>
  Array.from({ length: count }, (_, n) => ({ body: `problem ${n}`, ...overrides }));
const colors = ({ attachments }: SlackMessage) => attachments?.map(({ color }) => color);

describe('render', () => {
  describe('a single group', () => {
    it('shows what happened as the headline and the details behind a bar', () => {
      const message = renderOf([{ body: 'disk is full' }]);
      assert.match(
        messageText({ blocks: message.blocks }),
        /^🔴 ERROR · disk is full\ncheckout \(production\) · 1\.4\.2 {2}Jan 1/,
      );
      assert.match(messageText(message), /checkout \(production\).*\non web-1 {2}test {2}id id1$/s);
    });

    it('makes a text that is a notification by itself', () => {
      assert.equal(renderOf([{ body: 'disk is full' }]).text, '🔴 ERROR disk is full · checkout (production)');
    });

    it('counts', () => {
      const message = render(selectionOf(outboxOf([{ body: 'disk is full' }], { times: 1_204 })), LOOK);
      assert.match(message.text, /^🔴 ERROR ×1,204 disk is full/);
      assert.match(messageText(message), /^🔴 ERROR ×1,204 · disk is full\n.*1,204 times/);
    });

    it('has the bar of its severity', () => {
      for (const { from, color } of SEVERITY_BANDS)
        assert.deepEqual(colors(renderOf([{ severityNumber: from }])), [color]);
    });
  });

  describe('several groups', () => {
    const three = [{ body: 'a', severityNumber: WARN }, { body: 'b', severityNumber: FATAL }, { body: 'c' }];

    it('have a headline each, worst first, each behind its own bar', () => {
      const message = renderOf(three, true);
      assert.equal(messageText({ blocks: message.blocks }), '🟣 3 problems, 3 records');
      const heads = message.attachments?.map((attachment) => messageText({ attachments: [attachment] }).split('\n')[0]);
      assert.deepEqual(heads, ['🟣 FATAL (ERROR) · b', '🔴 ERROR · c', '🟠 WARN (ERROR) · a']);
      assert.equal(new Set(colors(message)).size, 3);
    });

    it('are all named in the text', () => {
      const { text } = renderOf(three, true);
      assert.deepEqual(
        text.split('\n').map((line) => line.split(' · ')[0]),
        ['🟣 3 problems, 3 records', '🟣 FATAL (ERROR) b', '🔴 ERROR c', '🟠 WARN (ERROR) a'],
      );
    });

    it('show a stack whole when there is room for it', () => {
      const stack = `E: x\n${Array.from({ length: 20 }, (_, n) => `    at f${n} (/app/src/a.js:${n}:1)`).join('\n')}`;
      const message = renderOf([{ attributes: { 'exception.stacktrace': stack } }, { body: 'b' }], true);
      assert.match(messageText(message), /at f19/);
    });
  });

  describe('a digest', () => {
    it('has a line for each of the worst and counts the others by severity', () => {
      const records = [
        ...numbered(17),
        { body: 'worst', severityNumber: FATAL },
        { body: 'mild', severityNumber: INFO },
      ];
      const message = render(selectionOf(outboxOf(records, { times: 2 })), LOOK);
      const lines = messageText(message).split('\n');
      assert.equal(lines[0], '🟣 19 problems, 38 records');
      assert.match(lines[1] ?? '', /^checkout \(production\) {2}Jan 1, 2026/);
      assert.equal(lines[2], '🟣 FATAL (ERROR) ×2 worst');
      assert.equal(lines[3], '🔴 ERROR ×2 problem 0');
      assert.equal(lines[17], 'and 8 records of 4 other problems: 6 ERROR, 2 INFO');
      assert.equal(lines[18], 'id id18');
      assert.deepEqual(colors(message), [SEVERITY_BANDS[5]?.color]);
    });

    it('says at each line where it comes from when that is not the same for all', () => {
      const elsewhere = { resource: resourceFromAttributes({ 'service.name': 'mailer' }) };
      const lines = messageText(renderOf([...numbered(6), { body: 'far', ...elsewhere }])).split('\n');
      assert.match(lines[1] ?? '', /^Jan 1, 2026/);
      assert.ok(lines.includes('🔴 ERROR problem 0 · checkout (production)'));
      assert.ok(lines.includes('🔴 ERROR far · mailer'));
    });

    it('carries the id of what has waited longest and of what may have been shown already', async () => {
      const clock = manualClock();
      let ids = 0;
      const box = createOutbox({ clock, maxGroups: 100, newId: () => `id${++ids}` });
      for (let index = 0; index < 20; index++) {
        box.fold(readRecord(record({ body: `${index}`, severityNumber: index === 0 ? ERROR : FATAL })), `${index}`);
        await clock.advance(1);
      }
      assert.match(messageText(render(selectionOf(box), LOOK)), /\nid id1$/);
      box.markUnanswered({ groups: box.waiting().slice(3, 5), rest: box.rest() });
      assert.match(
        messageText(render(selectionOf(box), LOOK)),
        /\nid (?=.*\bid1\b)(?=.*\bid4\b)(?=.*\bid5\b)id\d+ id\d+ id\d+$/,
      );
    });

    it('counts what is no longer told apart', () => {
      const box = outboxOf([...numbered(3), { severityNumber: FATAL }], { maxGroups: 1 });
      const message = render(selectionOf(box), LOOK);
      assert.match(
        messageText(message),
        /^🟣 1 problem, 4 records\n.*\n.*problem 0.*\nand 3 records: 2 ERROR, 1 FATAL\n/,
      );
    });

    it('says what is left of it when only counts are left, behind the bar of the worst of them', () => {
      const box = outboxOf([...numbered(3), { severityNumber: FATAL }], { maxGroups: 1 });
      box.settle({ groups: box.waiting(), rest: { records: 0, bySeverity: new Map() } });
      const message = render(selectionOf(box), LOOK);
      assert.equal(messageText(message), '🟣 3 records\nand 3 records: 2 ERROR, 1 FATAL');
      assert.equal(message.text, '🟣 3 records');
      assert.deepEqual(colors(message), [SEVERITY_BANDS[5]?.color]);
    });

    it('names three in the text', () => {
      assert.deepEqual(
        renderOf(numbered(9))
          .text.split('\n')
          .map((line) => line.split(' · ')[0]),
        ['🔴 9 problems, 9 records', '🔴 ERROR problem 0', '🔴 ERROR problem 1', '🔴 ERROR problem 2'],
      );
    });
  });

  it('gives the same text without any look when Slack refuses the look', () => {
    const message = renderOf(numbered(3));
    assert.deepEqual(renderPlainText(message), { text: message.text });
  });

  describe('the limits of Slack', () => {
    const fill = (unit: string): Overrides => ({
      body: `body\n${unit.repeat(20_000)}`,
      eventName: unit.repeat(900),
      severityText: unit.repeat(16),
      spanContext: SPAN,
      instrumentationScope: { name: unit.repeat(900), version: unit.repeat(900) },
      resource: resourceFromAttributes({
        'service.name': unit.repeat(900),
        'service.version': unit.repeat(900),
        'deployment.environment.name': unit.repeat(900),
        'host.name': unit.repeat(900),
      }),
      attributes: {
        'exception.type': unit.repeat(900),
        'exception.message': `message\n${unit.repeat(20_000)}`,
        'exception.stacktrace': Array.from({ length: 400 }, () => `    at ${unit.repeat(20)}`).join('\n'),
        ...Object.fromEntries(
          [
            'http.request.method',
            'http.route',
            'user.id',
            'session.id',
            'error.type',
            'server.address',
            'db.system',
          ].map((key) => [key, unit.repeat(2_000)]),
        ),
        ...Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`${n}`, unit.repeat(500)])),
      },
    });

    for (const [name, unit] of [
      ['letters', 'x'],
      ['what is escaped', '<&>'],
      ['emoji', '👩‍👩‍👧‍👦'],
      ['ticks', '```'],
      ['marks of direction', '\u202e'],
      ['short words', 'a '],
    ] as const) {
      for (const traceUrl of [undefined, `${TRACE_URL}/${'y'.repeat(400)}`, `${TRACE_URL}/${'y'.repeat(120)}`]) {
        it(`hold for every number of groups full of ${name}, with a trace URL of ${traceUrl?.length ?? 0}`, () => {
          const look: Look = { traceUrl, attributes: ['*'] };
          for (const count of [1, 2, 3, 4, MOST_SINGLE_MESSAGES]) {
            assert.equal(whatIsWrong(renderOf(numbered(count, fill(unit)), true, look)), undefined, `${count} groups`);
          }
          assert.equal(whatIsWrong(renderOf(numbered(40, fill(unit)), false, look)), undefined);
        });
      }
    }
  });

  describe('of a record with all that could come to life, in every field', () => {
    const HOSTILE =
      '<!channel> <@U123> <https://evil.example|click> ``` ` *bold* _it_ ~s~ :tada: @here #general http://evil.example ' +
      'evil.example a@b.example <!date^1^{ago}|x> &lt;!here&gt; \u202eabc\u202c\u200b\u2066d\u2069 <mailto:a@b.example|m>';
    const hostile = (number = 0): Overrides => ({
      body: { message: `${HOSTILE}\n${HOSTILE}`, [HOSTILE]: HOSTILE },
      eventName: HOSTILE,
      severityText: '<!channel>',
      spanContext: { traceId: '<!channel>', spanId: HOSTILE, traceFlags: 1 },
      instrumentationScope: { name: HOSTILE, version: HOSTILE },
      resource: resourceFromAttributes(
        Object.fromEntries(
          ['service.name', 'service.version', 'deployment.environment.name', 'host.name'].map((key) => [key, HOSTILE]),
        ),
      ),
      attributes: Object.fromEntries([
        ...['exception.type', 'exception.message', HOSTILE, `attribute${number}`].map((key) => [key, HOSTILE]),
        ...['http.request.method', 'http.route', 'http.response.status_code', 'user.id', 'session.id'].map((key) => [
          key,
          HOSTILE,
        ]),
        ...['error.type', 'server.address', 'db.system', 'code.function.name'].map((key) => [key, HOSTILE]),
        [
          'exception.stacktrace',
          `${HOSTILE}\n    at ${HOSTILE}\n    at f (${HOSTILE})\n  [cause]: ${HOSTILE}\n    at ${HOSTILE}`,
        ],
        ['nested', { [HOSTILE]: [HOSTILE, { [HOSTILE]: HOSTILE }] }],
      ]),
    });
    const variants: [string, Overrides][] = [
      ['exception', hostile()],
      ['event', { ...hostile(), attributes: { [HOSTILE]: HOSTILE } }],
      ['body', { ...hostile(), eventName: undefined, attributes: {} }],
      ['structured body', { ...hostile(), eventName: undefined, attributes: {}, body: [{ [HOSTILE]: HOSTILE }] }],
      ['stack that is not V8’s', { ...hostile(), attributes: { 'exception.stacktrace': `${HOSTILE}\n${HOSTILE}` } }],
      ['trace', { ...hostile(), spanContext: SPAN }],
    ];
    const isOurs = (markup: string) =>
      /^<!date\^\d+\^\{date_short_pretty\} \{time_secs\}\|[\d :-]{19} UTC>$/.test(markup) ||
      markup === `<${TRACE_URL.replace('{traceId}', SPAN.traceId)}|${SPAN.traceId}>`;
    const assertDead = (message: SlackMessage): void => {
      assert.deepEqual(
        liveMarkup(messageBody(message)).filter((markup) => !isOurs(markup)),
        [],
      );
      assert.equal(whatIsWrong(message), undefined);
      assert.doesNotMatch(JSON.stringify(message), /[\u202a-\u202e\u2066-\u2069\u200b]/);
      // Fences in pairs, each at an end of its block.
      for (const code of JSON.stringify(message).match(/"(?:[^"\\]|\\.)*```(?:[^"\\]|\\.)*"/g) ?? []) {
        if (code.startsWith('"```')) assert.match(code, /^"```\\n(?:(?!```).)*\\n```"$/);
      }
    };

    for (const [name, overrides] of variants) {
      for (const traceUrl of [undefined, TRACE_URL]) {
        const look: Look = { traceUrl, attributes: ['*'] };
        const link = traceUrl ? 'with' : 'without';
        it(`lets nothing of its ${name} live, single, in several, in a digest or as plain text, ${link} a trace URL`, () => {
          const dates = (message: SlackMessage) =>
            liveMarkup(messageBody(message)).filter((each) => each.startsWith('<!date')).length;
          const single = renderOf([overrides], false, look);
          const several = renderOf([overrides, hostile(1), hostile(2)], true, look);
          const digest = renderOf(Array(9).fill(overrides), false, look);
          for (const message of [single, several, digest, ...[single, several, digest].map(renderPlainText)])
            assertDead(message);
          assert.deepEqual([dates(single), dates(several), dates(digest)], [1, 3, 1]);
        });
      }
    }

    it('still shows what it says', () => {
      const text = messageText(renderOf([{ ...hostile(), severityNumber: ERROR }]));
      for (const part of [
        '<!channel>',
        '<@U123>',
        '<https://evil.example|click>',
        '@here',
        '&lt;!here&gt;',
        '*bold*',
      ]) {
        assert.ok(text.includes(part), part);
      }
    });
  });
});
