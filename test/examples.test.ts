import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { SlackProcessorStats } from 'opentelemetry-exporter-slack';
import { type Arrival, watchArrivals } from '../examples/shop/demo/arrivals.js';
import { readCounts, withoutCopies } from '../examples/shop/demo/shown.js';
import { findLosses } from '../examples/shop/demo/summary.js';
import {
  type Inbox,
  type InboxChannel,
  type InboxMessage,
  messageText,
  startInbox,
} from '../packages/slack-inbox/src/index.js';
import { buildIfStale, ended, killAll, start } from './support/processes.js';

describe('examples', () => {
  before(function () {
    this.timeout(60_000);
    buildIfStale();
  });

  after(killAll);

  describe('each', () => {
    let inbox: Inbox;

    beforeEach(async () => {
      inbox = await startInbox();
    });

    afterEach(() => inbox.close());

    async function run(file: string): Promise<{ message: InboxMessage; text: string; stdout: string }> {
      const webhook = { OTEL_EXPORTER_SLACK_WEBHOOK_URL: inbox.webhookUrl, NO_PROXY: '127.0.0.1' };
      const { code, stdout, stderr } = await ended(start([join('examples', file)], webhook));
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      const [message, ...others] = inbox.messages();
      assert.ok(message, 'nothing arrived');
      assert.deepEqual(others.map(messageText), []);
      return { message, text: messageText(message), stdout };
    }

    it('plain-provider.mjs posts the error and not the info', async () => {
      const { text } = await run('plain-provider.mjs');
      assert.match(text, /^🔴 ERROR · invoice 2026-114 could not be sent\n/);
      assert.doesNotMatch(text, /invoice run started/);
    });

    it('plain-provider.mjs warns when no destination is set', async () => {
      const none = { OTEL_EXPORTER_SLACK_WEBHOOK_URL: '', OTEL_EXPORTER_SLACK_TOKEN: '' };
      const { code, stderr } = await ended(start(['examples/plain-provider.mjs'], none));
      assert.equal(code, 0);
      assert.match(stderr, /OTEL_EXPORTER_SLACK_WEBHOOK_URL/);
    });

    it('commonjs.cjs posts the error with its stack', async () => {
      const { text } = await run('commonjs.cjs');
      assert.match(text, /^🔴 ERROR · RangeError: the total is negative: -12\.50\n/);
      assert.match(text, /at sendInvoice \(.*commonjs\.cjs:\d+:\d+\)/);
    });

    it('exporter-by-hand.mjs posts one message for forty equal warnings', async () => {
      const { text, stdout } = await run('exporter-by-hand.mjs');
      assert.match(text, /^🟠 WARN ×40 · backup is older than a day\n/);
      assert.equal(stdout, '40 accepted, 40 delivered in 1 request(s)\n');
    });

    it('cron-job.mjs posts its error, and exits with 1', async () => {
      const environment = { OTEL_EXPORTER_SLACK_WEBHOOK_URL: inbox.webhookUrl, NO_PROXY: '127.0.0.1' };
      const { code, stderr } = await ended(start(['examples/cron-job.mjs'], environment));
      assert.deepEqual({ code, stderr }, { code: 1, stderr: '' });
      const [text, ...others] = inbox.messages().map(messageText);
      assert.deepEqual(others, []);
      assert.match(text ?? '', /^🟣 FATAL · Error: no space left for customers\n[\s\S]*backup failed/u);
    });

    it('pino.mjs posts an error that pino logs, with its cause', async () => {
      const { text } = await run('pino.mjs');
      assert.match(text, /^🔴 ERROR · Error: mailbox is full: 452 insufficient system storage\nnewsletter/);
      assert.match(text, /letter was not delivered/);
      assert.match(text, /caused by Error: 452 insufficient system storage/);
    });

    it('custom-look.mjs posts a custom message, and mentions nobody', async () => {
      const { message, text } = await run('custom-look.mjs');
      assert.match(text, /^\*3×\* `job failed, <!channel>` in `thumbnails`\n\[Open the runbook\]/);
      assert.doesNotMatch(JSON.stringify(message.payload), /<!channel>/);
    });

    /** With a token, in a separate workspace. */
    async function runWithToken(file: string, channels: readonly InboxChannel[], more: Record<string, string> = {}) {
      const slack = await startInbox({ channels });
      const place = { OTEL_EXPORTER_SLACK_TOKEN: slack.token, OTEL_EXPORTER_SLACK_API_URL: slack.apiUrl };
      const channel = { OTEL_EXPORTER_SLACK_CHANNEL: slack.channel, NO_PROXY: '127.0.0.1' };
      const run = await ended(start([join('examples', file)], { ...place, ...channel, ...more }));
      const messages = slack.messages();
      await slack.close();
      const textsIn = (id: string) => messages.filter((message) => message.channel === id).map(messageText);
      return { ...run, messages, textsIn };
    }

    const ALERTS = { id: 'C0123ALERTS', name: 'alerts' };
    const ON_CALL = { id: 'C0123ONCALL', name: 'on-call' };
    const PAYMENTS = { id: 'C0123PAYMENTS', name: 'payments' };

    it('routing.mjs posts to the channels of its routes and mentions people on call', async () => {
      const { code, stdout, stderr, textsIn } = await runWithToken('routing.mjs', [ALERTS, ON_CALL, PAYMENTS]);
      assert.deepEqual([code, stderr], [0, '']);
      assert.equal(stdout, '#on-call: 1 delivered\n#payments: 1 delivered\n#alerts: 2 delivered\n');
      const [alerts, onCall, payments] = [ALERTS, ON_CALL, PAYMENTS].map(({ id }) => textsIn(id).join('\n'));
      assert.match(payments ?? '', /^🟠 WARN · the bank is slow\n/);
      assert.match(onCall ?? '', /^🟣 FATAL · the stock is gone\n[\s\S]*@here/);
      assert.match(alerts ?? '', /FATAL .*the stock is gone[\s\S]*ERROR .*the search is broken/);
      assert.doesNotMatch(`${alerts}${payments}`, /@here|the search is slow/);
    });

    it('routing.mjs posts to the fallback when the channel of the payments is archived', async () => {
      const archived = { ...PAYMENTS, isArchived: true };
      const { code, stdout, textsIn } = await runWithToken('routing.mjs', [ALERTS, ON_CALL, archived]);
      assert.equal(code, 0);
      assert.match(stdout, /^#payments: 1 delivered$/m);
      assert.deepEqual(textsIn(PAYMENTS.id), []);
      assert.match(textsIn(ALERTS.id).join('\n'), /^🟠 WARN · the bank is slow$/m);
    });

    it('workspaces.mjs posts the records of a customer to their workspace, and all records to its own', async () => {
      const acme = await startInbox({ channels: [{ id: 'C0ACME', name: 'shop-status' }] });
      const theirs = { ACME_SLACK_TOKEN: acme.token, ACME_SLACK_API_URL: acme.apiUrl };
      const { code, stderr, textsIn } = await runWithToken('workspaces.mjs', [ALERTS], theirs);
      const text = acme.messages().map(messageText).join('\n');
      await acme.close();
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(text, /^🟣 FATAL · the shop is down\n/u);
      assert.doesNotMatch(text, /report|till/);
      for (const each of [/a report is late/, /the shop is down/, /the till is down/]) {
        assert.match(textsIn(ALERTS.id).join('\n'), each);
      }
    });

    it('digest.mjs posts fifteen problems as one message and updates it', async () => {
      const { code, stdout, stderr, messages } = await runWithToken('digest.mjs', [ALERTS]);
      assert.deepEqual({ code, stderr, stdout }, { code: 0, stderr: '', stdout: '147 delivered\n' });
      const [message, ...others] = messages;
      assert.deepEqual([others.length, message?.edited === undefined], [0, false]);
      const text = messageText(message ?? { text: '' });
      assert.match(text, /^🔴 15 problems, 147 records\n/);
      assert.match(
        text,
        /\n🔴 ERROR ×121 teapots: an article has no price\n🔴 ERROR ×13 mugs: an article has no picture\n/,
      );
    });

    it('fingerprint.mjs splits a problem by tenant, and merges others', async () => {
      const { text } = await run('fingerprint.mjs');
      assert.match(text, /^🔴 4 problems, 8 records\n/);
      assert.match(text, /🔴 ERROR ×2 · report failed\n[^🔴]*tenant\.id = acme/u);
      assert.match(text, /🔴 ERROR · report failed\n[^🔴]*tenant\.id = globex/u);
      assert.match(text, /🔴 ERROR ×2 · sessions cannot be read\n/);
      assert.match(text, /🔴 ERROR ×3 · weekly report: Monday is missing\n/);
    });

    it('trace-link.mjs links to the trace', async () => {
      const { message } = await run('trace-link.mjs');
      const url = 'https://jaeger.example.org/trace/4bf92f3577b34da6a3ce929d0e0e4736?uiFind=00f067aa0ba902b7';
      assert.ok(JSON.stringify(message.payload).includes(`<${url}|`));
    });
  });
});

describe('the demo counts the records of the messages', () => {
  const block = (type: string, text: string) =>
    type === 'header'
      ? { type, text: { type: 'plain_text', text } }
      : { type: 'context', elements: [{ type: 'mrkdwn', text }] };
  const message = (headline: string, status = '', details = '') => ({
    text: 'push',
    blocks: [block('header', headline), block('context', `shop${status}`)],
    attachments: [{ blocks: [block('context', details)] }],
  });
  const recordsIn = (...parts: Parameters<typeof message>) => readCounts(message(...parts)).records;

  it('in headlines, in digests and in plain text', () => {
    assert.equal(recordsIn('🔴 ERROR · sold ×40 · 3 records'), 1);
    assert.equal(recordsIn('🔴 ERROR ×1,204 · Error: no'), 1_204);
    assert.equal(recordsIn('↪️ ERROR ×1,204 · Error: no'), 1_204);
    assert.equal(recordsIn('🟠 WARN (WARNING) ×7 · late'), 7);
    assert.equal(recordsIn('🟣 6 problems, 1,009 records'), 1_009);
    assert.equal(recordsIn('🔴 2 problems go on, 40 more records'), 40);
    assert.equal(recordsIn('🔴 1 problem goes on, 1 more record'), 1);
    assert.equal(readCounts({ text: '🔴 ERROR ×3 Error: no · shop\nat line 1' }).records, 3);
  });

  it('and only the new records of a reminder, and none from the text of the app', () => {
    assert.equal(recordsIn('🔴 ERROR ×50 · Error: no', '\n*ten times as often* · 40 more since the last message'), 40);
    assert.equal(recordsIn('🔴 ERROR ×50 · Error: no', '', '\n40 more since the last message'), 50);
  });

  it('and counts lost records separately', () => {
    const { records, lost } = readCounts(message('⚠️ 1,200 records never arrived: the queue was full'));
    assert.deepEqual({ records, lost }, { records: 0, lost: 1_200 });
  });

  it('in the later copy of a message instead of the earlier one', () => {
    const copies = [
      message('🔴 ERROR ×2 · no', '', 'on web-1  id 0a1b2c3d'),
      message('🔴 ERROR ×9 · no', '', 'on web-1  id 0a1b2c3d.2'),
      message('🔴 5 problems, 5 records', '', 'id 0a1b2c3d 99887766.2'),
    ];
    const records = withoutCopies(copies.map(readCounts)).map((each) => each.records);
    assert.deepEqual(records, [9, 5]);
  });

  it('in the last version of a message, without replies', async () => {
    const inbox = await startInbox();
    const ask = async (method: string, body: object): Promise<{ readonly ts: string }> => {
      const headers = { authorization: `Bearer ${inbox.token}`, 'content-type': 'application/json' };
      const text = JSON.stringify({ channel: inbox.channel, ...body });
      const answer = await fetch(`${inbox.apiUrl}${method}`, { method: 'POST', headers, body: text });
      return (await answer.json()) as { readonly ts: string };
    };
    const arrived: string[] = [];
    const watch = watchArrivals(inbox, ({ kind, message: { text } }: Arrival) => arrived.push(`${kind} ${text}`));
    const { ts } = await ask('chat.postMessage', { text: '🔴 ERROR ×3 no' });
    while (arrived.length < 1) await new Promise((resolve) => setTimeout(resolve, 10));
    await ask('chat.update', { ts, text: '🔴 ERROR ×40 no' });
    inbox.react(ts, 'eyes');
    await new Promise((resolve) => setTimeout(resolve, 1_000)); // Slack accepts one message a second
    await ask('chat.postMessage', { thread_ts: ts, text: 'Also ×7 yes' });
    const shown = watch.end();
    await inbox.close();
    assert.deepEqual(shown, { messages: 1, replies: 1, edits: 1, records: 40, lost: 0 });
    assert.deepEqual(arrived, ['posted 🔴 ERROR ×3 no', 'edited 🔴 ERROR ×40 no', 'replied Also ×7 yes']);
  });

  it('finds lost records', () => {
    const stats: SlackProcessorStats = {
      ...{ accepted: 9, delivered: 9, pending: 0, dropped: {}, requests: 2, throttled: 0, destinations: {} },
      ...{ emitted: 9, filtered: 0 },
    };
    const find = (change: Partial<SlackProcessorStats>, { error = 8, records = 9, lost = 0 } = {}) =>
      findLosses(
        { kind: 'report', logged: { error, fatal: 1 }, stats: { ...stats, ...change } },
        { messages: 2, replies: 1, edits: 3, records, lost },
      );
    assert.deepEqual(find({}), []);
    assert.deepEqual(find({}, { error: 9 }), ['the shop logged 10 errors, 9 were accepted']);
    assert.deepEqual(find({}, { records: 8 }), ['the messages report 8 records, Slack confirmed 9']);
    assert.deepEqual(find({}, { lost: 2 }), ['the messages report 2 lost records']);
    assert.deepEqual(find({ delivered: 6, dropped: { queue_full: 3 } }, { records: 6 }), [
      '3 records were dropped (3 queue_full)',
    ]);
    assert.equal(find({ delivered: 5, pending: 4 }, { records: 5 }).length, 1);
    assert.equal(find({ accepted: 10 }, { error: 9 }).length, 1);
  });

  it('does not report silenced records as lost', () => {
    const stats: SlackProcessorStats = {
      ...{ accepted: 9, delivered: 6, pending: 0, dropped: { silenced: 3 }, requests: 2, throttled: 0 },
      ...{ destinations: {}, emitted: 9, filtered: 0 },
    };
    const find = (records: number) =>
      findLosses(
        { kind: 'report', logged: { error: 9 }, stats },
        { messages: 1, replies: 0, edits: 1, records, lost: 0 },
      );
    assert.deepEqual([find(6), find(8), find(9)], [[], [], []]);
    assert.deepEqual([find(5).length, find(10).length], [1, 1]);
  });
});
