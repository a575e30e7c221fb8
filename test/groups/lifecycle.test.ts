import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Mention } from '../../src/config/settings.js';
import type { Outcome } from '../../src/slack/types.js';
import type { ChannelMessage } from '../support/channel.js';
import {
  CHANNEL,
  type TestDestination,
  type TestDestinationOptions,
  testDestination,
  WEBHOOK,
} from '../support/destination.js';
import { captureDiag, type DiagCapture } from '../support/diag.js';
import { FATAL } from '../support/records.js';
import { word } from '../support/words.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const HERE: Mention = { markup: '<!here>', on: new Set(['new', 'regressed', 'escalated', 'fatal']) };

const headline = ({ message }: ChannelMessage): string => {
  const header = message.blocks?.find(({ type }) => type === 'header') as { text?: { text: string } } | undefined;
  return header?.text?.text ?? message.text;
};
const said = (message: ChannelMessage | undefined): string => JSON.stringify(message?.message ?? '');
const mentions = (destination: TestDestination): number =>
  destination.channel.requests.filter(
    ({ request }) => request.act !== 'reactions' && JSON.stringify(request).includes('<!here>'),
  ).length;

describe('the life of a problem', () => {
  let diag: DiagCapture;
  const open: TestDestination[] = [];
  beforeEach(() => {
    diag = captureDiag();
  });
  afterEach(async () => {
    for (const destination of open.splice(0)) await destination.loop.close(destination.clock.monotonic());
    diag.stop();
  });

  function start(options: TestDestinationOptions = {}): TestDestination {
    const destination = testDestination({ destination: CHANNEL, ...options });
    open.push(destination);
    return destination;
  }

  /** Emits `body` every `everyMillis` milliseconds until a time. */
  async function recurring(
    destination: TestDestination,
    body: string,
    everyMillis: number,
    untilMillis: number,
  ): Promise<void> {
    while (destination.clock.monotonic() < untilMillis) {
      destination.accept(body);
      await destination.clock.advance(everyMillis);
    }
  }

  describe('with a token', () => {
    it('is one message for a whole day, in which every record is counted', async () => {
      const destination = start();
      await recurring(destination, 'disk is full', 10 * MINUTE, 24 * HOUR);
      await destination.clock.advance(SECOND);
      equal(destination.channel.messages.length, 1);
      match(headline(destination.channel.messages[0] as ChannelMessage), /🔴 ERROR ×144 · disk is full/);
      deepEqual([destination.counts().delivered, destination.counts().pending], [144, 0]);
      const asked = (act: string): number =>
        destination.channel.requests.filter(({ request }) => request.act === act).length;
      deepEqual(
        [asked('post'), asked('update'), asked('reactions')],
        [1, 143, 143],
        'reactions are read once an update',
      );
    });

    it('is updated at most every ten seconds, with count, rate, hosts and versions', async () => {
      const destination = start();
      await recurring(destination, 'disk is full', 100, 90 * SECOND);
      const updates = destination.channel.requests.filter(({ request }) => request.act === 'update');
      const gaps = updates.map(({ atMillis }, at) => atMillis - (updates[at - 1]?.atMillis ?? 0));
      ok(updates.length >= 7, `${updates.length} updates`);
      ok(
        gaps.every((gap) => gap >= 10 * SECOND),
        gaps.join(' '),
      );
      match(said(destination.channel.messages[0]), /×[89]\d\d .*\d+ times, 600 a minute, from .*on web-1/);
    });

    it('is marked as quiet, once, after half an hour without a record, and loses its colour', async () => {
      const destination = start();
      destination.accept('disk is full');
      await destination.clock.advance(29 * MINUTE);
      match(headline(destination.channel.messages[0] as ChannelMessage), /^🔴/);
      await destination.clock.advance(2 * MINUTE);
      match(headline(destination.channel.messages[0] as ChannelMessage), /^💤 ERROR · disk is full/);
      match(said(destination.channel.messages[0]), /quiet since/);
      equal(destination.channel.messages[0]?.message.attachments?.[0]?.color, '#9aa0a6');
      await destination.clock.advance(10 * HOUR);
      equal(destination.channel.messages[0]?.edits, 1);
    });

    it('is posted again when it comes back after it was quiet, mentions, and marks the old message', async () => {
      const destination = start({ mention: HERE });
      destination.accept('disk is full', 'disk is full');
      await destination.clock.advance(2 * HOUR);
      equal(mentions(destination), 1);
      destination.accept('disk is full');
      await destination.clock.advance(MINUTE);
      const [old, back] = destination.channel.messages;
      equal(destination.channel.messages.length, 2);
      match(headline(old as ChannelMessage), /^↪️ ERROR ×2 · disk is full/);
      match(headline(back as ChannelMessage), /^🔴 ERROR · disk is full/);
      match(said(back), /<!here> · \*came back\* after it was quiet; 2 before/);
      equal(mentions(destination), 2);
      deepEqual([destination.counts().delivered, destination.counts().pending], [3, 0]);
    });

    it('is forgotten a day after its last record', async () => {
      const destination = start();
      destination.accept('disk is full');
      await destination.clock.advance(23 * HOUR);
      equal(destination.outbox.groups.all().length, 1);
      await destination.clock.advance(2 * HOUR);
      equal(destination.outbox.groups.all().length, 0);
    });

    it('posts variants in the thread: one reply a minute, five in all', async () => {
      const destination = start();
      for (let at = 0; at < 20; at++) {
        const exception = { 'exception.type': 'Error', 'exception.message': `cannot ${word(at)}` };
        destination.acceptRecord({
          attributes: { ...exception, 'slack.fingerprint': 'payments' },
          body: 'failed',
        });
        await destination.clock.advance(30 * SECOND);
      }
      const replies = destination.channel.messages.filter(({ threadTs }) => threadTs !== undefined);
      equal(destination.channel.top().length, 1);
      equal(replies.length, 5);
      ok(replies.every(({ threadTs }) => threadTs === destination.channel.messages[0]?.ts));
      match(said(replies[0]), /Also: Error: cannot qb/);
      const gaps = replies.map(
        ({ postedAtMillis }, at) => postedAtMillis - (replies[at - 1]?.postedAtMillis ?? -MINUTE),
      );
      ok(
        gaps.every((gap) => gap >= MINUTE),
        gaps.join(' '),
      );
    });

    it('posts in the thread, with a mention, that its rate has grown tenfold', async () => {
      const destination = start({ mention: HERE });
      await recurring(destination, 'disk is full', 60 * SECOND, 70 * MINUTE);
      equal(mentions(destination), 1);
      await recurring(destination, 'disk is full', SECOND, 71 * MINUTE);
      const [reply] = destination.channel.messages.filter(({ threadTs }) => threadTs !== undefined);
      match(said(reply), /<!here> \*ten times as often as usual: 1\d a minute/);
      ok(reply?.isBroadcast);
      equal(mentions(destination), 2);
    });

    it('continues in a new message when somebody deleted the old one', async () => {
      const destination = start();
      destination.accept('disk is full');
      await destination.clock.advance(5 * SECOND);
      destination.channel.remove(destination.channel.messages[0]?.ts ?? '');
      await recurring(destination, 'disk is full', 10 * SECOND, 3 * MINUTE);
      equal(destination.channel.messages.length, 1);
      match(headline(destination.channel.messages[0] as ChannelMessage), /×\d+ · disk is full/);
      ok((destination.channel.messages[0]?.edits ?? 0) > 1, 'the new one lives on');
    });

    it('is posted as reminders, not with each count, where Slack refuses updates', async () => {
      const destination = start();
      destination.accept('disk is full');
      await destination.clock.advance(5 * SECOND);
      const closed: Outcome = { kind: 'refused', reason: 'edit_window_closed', because: 'message' };
      const ask = destination.channel.ask;
      destination.channel.answers.push({ kind: 'sent' }, closed);
      ok(ask);
      await recurring(destination, 'disk is full', SECOND, 30 * SECOND);
      equal(destination.channel.messages.length, 2, 'one more, for the power of ten');
    });

    it('keeps to twenty updates a minute with forty live messages, and starves none', async () => {
      const destination = start();
      for (let at = 0; at < 40; at++) {
        destination.accept(`problem ${word(at)}`);
        await destination.clock.advance(1_100);
      }
      equal(destination.channel.messages.length, 40);
      const from = destination.clock.monotonic();
      for (let second = 0; second < 300; second++) {
        for (let at = 0; at < 40; at++) destination.acceptRecord({ body: `problem ${word(at)}` }, at === 0 ? 100 : 1);
        await destination.clock.advance(SECOND);
      }
      const updates = destination.channel.requests.filter(
        ({ request, atMillis }) => request.act === 'update' && atMillis > from,
      );
      ok(updates.length <= 105, `${updates.length} updates in five minutes`);
      ok(destination.channel.messages.every(({ edits }) => edits >= 1));
      deepEqual(destination.channel.answers, []);
    });

    it('halves its updates when Slack answers that they are too many', async () => {
      const destination = start({ scopes: ['chat:write'] });
      for (let at = 0; at < 20; at++) {
        destination.accept(`problem ${word(at)}`);
        await destination.clock.advance(1_100);
      }
      for (let at = 0; at < 20; at++) destination.accept(`problem ${word(at)}`);
      destination.channel.answers.push({ kind: 'retry', reason: 'rate_limited', rateLimitedMillis: 5 * SECOND });
      const from = destination.clock.monotonic();
      for (let second = 0; second < 60; second++) {
        for (let at = 0; at < 20; at++) destination.accept(`problem ${word(at)}`);
        await destination.clock.advance(SECOND);
      }
      const updates = destination.channel.requests.filter(
        ({ request, atMillis }) => request.act === 'update' && atMillis >= from,
      );
      ok(updates.length <= 12, `${updates.length} updates in the minute after`);
      equal(destination.counts().throttled, 1);
    });
  });

  describe('with a webhook', () => {
    it('is posted at once, then after 1, 5, 30 and 60 minutes, then hourly, and at each power of ten', async () => {
      const destination = start({ destination: WEBHOOK });
      await recurring(destination, 'disk is full', 20 * SECOND, 4 * HOUR);
      const minutes = destination.channel.messages.map(({ postedAtMillis }) => Math.round(postedAtMillis / MINUTE));
      // 10 records after 3 minutes, 100 after 33.
      deepEqual(minutes, [0, 1, 3, 5, 30, 33, 60, 120, 180, 240]);
      match(said(destination.channel.messages[2]), /×10 .*7 more since the last message/);
    });

    it('is at most thirty messages for a whole day, in which every record is counted', async () => {
      const destination = start({ destination: WEBHOOK });
      await recurring(destination, 'disk is full', 10 * MINUTE, 24 * HOUR);
      ok(destination.channel.messages.length <= 30, `${destination.channel.messages.length} messages`);
      await destination.clock.advance(HOUR);
      deepEqual([destination.counts().delivered, destination.counts().pending], [144, 0]);
    });

    it('reports the remaining counts when it becomes quiet, and that it is quiet', async () => {
      const destination = start({ destination: WEBHOOK });
      await recurring(destination, 'disk is full', MINUTE, 65 * MINUTE);
      await destination.clock.advance(2 * HOUR);
      match(headline(destination.channel.messages.at(-1) as ChannelMessage), /^💤 ERROR ×65/);
      equal(destination.counts().pending, 0);
    });

    it('comes back with a new message that mentions, and reports the earlier episode', async () => {
      const destination = start({ destination: WEBHOOK, mention: HERE });
      destination.accept('disk is full');
      await destination.clock.advance(3 * HOUR);
      destination.accept('disk is full');
      await destination.clock.advance(SECOND);
      match(said(destination.channel.messages.at(-1)), /<!here> · \*came back\*/);
      equal(mentions(destination), 2);
    });
  });

  describe('mentions', () => {
    it('are never sent twice for one problem within an hour', async () => {
      const destination = start({ mention: HERE, destination: WEBHOOK });
      destination.accept('disk is full');
      await destination.clock.advance(40 * MINUTE);
      destination.accept('disk is full');
      await destination.clock.advance(10 * SECOND);
      match(said(destination.channel.messages.at(-1)), /came back/);
      equal(mentions(destination), 1);
    });

    it('are at most ten an hour for a destination, however many problems are new, and two of them are reserved for FATAL', async () => {
      const destination = start({ mention: HERE });
      for (let at = 0; at < 30; at++) {
        destination.accept(`problem ${word(at)}`);
        await destination.clock.advance(MINUTE);
      }
      equal(mentions(destination), 8);
      for (let at = 0; at < 5; at++) {
        destination.accept(`fatal ${word(at)}`);
        await destination.clock.advance(MINUTE);
      }
      equal(mentions(destination), 10);
      await destination.clock.advance(HOUR);
      destination.accept('another one');
      await destination.clock.advance(SECOND);
      equal(mentions(destination), 11);
    });

    it('are not sent by a shutdown in quiet hours', async () => {
      const destination = start({ mention: HERE, quietHoursMillis: () => HOUR });
      destination.accept('disk is full');
      await destination.clock.advance(MINUTE);
      await destination.loop.close(destination.clock.monotonic() + 10 * SECOND);
      deepEqual([destination.channel.messages.length, mentions(destination)], [1, 0]);
    });

    it('are sent only for FATAL, when the option is set to that', async () => {
      const destination = start({ mention: { markup: '<!here>', on: new Set(['fatal']) } });
      destination.accept('disk is full', 'fatal: no disk');
      await destination.clock.advance(5 * SECOND);
      equal(mentions(destination), 1);
      match(said(destination.channel.messages[0]), /<!here>.*no disk/);
    });
  });

  describe('answers by reaction', () => {
    it('no_bell silences a problem for a day: its records are dropped as silenced, and then the problem continues', async () => {
      const destination = start();
      destination.accept('disk is full');
      await destination.clock.advance(5 * SECOND);
      destination.channel.messages[0]?.reactions.add('no_bell');
      await recurring(destination, 'disk is full', MINUTE, 23 * HOUR);
      equal(destination.channel.messages.length, 1);
      match(headline(destination.channel.messages[0] as ChannelMessage), /^🔕/);
      const { delivered, dropped, pending, accepted } = destination.counts();
      deepEqual([delivered + (dropped.silenced ?? 0) + pending, delivered, pending], [accepted, 1, 0]);
      await recurring(destination, 'disk is full', MINUTE, 25 * HOUR);
      equal(destination.channel.messages.length, 2);
      match(said(destination.channel.messages[1]), /goes on\* after it was silenced with 🔕; 1,4\d\d meanwhile/);
    });

    it('white_check_mark closes a problem: the next record is posted again, and mentions', async () => {
      const destination = start({ mention: HERE });
      destination.accept('disk is full');
      await destination.clock.advance(2 * HOUR - 100 * MINUTE);
      destination.channel.messages[0]?.reactions.add('white_check_mark');
      await destination.clock.advance(HOUR);
      destination.accept('disk is full');
      await destination.clock.advance(MINUTE);
      equal(destination.channel.messages.length, 2);
      match(said(destination.channel.messages[1]), /\*came back\* after it was closed with ✅; 1 before/);
      match(headline(destination.channel.messages[0] as ChannelMessage), /^↪️/);
      equal(mentions(destination), 2);
      deepEqual([destination.counts().delivered, destination.counts().pending], [2, 0]);
    });

    it('are not read when the token may not read reactions', async () => {
      const destination = start({ scopes: ['chat:write'] });
      await recurring(destination, 'disk is full', SECOND, MINUTE);
      equal(destination.channel.requests.filter(({ request }) => request.act === 'reactions').length, 0);
    });

    it('are never read again when Slack refuses the request', async () => {
      const destination = start();
      destination.accept('disk is full');
      await destination.clock.advance(11 * SECOND);
      destination.channel.answers.push({ kind: 'refused', reason: 'missing_scope', because: 'destination' });
      await recurring(destination, 'disk is full', SECOND, 2 * MINUTE);
      equal(destination.channel.requests.filter(({ request }) => request.act === 'reactions').length, 1);
      ok((destination.channel.messages[0]?.edits ?? 0) >= 5, 'updates go on');
      deepEqual(diag.warnings, []);
    });

    it('to a digest apply to all its problems', async () => {
      const destination = start();
      const problems = Array.from({ length: 15 }, (_, at) => `problem ${word(at)}`);
      destination.accept(...problems);
      await destination.clock.advance(5 * SECOND);
      destination.channel.messages[0]?.reactions.add('no_bell');
      destination.accept(...problems);
      await destination.clock.advance(30 * SECOND);
      destination.accept(...problems);
      await destination.clock.advance(MINUTE);
      equal(destination.channel.messages.length, 1);
      deepEqual(destination.counts().dropped, { silenced: 30 });
    });
  });

  describe('a digest', () => {
    const problems = Array.from({ length: 60 }, (_, at) => `problem ${word(at)}`);

    it('is one message that is updated as one', async () => {
      const destination = start();
      destination.accept(...problems);
      for (let at = 0; at < 60; at++) {
        destination.accept(...problems.slice(0, 20));
        await destination.clock.advance(SECOND);
      }
      equal(destination.channel.messages.length, 1);
      match(headline(destination.channel.messages[0] as ChannelMessage), /🔴 60 problems, 1,\d\d\d records/);
      ok((destination.channel.messages[0]?.edits ?? 0) >= 4);
    });

    it('marks a row as moved when its problem comes back in a message of its own', async () => {
      const destination = start();
      destination.accept(...problems.slice(0, 10));
      await destination.clock.advance(HOUR);
      destination.accept('problem qa');
      await destination.clock.advance(MINUTE);
      equal(destination.channel.messages.length, 2);
      match(said(destination.channel.messages[0]), /↪️ ERROR problem qa.* goes on in a newer message/);
      match(headline(destination.channel.messages[1] as ChannelMessage), /🔴 ERROR · problem qa/);
      equal(destination.counts().delivered, 11);
    });

    it('posts an escalating row as its own message, which reports how many records are new', async () => {
      const destination = start();
      for (let minute = 0; minute < 5; minute++) {
        destination.accept(...problems.slice(0, 10));
        await destination.clock.advance(MINUTE);
      }
      await recurring(destination, 'problem qc', SECOND, 6 * MINUTE);
      await destination.clock.advance(MINUTE);
      equal(destination.channel.top().length, 2);
      const escalated = destination.channel.requests.filter(({ request }) =>
        JSON.stringify(request).includes('ten times'),
      );
      deepEqual(
        escalated.map(({ request }) => request.act),
        ['post'],
      );
      match(said(destination.channel.messages[1]), /ERROR ×6\d .*5\d more since the last message/);
      match(said(destination.channel.messages[0]), /↪️ ERROR .*problem qc/);
    });

    it('combines the reminders of a webhook as well', async () => {
      const destination = start({ destination: WEBHOOK });
      destination.accept(...problems);
      await destination.clock.advance(30 * SECOND);
      destination.accept(...problems, ...problems);
      await destination.clock.advance(MINUTE);
      equal(destination.channel.messages.length, 2);
      match(headline(destination.channel.messages[1] as ChannelMessage), /🔴 60 problems go on, 120 more records/);
    });
  });

  describe('bounds', () => {
    it('counts problems beyond maxGroups in one group, by severity and service, exactly', async () => {
      const destination = start({ maxGroups: 10 });
      destination.accept(...Array.from({ length: 25 }, (_, at) => `${at === 20 ? 'fatal' : ''} problem ${word(at)}`));
      await destination.clock.advance(5 * SECOND);
      equal(destination.channel.messages.length, 1);
      match(headline(destination.channel.messages[0] as ChannelMessage), /🟣 10 problems, 25 records/);
      match(
        said(destination.channel.messages[0]),
        /×15 everything else: more problems than are counted separately · .*1 FATAL, 14 ERROR; 15 checkout/,
      );
      equal(destination.counts().delivered, 25);
    });

    it('evicts a problem of one record, minutes old, for a new problem, and marks it as quiet', async () => {
      const destination = start({ maxGroups: 10 });
      for (let at = 0; at < 30; at++) {
        destination.accept(`problem ${word(at)}`);
        await destination.clock.advance(MINUTE);
      }
      equal(destination.channel.messages.length, 30);
      ok(destination.outbox.groups.all().every(({ kind }) => kind === 'problem'));
      ok(destination.outbox.groups.all().length <= 10);
      await destination.clock.advance(31 * MINUTE);
      ok(destination.channel.messages.every((message) => headline(message).startsWith('💤')));
    });

    it('never evicts a problem that continues: further problems are counted in one group', async () => {
      const destination = start({ maxGroups: 10 });
      for (let round = 0; round < 100; round++) {
        for (let at = 0; at < 12; at++) {
          destination.accept(`problem ${word(at)}`);
          await destination.clock.advance(5 * SECOND);
        }
      }
      equal(destination.channel.messages.length, 11);
      equal(destination.outbox.groups.all().filter(({ kind }) => kind === 'rest')[0]?.count, 200);
    });

    it('drops nothing as expired of a problem that never pauses, although part of it is always pending', async () => {
      const destination: TestDestination = start({
        scopes: ['chat:write'],
        ask(request) {
          // One comes while each message is under way.
          destination.accept('disk is full');
          return destination.channel.ask(request);
        },
      });
      destination.accept('disk is full');
      await destination.clock.advance(25 * HOUR);
      const { accepted, delivered, pending, dropped } = destination.counts();
      ok(accepted > 5_000);
      deepEqual([delivered + pending, pending, dropped], [accepted, 1, {}]);
    });

    it('reports in the channel the records that never arrived, in one message that counts', async () => {
      const destination = start();
      destination.accept('disk is full');
      destination.outbox.reportLost(1_204);
      destination.loop.wake();
      await destination.clock.advance(5 * SECOND);
      destination.outbox.reportLost(796);
      destination.loop.wake();
      await destination.clock.advance(MINUTE);
      deepEqual(destination.channel.messages.map(headline), [
        '🔴 ERROR · disk is full',
        '⚠️ 2,000 records never arrived: the queue was full. Raise maxQueueSize, or log less',
      ]);
      deepEqual(destination.counts().accepted, 1);
    });
  });

  describe('quiet hours', () => {
    /** From 1 h to 5 h after the start. */
    const night = (nowMillis: number): number => (nowMillis >= HOUR && nowMillis < 5 * HOUR ? 5 * HOUR - nowMillis : 0);

    it('hold everything but FATAL, and end in one message', async () => {
      const destination = start({ quietHoursMillis: night, mention: HERE });
      await destination.clock.advance(2 * HOUR);
      destination.accept('disk is full', 'no memory', 'fatal: power is gone');
      await destination.clock.advance(10 * MINUTE);
      deepEqual(destination.channel.messages.map(headline), ['🟣 FATAL · fatal: power is gone']);
      destination.accept('disk is full');
      await destination.clock.advance(2 * HOUR + 51 * MINUTE);
      equal(destination.channel.messages.length, 2);
      match(headline(destination.channel.messages[1] as ChannelMessage), /2 problems, 3 records/);
    });

    it('do not stop updates of posted messages', async () => {
      const destination = start({ quietHoursMillis: night });
      destination.accept('disk is full');
      await destination.clock.advance(HOUR - MINUTE * 20);
      destination.accept('disk is full');
      await recurring(destination, 'disk is full', 10 * MINUTE, 3 * HOUR);
      equal(destination.channel.messages.length, 2, 'it was quiet before the night began and came back');
      ok((destination.channel.messages[1]?.edits ?? 0) >= 10);
    });

    it('are not ended by a flush, but by the end of the process', async () => {
      const destination = start({ quietHoursMillis: night });
      await destination.clock.advance(2 * HOUR);
      destination.accept('disk is full');
      equal(await destination.loop.flush(destination.clock.monotonic() + 10 * SECOND), true);
      equal(destination.channel.messages.length, 0);
      await destination.loop.close(destination.clock.monotonic() + 10 * SECOND);
      equal(destination.channel.messages.length, 1);
    });
  });

  describe('a fallback', () => {
    const revoked: Outcome = { kind: 'refused', reason: 'token_revoked', because: 'destination' };

    it('takes over while the endpoint is blocked, and no longer once it works again', async () => {
      const destination = start({ destination: WEBHOOK, hasFallback: true });
      destination.channel.answers.push(revoked, revoked);
      destination.accept('disk is full');
      await destination.clock.advance(5 * SECOND);
      deepEqual(destination.second.messages.map(headline), ['🔴 ERROR · disk is full']);
      destination.accept('no memory');
      await destination.clock.advance(5 * SECOND);
      equal(destination.second.messages.length, 2);
      match(diag.warnings.join(), /token_revoked.*records go to C0SPARE/);
      match(said(destination.second.messages[0]), /\*meant for\* `C0ALERTS`, which does not take messages now/);
      await destination.clock.advance(3 * MINUTE);
      destination.accept('power is gone');
      await destination.clock.advance(5 * SECOND);
      equal(destination.second.messages.length, 3, 'the try after a minute was refused as well');
      await destination.clock.advance(3 * MINUTE);
      destination.accept('no network');
      await destination.clock.advance(5 * SECOND);
      deepEqual(destination.channel.messages.map(headline), ['🔴 ERROR · no network']);
      deepEqual([destination.counts().delivered, destination.counts().pending], [4, 0]);
    });
  });

  describe('the end', () => {
    it('updates the counts of live messages, without waiting for the interval', async () => {
      const destination = start();
      destination.accept('disk is full');
      await destination.clock.advance(SECOND);
      destination.accept('disk is full', 'disk is full');
      await destination.clock.advance(SECOND);
      equal(destination.counts().pending, 2);
      await destination.loop.close(destination.clock.monotonic() + 5 * SECOND);
      match(headline(destination.channel.messages[0] as ChannelMessage), /×3/);
      equal(destination.counts().pending, 0);
    });

    it('reports more than five changed messages in one new message', async () => {
      const destination = start();
      for (let at = 0; at < 8; at++) {
        destination.accept(`problem ${word(at)}`);
        await destination.clock.advance(1_100);
      }
      for (let at = 0; at < 8; at++) destination.accept(`problem ${word(at)}`, `problem ${word(at)}`);
      await destination.loop.close(destination.clock.monotonic() + 5 * SECOND);
      equal(destination.channel.messages.length, 9);
      match(headline(destination.channel.messages[8] as ChannelMessage), /🔴 8 problems go on, 16 more records/);
      deepEqual([destination.counts().delivered, destination.counts().pending], [24, 0]);
    });
  });

  it('never shows a FATAL with a lower severity', async () => {
    const destination = start();
    destination.acceptRecord({ severityNumber: FATAL, severityText: 'FATAL', body: 'power is gone' });
    await recurring(destination, 'disk is full', MINUTE, 40 * MINUTE);
    match(headline(destination.channel.messages[0] as ChannelMessage), /FATAL/);
  });
});
