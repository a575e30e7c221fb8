import assert from 'node:assert/strict';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { liveMarkup, messageText } from '../../packages/slack-inbox/src/index.js';
import type { Group } from '../../src/groups/group.js';
import type { Reason } from '../../src/groups/lifecycle.js';
import type { Notification } from '../../src/groups/notification.js';
import { MAX_SINGLE_MESSAGES } from '../../src/plan/choose.js';
import { SEVERITY_BANDS } from '../../src/record/severity.js';
import type { Appearance } from '../../src/render/details.js';
import { INACTIVE_COLOR } from '../../src/render/digest.js';
import { render, renderPlainText } from '../../src/render/layouts.js';
import { problemWith } from '../../src/render/validate-message.js';
import { messageBody } from '../../src/slack/message-body.js';
import type { SlackMessage } from '../../src/slack/types.js';
import {
  type Desk,
  desk,
  groupOf,
  HOUR,
  MINUTE,
  type Overrides,
  rowFor,
  SECOND,
  saidGroup,
  selectionOf,
} from '../support/groups.js';
import { ERROR, FATAL, INFO, WARN } from '../support/records.js';

const LOOK: Appearance = { traceUrl: undefined, attributes: [] };
const SPAN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
const TRACE_URL = 'https://trace.example/{traceId}';
const HERE = '<!here>';

/** Folds each record into its own group. Equal records are given as a count. */
function deskOf(records: readonly Overrides[], { maxGroups = 100, times = 1, canUpdate = true } = {}): Desk {
  const at = desk({ maxGroups, canUpdate });
  records.forEach((overrides, index) => {
    at.fold(`${index}`, overrides, times);
  });
  return at;
}

const rendered = (at: Desk, isGathered = false, look = LOOK): SlackMessage => render(at.next({ isGathered }), look);
const renderOf = (records: readonly Overrides[], isGathered = false, look = LOOK): SlackMessage =>
  rendered(deskOf(records), isGathered, look);
/** One record a minute, and then many: ten times the usual rate. */
async function grow(at: Desk, name: string, overrides: Overrides): Promise<void> {
  for (const records of [1, 1, 60]) {
    await at.clock.advance(MINUTE);
    at.fold(name, overrides, records);
    if (records === 1) at.sayAll();
  }
}

const numbered = (count: number, overrides: Overrides = {}): Overrides[] =>
  Array.from({ length: count }, (_, n) => ({ body: `problem ${n}`, ...overrides }));
const colors = ({ attachments }: SlackMessage) => attachments?.map(({ color }) => color);
const linesOf = (message: SlackMessage): readonly string[] => messageText(message).split('\n');

/** A digest of groups. */
const many = (groups: readonly Group[]): Pick<Notification, 'rows' | 'groups' | 'kind'> => ({
  kind: 'digest',
  groups,
  rows: groups.map((group) => rowFor(group)),
});

describe('render', () => {
  describe('a single group', () => {
    it('shows the error as the headline, and details with a color bar', () => {
      const message = renderOf([{ body: 'disk is full' }]);
      assert.match(
        messageText({ blocks: message.blocks }),
        /^🔴 ERROR · disk is full\ncheckout \(production\) · 1\.4\.2 {2}Jan 1/,
      );
      assert.match(messageText(message), /checkout \(production\).*\non web-1 {2}test {2}id id1$/s);
    });

    it('has a text that is complete as a notification', () => {
      assert.equal(renderOf([{ body: 'disk is full' }]).text, '🔴 ERROR disk is full · checkout (production)');
    });

    it('shows the count', () => {
      const message = rendered(deskOf([{ body: 'disk is full' }], { times: 1_204 }));
      assert.match(message.text, /^🔴 ERROR ×1,204 disk is full/);
      assert.match(messageText(message), /^🔴 ERROR ×1,204 · disk is full\n.*1,204 times/);
    });

    it('has the color of its severity', () => {
      for (const { from, color } of SEVERITY_BANDS)
        assert.deepEqual(colors(renderOf([{ severityNumber: from }])), [color]);
    });
  });

  describe('several groups', () => {
    const three = [{ body: 'a', severityNumber: WARN }, { body: 'b', severityNumber: FATAL }, { body: 'c' }];

    it('have a headline and a color bar each, most severe first', () => {
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

    it('show a complete stack when there is room for it', () => {
      const stack = `E: x\n${Array.from({ length: 20 }, (_, n) => `    at f${n} (/app/src/a.js:${n}:1)`).join('\n')}`;
      const message = renderOf([{ attributes: { 'exception.stacktrace': stack } }, { body: 'b' }], true);
      assert.match(messageText(message), /at f19/);
    });
  });

  describe('a digest', () => {
    it('has a line for each of the most severe, and counts the others by severity', () => {
      const records = [
        ...numbered(500),
        ...Array.from({ length: 6 }, () => ({ body: 'worst', severityNumber: FATAL })),
        { body: 'mild', severityNumber: INFO },
      ];
      const at = deskOf(records, { times: 2, maxGroups: 600 });
      const message = render(at.next({ isAllInOne: true }), LOOK);
      const lines = linesOf(message);
      assert.equal(lines[0], '🟣 507 problems, 1,014 records');
      assert.match(lines[1] ?? '', /^checkout \(production\) {2}Jan 1, 2026/);
      assert.equal(lines[2], '🟣 FATAL (ERROR) ×2 worst');
      assert.equal(lines[8], '🔴 ERROR ×2 problem 0');
      assert.equal(lines[17], 'and 984 records of 492 other problems: 982 ERROR, 2 INFO');
      assert.equal(lines[18], 'id id501');
      assert.deepEqual(colors(message), [SEVERITY_BANDS[5]?.color]);
    });

    it('A3: has a short line for each group after the fifteenth, with its count', () => {
      const lines = linesOf(
        rendered(deskOf(numbered(60, { attributes: { 'code.function.name': 'pay' } }), { times: 3 })),
      );
      assert.deepEqual([lines[2], lines[16]], ['🔴 ERROR ×3 problem 0 · at pay', '🔴 ERROR ×3 problem 14 · at pay']);
      assert.deepEqual([lines[17], lines[61]], ['🔴 ERROR ×3 problem 15', '🔴 ERROR ×3 problem 59']);
      assert.match(lines[62] ?? '', /^id /);
    });

    it('shows the origin in each line when the groups have several', () => {
      const elsewhere = { resource: resourceFromAttributes({ 'service.name': 'mailer' }) };
      const lines = messageText(renderOf([...numbered(6), { body: 'far', ...elsewhere }])).split('\n');
      assert.match(lines[1] ?? '', /^Jan 1, 2026/);
      assert.ok(lines.includes('🔴 ERROR problem 0 · checkout (production)'));
      assert.ok(lines.includes('🔴 ERROR far · mailer'));
    });

    it('shows the id of the group pending longest, and of groups that Slack may show already', async () => {
      const at = desk();
      for (let index = 0; index < 60; index++) {
        at.fold(`${index}`, { body: `${index}`, severityNumber: index === 0 ? ERROR : FATAL });
        await at.clock.advance(1);
      }
      assert.match(messageText(rendered(at)), /\nid id1$/);
      const all = at.next();
      at.box.markAmbiguous({ ...all, rows: all.rows.filter(({ groupId }) => ['id4', 'id5'].includes(groupId)) });
      assert.match(messageText(rendered(at)), /\nid (?=.*\bid1\b)(?=.*\bid4\b)(?=.*\bid5\b)id\d+ id\d+ id\d+$/);
    });

    it('counts problems beyond the limit by severity and service', () => {
      const mailer = { resource: resourceFromAttributes({ 'service.name': 'mailer' }) };
      const at = deskOf([...numbered(8), { severityNumber: FATAL }, { ...mailer, body: 'far' }], { maxGroups: 7 });
      const lines = linesOf(rendered(at));
      assert.equal(lines[0], '🟣 7 problems, 10 records');
      assert.match(
        lines.at(-2) ?? '',
        /^🟣 FATAL \(ERROR\) ×3 everything else: .* · checkout \(production\) · 1 FATAL, 2 ERROR; 2 checkout, 1 mailer$/,
      );
    });

    it('shows separately how many records never arrived, and does not count them otherwise', () => {
      const at = deskOf(numbered(7));
      at.box.reportLost(1_204);
      const message = rendered(at);
      const lines = linesOf(message);
      assert.equal(lines[0], '🔴 7 problems, 7 records');
      assert.match(lines.at(-2) ?? '', /^⚠️ 1,204 records never arrived: the queue was full\. Raise maxQueueSize/);
      assert.doesNotMatch(message.text, /1,204/);
    });

    it('shows that problems go on when all were reported before, and the number of new records', async () => {
      const at = deskOf(numbered(8), { canUpdate: false, times: 2 });
      at.say();
      await at.clock.advance(MINUTE);
      for (const [n, each] of numbered(8).entries()) at.fold(`${n}`, each, n === 0 ? 500 : 1);
      const message = rendered(at);
      assert.equal(linesOf(message)[0], '🔴 8 problems go on, 507 more records');
      assert.ok(linesOf(message).some((line) => /^🔴 ERROR ×502 .*problem 0/.test(line) && line.includes('(+500)')));
      assert.match(message.text, /^🔴 8 problems go on, 507 more records\n/);
      at.fold('new', { body: 'new' });
      assert.equal(linesOf(rendered(at))[0], '🔴 9 problems, 508 records', 'one of them is new');
    });

    it('shows that of one problem, too', () => {
      const [one, two] = [
        saidGroup({ count: 3, shown: 2, message: undefined }),
        saidGroup({ count: 9, shown: 8, fingerprint: 'b', kind: 'rest', message: undefined }),
      ];
      const notification = { ...selectionOf([groupOf()]), ...many([one, two]) };
      assert.equal(linesOf(render(notification, LOOK))[0], '🔴 1 problem goes on, 2 more records');
      assert.equal(
        linesOf(render({ ...notification, rows: notification.rows.slice(0, 1) }, LOOK))[0],
        '🔴 1 problem goes on, 1 more record',
      );
    });

    it('marks quiet and moved problems, and is grey when none is live', async () => {
      const at = deskOf(numbered(7));
      at.say();
      await grow(at, '2', { body: 'problem 2' });
      assert.deepEqual([...at.say().reasons.values()], ['escalated']);
      await at.clock.advance(10 * SECOND);
      const moved = at.say();
      const lines = linesOf(render(moved, LOOK));
      assert.ok(
        lines.some((line) => /^↪️ ERROR .*goes on in a newer message/.test(line)),
        lines.join('\n'),
      );
      assert.deepEqual(colors(render(moved, LOOK)), [SEVERITY_BANDS[4]?.color]);
      await at.clock.advance(30 * MINUTE);
      const updates = at.sayAll().map((notification) => render(notification, LOOK));
      const quiet = updates.find((message) => linesOf(message).length > 6) as SlackMessage;
      assert.ok(linesOf(quiet).includes('💤 ERROR problem 1'));
      assert.deepEqual(colors(quiet), [INACTIVE_COLOR]);
    });

    it('A3: explains a digest of problems that had messages of their own, and not the reminders of a webhook', async () => {
      const digest = (canUpdate: boolean) => {
        const groups = numbered(8).map((_, n) => saidGroup({ count: 9, shown: 5, fingerprint: `${n}` }));
        const reasons = new Map(
          groups.map(({ fingerprint }) => [fingerprint, canUpdate ? 'changed' : 'scheduled'] as const),
        );
        return messageText(render({ ...selectionOf([groupOf()]), ...many(groups), reasons }, LOOK));
      };
      assert.match(
        digest(true),
        /^🔴 8 problems go on, 32 more records\n.*\nMore problems change than Slack lets us update/,
      );
      assert.doesNotMatch(digest(false), /More problems change/);
    });

    it('keeps the mark and the counts of a row whose words are truncated', () => {
      const long = numbered(8, { body: 'x'.repeat(400) });
      const groups = long.map((each, n) => ({ ...groupOf(each, { fingerprint: `${n}` }), count: 9 }));
      const { rows, ...notification } = selectionOf(groups);
      const told = rows.map((row) => ({ ...row, alreadyReported: 4 }));
      for (const line of linesOf(render({ ...notification, rows: told }, LOOK)).slice(2, 10))
        assert.match(line, /\(\+5\)/);
    });

    it('names three groups in the text', () => {
      assert.deepEqual(
        renderOf(numbered(9))
          .text.split('\n')
          .map((line) => line.split(' · ')[0]),
        ['🔴 9 problems, 9 records', '🔴 ERROR problem 0', '🔴 ERROR problem 1', '🔴 ERROR problem 2'],
      );
    });
  });

  describe('a message that is posted again', () => {
    /** Five records were posted with a webhook, and this number came since. */
    async function reminded(more: number, afterMillis: number): Promise<SlackMessage> {
      const at = deskOf([{ body: 'disk is full' }], { canUpdate: false, times: 5 });
      at.say();
      at.fold('0', { body: 'disk is full' }, more);
      await at.clock.advance(afterMillis);
      return rendered(at);
    }

    it('shows the total and the new records, and has its own id', async () => {
      const lines = linesOf(await reminded(3, MINUTE));
      assert.match(lines[0] ?? '', /^🔴 ERROR ×8 · disk is full$/);
      assert.equal(lines[2], '3 more since the last message');
      assert.match(lines.at(-1) ?? '', /^details of 1 of 8 .* id id1\.2$/);
    });

    it('shows that the problem is quiet, and has a grey bar', async () => {
      const message = await reminded(3, 30 * MINUTE);
      assert.match(message.text, /^💤 ERROR ×8 disk is full/);
      assert.match(linesOf(message)[2] ?? '', /^3 more since the last message · quiet since Jan 1, 2026 /);
      assert.deepEqual(colors(message), [INACTIVE_COLOR]);
    });

    it('shows that the problem came back, and not that it is quiet', async () => {
      const at = deskOf([{ body: 'disk is full' }], { canUpdate: false, times: 1_204 });
      at.say();
      await at.clock.advance(HOUR);
      at.fold('0', { body: 'disk is full' }, 2);
      const message = rendered(at);
      const lines = linesOf(message);
      assert.match(lines[0] ?? '', /^🔴 ERROR ×2 · disk is full$/);
      assert.match(lines[2] ?? '', /^\*came back\* after it was quiet; 1,204 before, the last Jan 1, 2026 /);
      assert.match(lines.at(-1) ?? '', / id id2$/);
      assert.deepEqual(colors(message), [SEVERITY_BANDS[4]?.color]);
    });

    it('shows the details of a new record when the problem came back', async () => {
      const at = deskOf([{ attributes: { 'user.id': 'early' } }], { canUpdate: false });
      at.say();
      await at.clock.advance(HOUR);
      at.fold('0', { attributes: { 'user.id': 'late' } });
      const text = messageText(rendered(at));
      assert.match(text, /\*User\* `late`/);
      assert.doesNotMatch(text, /early/);
    });

    it('has a status for each of several', async () => {
      const at = deskOf(numbered(2), { canUpdate: false });
      at.sayAll();
      await at.clock.advance(MINUTE);
      for (const [n, each] of numbered(2).entries()) at.fold(`${n}`, each, n + 2);
      const lines = linesOf(rendered(at, true));
      assert.equal(lines[0], '🔴 2 problems go on, 5 more records');
      assert.ok(lines.includes('2 more since the last message') && lines.includes('3 more since the last message'));
    });
  });

  describe('a message that is updated', () => {
    it('keeps its words, and shows the current counts and status', async () => {
      const at = deskOf([{ body: 'disk is full' }]);
      at.say();
      at.fold('0', { body: 'tape is full' }, 11);
      await at.clock.advance(10 * SECOND);
      const changed = at.say();
      assert.equal(changed.act, 'update');
      assert.match(messageText(render(changed, LOOK)), /^🔴 ERROR ×12 · disk is full\n.* id id1$/s);
      await at.clock.advance(30 * MINUTE);
      const quiet = render(at.next(), LOOK);
      assert.match(messageText(quiet), /^💤 ERROR ×12 · disk is full\n.*\nquiet since Jan 1/);
      assert.deepEqual(colors(quiet), [INACTIVE_COLOR]);
    });

    it('shows that the problem is silenced, and has a grey bar', async () => {
      const at = deskOf([{ body: 'disk is full' }]);
      at.say();
      at.box.silence(at.group('0').message ?? assert.fail());
      await at.clock.advance(10 * SECOND);
      const message = rendered(at);
      assert.match(messageText(message), /^🔕 ERROR · disk is full\n.*\nsilenced with 🔕 for 24 hours\n/);
      assert.deepEqual(colors(message), [INACTIVE_COLOR]);
    });

    it('keeps its posted details when the problem has moved', async () => {
      const at = deskOf([{ body: 'disk is full' }]);
      at.say();
      await at.clock.advance(30 * MINUTE);
      at.say();
      at.fold('0', { body: 'disk is full' });
      at.say();
      await at.clock.advance(10 * SECOND);
      const notification = at.next();
      const message = render(notification, LOOK);
      assert.equal(notification.act, 'update');
      assert.deepEqual(Object.keys(message), ['text', 'blocks'], 'Slack leaves what is not given as it is');
      assert.match(message.text, /^↪️ ERROR disk is full/);
      assert.match(messageText(message), /^↪️ ERROR · disk is full\n.*\ngoes on in a newer message, id `id2(\.2)?`$/);
    });

    it('keeps an attachment for each of several groups, grey for a moved problem', async () => {
      const at = deskOf(numbered(3));
      at.say({ isGathered: true });
      await grow(at, '1', { body: 'problem 1' });
      at.say();
      await at.clock.advance(10 * SECOND);
      const message = rendered(at);
      assert.deepEqual(colors(message), [SEVERITY_BANDS[4]?.color, INACTIVE_COLOR, SEVERITY_BANDS[4]?.color]);
      const text = messageText({ attachments: message.attachments?.slice(1, 2) ?? [] });
      assert.match(text, /^↪️ ERROR ×3 · problem 1\n.*\ngoes on in a newer message, id `id2(\.2)?`$/);
    });
  });

  describe('a reply', () => {
    /** A live message, and then a variant. */
    function replyTo(first: Overrides, other: Overrides): SlackMessage {
      const at = deskOf([first]);
      at.say();
      at.fold('0', other);
      const notification = at.next();
      assert.equal(notification.act, 'reply');
      return render(notification, LOOK);
    }

    it('shows a record with all its details', () => {
      const stack = 'E: x\n    at pay (/app/src/pay.ts:41:13)';
      const attributes = { 'exception.message': 'tape is full', 'exception.stacktrace': stack, 'user.id': 'u-7' };
      const message = replyTo({ body: 'disk is full' }, { severityNumber: FATAL, attributes });
      assert.equal(message.text, 'Also: tape is full');
      assert.match(messageText(message), /^Also: tape is full\n.*`u-7`.*at pay \(\/app/s);
      assert.deepEqual(colors(message), [SEVERITY_BANDS[5]?.color]);
    });

    it('names the version in which the problem also occurs', () => {
      const resource = resourceFromAttributes({ 'service.version': '1.5.0' });
      assert.equal(replyTo({}, { resource }).text, 'Now also in version 1.5.0: disk is full');
    });

    it('shows that the same error comes from another place', () => {
      const from = (file: string): Overrides => ({
        attributes: { 'exception.message': 'x', 'exception.stacktrace': `E: x\n    at f (/app/src/${file}.ts:4:1)` },
      });
      assert.equal(replyTo(from('pay'), from('refund')).text, 'The same from another place: x');
    });

    const escalated = new Map<string, Reason>([['a', 'escalated']]);
    const grown = {
      ...selectionOf([groupOf({ body: 'disk is <full>' }, { count: 3_000 })]),
      act: 'reply',
      reasons: escalated,
    } as const;

    it('shows how much the rate has grown', () => {
      const rows = grown.rows.map((row) => ({ ...row, perMinute: 1_200 }));
      const message = render({ ...grown, rows }, LOOK);
      assert.equal(message.text, 'ten times as often as usual: 1,200 a minute, 3,000 in all · disk is &lt;full&gt;');
      assert.equal(
        messageText({ blocks: message.blocks }),
        '*ten times as often as usual: 1,200 a minute, 3,000 in all*',
      );
    });

    it('has the mention in the text and in the blocks', () => {
      const message = render(grown, LOOK, HERE);
      assert.match(message.text, /^<!here> ten times/);
      assert.deepEqual(liveMarkup({ blocks: message.blocks }), [HERE]);
    });

    it('stays on one line, so that a record cannot add lines', () => {
      const attributes = { 'exception.type': 'A\n🔴 Error', 'exception.message': 'm' };
      const news = replyTo({ body: 'disk is full' }, { attributes });
      const notification = { ...grown, rows: [{ ...grown.rows[0], what: 'A\n🔴 ERROR' }] } as unknown as Notification;
      for (const { text } of [news, render(notification, LOOK)]) assert.doesNotMatch(text, /\n/);
    });

    it('shows how many characters were truncated', () => {
      const message = replyTo({ body: 'disk is full' }, { body: 'x'.repeat(20_000) });
      assert.match(message.text, /… \(\+19,\d\d\d characters\)$/);
      assert.match(messageText({ blocks: message.blocks }), /… \(\+19,\d\d\d characters\)$/);
    });
  });

  describe('the mention', () => {
    it('is first in the text and in the blocks, and nowhere else', () => {
      for (const [count, isGathered] of [
        [1, false],
        [3, true],
        [9, false],
      ] as const) {
        const notification = deskOf(numbered(count)).next({ isGathered });
        const live = (message: SlackMessage) =>
          liveMarkup(messageBody(message)).filter((each) => !each.startsWith('<!date'));
        const message = render(notification, LOOK, HERE);
        assert.match(message.text, /^<!here> 🔴/);
        assert.deepEqual(live(message), [HERE, HERE], notification.kind);
        assert.deepEqual(live({ ...message, blocks: [] }), [HERE], 'once in the text');
        assert.deepEqual(live(render(notification, LOOK)), []);
      }
    });

    it('is before the status of the problem', () => {
      const notification = selectionOf([
        groupOf({}, { previousEpisode: { count: 1, lastSeenMillis: 0, ended: 'quiet', silenced: 0 } }),
      ]);
      assert.match(messageText(render(notification, LOOK, HERE)), /^@here · \*came back\*/m);
    });
  });

  describe('records that never arrived', () => {
    it('have their own message when nothing else is pending', () => {
      const at = desk();
      at.box.reportLost(1_204);
      const message = rendered(at);
      assert.match(
        message.text,
        /^⚠️ 1,204 records never arrived: the queue was full\. Raise maxQueueSize, or log less$/,
      );
      assert.match(messageText(message), /^⚠️ 1,204 records never arrived/);
    });
  });

  it('counts the records of a rest group since its new episode', async () => {
    const at = desk({ maxGroups: 1, canUpdate: false });
    const other = resourceFromAttributes({ 'service.name': 'mailer' });
    at.fold('a');
    at.fold('b', {}, 40);
    at.sayAll();
    await at.clock.advance(HOUR);
    at.fold('a', { body: 'a' });
    at.fold('c', { resource: other }, 3);
    at.say();
    assert.match(messageText(rendered(at)), /^🔴 ERROR ×3 .*\n3 ERROR; 3 mailer\n/s);
  });

  it('describes the records of a rest group', () => {
    const at = desk({ maxGroups: 1 });
    at.fold('a');
    at.fold('b');
    at.fold('c', { severityNumber: FATAL });
    at.say();
    const message = rendered(at);
    assert.match(message.text, /^🟣 FATAL.* ×2 everything else: more problems than are counted separately/);
    assert.match(messageText(message), /\n1 FATAL, 1 ERROR; 2 checkout\non web-1 {2}id id2$/);
  });

  it('has the same text without blocks when Slack refuses the blocks', () => {
    const message = renderOf(numbered(3));
    assert.deepEqual(renderPlainText(message), { text: message.text });
  });

  /** All later messages about a group: reminders, updates, replies, in each status. */
  function laterOf(records: readonly Overrides[]): readonly Notification[] {
    const at = deskOf(records);
    const first = at.next({ isGathered: true });
    const before = { count: 10 ** 15, lastSeenMillis: 0, ended: 'quiet', silenced: 10 ** 15 } as const;
    const big = { count: 2 * 10 ** 15, alreadyReported: 10 ** 15, perMinute: 10 ** 9 };
    const groups = first.groups.map((group) => ({ ...group, before, news: group.sample, count: big.count }));
    const told = (changes: object, row: object = {}): Notification => ({
      ...first,
      groups,
      ...changes,
      rows: first.rows.map((each) => ({ ...each, ...big, ...row })),
    });
    const reason = (reason: Reason) => new Map(groups.map(({ fingerprint }) => [fingerprint, reason]));
    return [
      told({ reasons: reason('escalated') }),
      told({ reasons: reason('regressed') }, { alreadyReported: 0 }),
      told({ act: 'update', reasons: reason('changed') }),
      told({ act: 'update', reasons: reason('quiet') }, { status: 'quiet' }),
      told({ act: 'update' }, { status: 'silenced' }),
      told({ act: 'update', groups: [] }, { status: 'moved' }),
      told({ act: 'reply', kind: 'single', reasons: reason('variant') }),
      told({ act: 'reply', kind: 'single', reasons: reason('escalated') }),
    ];
  }

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
        it(`hold for one group, for a few and for a digest full of ${name}, with a trace URL of ${traceUrl?.length ?? 0}`, () => {
          const look: Appearance = { traceUrl, attributes: ['*'] };
          for (const count of [1, 2, MAX_SINGLE_MESSAGES]) {
            assert.equal(problemWith(renderOf(numbered(count, fill(unit)), true, look)), undefined, `${count} groups`);
          }
          for (const count of [16, 60]) {
            assert.equal(problemWith(renderOf(numbered(count, fill(unit)), false, look)), undefined, `${count} groups`);
          }
        });

        it(`hold for all later messages about a group full of ${name}, with a trace URL of ${traceUrl?.length ?? 0}`, () => {
          const look: Appearance = { traceUrl, attributes: ['*'] };
          for (const count of [1, MAX_SINGLE_MESSAGES, 16, 60]) {
            for (const later of laterOf(numbered(count, fill(unit)))) {
              const message = render(later, look, `<!subteam^${'S'.repeat(20)}>`);
              assert.equal(problemWith(message), undefined, `${later.act} ${later.kind} of ${count}`);
              assert.ok(Buffer.byteLength(message.text) <= 4_000, 'what chat.update takes');
            }
          }
        });
      }
    }
  });

  describe('of a record with markup in every field', () => {
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
      /^<!date\^\d+\^(\{date_short_pretty\} )?\{time(_secs)?\}\|[\d :-]{19} UTC>$/.test(markup) ||
      markup === `<${TRACE_URL.replace('{traceId}', SPAN.traceId)}|${SPAN.traceId}>`;
    const assertDead = (message: SlackMessage): void => {
      assert.deepEqual(
        liveMarkup(messageBody(message)).filter((markup) => !isOurs(markup)),
        [],
      );
      assert.equal(problemWith(message), undefined);
      assert.doesNotMatch(JSON.stringify(message), /[\u202a-\u202e\u2066-\u2069\u200b]/);
      // Fences come in pairs, one at each end of a block.
      for (const code of JSON.stringify(message).match(/"(?:[^"\\]|\\.)*```(?:[^"\\]|\\.)*"/g) ?? []) {
        if (code.startsWith('"```')) assert.match(code, /^"```\\n(?:(?!```).)*\\n```"$/);
      }
    };

    for (const [name, overrides] of variants) {
      for (const traceUrl of [undefined, TRACE_URL]) {
        const look: Appearance = { traceUrl, attributes: ['*'] };
        const link = traceUrl ? 'with' : 'without';
        it(`lets Slack parse nothing of its ${name}, single, in several, in a digest or as plain text, ${link} a trace URL`, () => {
          const dates = (message: SlackMessage) =>
            liveMarkup(messageBody(message)).filter((each) => each.startsWith('<!date')).length;
          const single = renderOf([overrides], false, look);
          const several = renderOf([overrides, hostile(1), hostile(2)], true, look);
          const digest = renderOf(Array(9).fill(overrides), false, look);
          for (const records of [[overrides], [overrides, hostile(1)], Array(9).fill(overrides)])
            for (const later of laterOf(records)) assertDead(render(later, look));
          for (const message of [single, several, digest, ...[single, several, digest].map(renderPlainText)])
            assertDead(message);
          assert.deepEqual([dates(single), dates(several), dates(digest)], [1, 3, 1]);
        });
      }
    }

    it('still shows its text', () => {
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
