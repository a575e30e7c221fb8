import assert from 'node:assert/strict';
import { buildIfStale } from '../../../test/support/processes.js';
import type { Inbox } from '../src/index.js';
import type { Changes, FeedPart, Source, ThreadPart } from '../src/ui/wire.js';
import { callApi, closeInboxes, inboxWith, postWebhook, rawRequest, section } from './support.js';

async function get<T>(inbox: Inbox, path: string): Promise<T> {
  const { status, body } = await rawRequest(`${inbox.url}page/${path}`);
  assert.equal(status, 200, body);
  return JSON.parse(body) as T;
}

const feedOf = (inbox: Inbox, query = ''): Promise<FeedPart> => get(inbox, `feed?channel=${inbox.channel}${query}`);
const textsOf = ({ entries }: FeedPart): string[] =>
  entries.map((entry) => (entry.kind === 'message' ? entry.summary : entry.error));

async function post(inbox: Inbox, args: object): Promise<string> {
  return (await callApi(inbox, 'chat.postMessage', { channel: inbox.channel, ...args })).ts;
}

/** Receives the events as a page does. */
async function listen(inbox: Inbox, lastEventId = '') {
  const stop = new AbortController();
  const headers = { 'last-event-id': lastEventId };
  const response = await fetch(`${inbox.url}page/events`, { headers, signal: stop.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    stop: () => stop.abort(),
    async next(): Promise<{ readonly id: string; readonly changes: Changes }> {
      for (;;) {
        const found = /id: (.*)\ndata: (.*)\n\n/.exec(text);
        if (found?.[1] !== undefined && found[2] !== undefined) {
          text = text.slice(found.index + found[0].length);
          return { id: found[1], changes: JSON.parse(found[2]) as Changes };
        }
        const { value, done } = (await reader?.read()) ?? { done: true };
        assert.equal(done, false, 'the stream ended');
        text += value;
      }
    },
  };
}

describe('inbox: the routes of the page', () => {
  before(function () {
    this.timeout(60_000);
    buildIfStale();
  });
  afterEach(closeInboxes);

  it('allow only the page’s own files, and no frame, form or other server', async () => {
    const inbox = await inboxWith();
    const page = await rawRequest(inbox.url);
    const policy = String(page.headers['content-security-policy']);
    assert.match(
      policy,
      /^default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; /,
    );
    assert.match(
      policy,
      /base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'/,
    );
    assert.doesNotMatch(policy, /unsafe|\*/);
    assert.equal(page.headers['x-content-type-options'], 'nosniff');
    assert.doesNotMatch(page.body, /<script>|<style|\son\w+=|style=/);
    const files = [...page.body.matchAll(/(?:src|href)="(\/[^"]*)"/g)].map(([, path]) => path);
    assert.ok(files.length >= 4);
    for (const path of files) assert.equal((await rawRequest(new URL(String(path), inbox.url).href)).status, 200, path);
    const script = await rawRequest(`${inbox.url}ui/main.js`);
    assert.match(String(script.headers['content-type']), /^text\/javascript/);
  });

  it('answer 404 for other paths', async () => {
    const inbox = await inboxWith();
    for (const path of ['favicon.ico', 'ui/', 'ui/..%2findex.html', 'ui/../../package.json', 'ui/main.ts', 'page/']) {
      assert.equal((await rawRequest(inbox.url + path)).status, 404, path);
    }
    assert.equal((await rawRequest(inbox.url, { method: 'POST' })).status, 404);
    assert.equal((await rawRequest(`${inbox.url}page/clear`)).status, 404);
    assert.deepEqual(inbox.requests(), []);
  });

  it('serve the page for a channel and for a permalink', async () => {
    const inbox = await inboxWith();
    for (const path of ['', '/p1700000000000000']) {
      const page = await rawRequest(`${inbox.url}archives/${inbox.channel}${path}`);
      assert.deepEqual([page.status, page.headers['content-type']], [200, 'text/html; charset=utf-8']);
    }
  });

  it('refuse a page of another host or origin', async () => {
    const inbox = await inboxWith();
    for (const path of ['page/feed?channel=x', 'page/thread?key=x', 'page/source?key=x', 'page/events']) {
      for (const headers of [
        { origin: 'https://evil.example' },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { host: 'evil.example' },
      ] as Record<string, string>[]) {
        assert.equal(
          (await rawRequest(inbox.url + path, { headers })).status,
          403,
          `${path} ${JSON.stringify(headers)}`,
        );
      }
    }
  });
});

describe('inbox: the feed of a channel', () => {
  afterEach(closeInboxes);

  it('has the messages of the channel, oldest first, in parts', async () => {
    const inbox = await inboxWith();
    for (let n = 0; n < 25; n++) await post(inbox, { text: `m${n}` });
    const names = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `m${from + n}`);
    const end = await feedOf(inbox, '&limit=10');
    assert.deepEqual([textsOf(end), end.atStart, end.atEnd], [names(15, 25), false, true]);
    const before = await feedOf(inbox, `&limit=10&before=${end.entries[0]?.order}`);
    assert.deepEqual([textsOf(before), before.atStart, before.atEnd], [names(5, 15), false, false]);
    const after = await feedOf(inbox, `&limit=30&after=${before.entries[0]?.order}`);
    assert.deepEqual([textsOf(after), after.atEnd], [names(6, 25), true]);
    const around = await feedOf(inbox, `&limit=4&around=${encodeURIComponent(before.entries[0]?.key ?? '')}`);
    assert.deepEqual(textsOf(around), names(3, 7));
    assert.equal((await feedOf(inbox, '&limit=9999')).entries.length, 25);
    assert.deepEqual(await get(inbox, 'feed?channel=CNOPE'), { entries: [], atStart: true, atEnd: true });
  });

  it('has a reply only if it was also sent to the channel, and counts the replies of a message', async () => {
    const inbox = await inboxWith();
    const ts = await post(inbox, { text: 'parent' });
    await post(inbox, { text: 'quiet', thread_ts: ts });
    await post(inbox, { text: 'loud', thread_ts: ts, reply_broadcast: true });
    const { entries } = await feedOf(inbox);
    assert.deepEqual(textsOf({ entries, atStart: true, atEnd: true }), ['parent', 'loud']);
    const [parent] = entries;
    assert.ok(parent?.kind === 'message');
    assert.equal(parent.replies?.count, 2);
    const thread = await get<ThreadPart>(inbox, `thread?key=${encodeURIComponent(parent.key)}`);
    assert.deepEqual(
      [thread.parent?.summary, thread.replies.map(({ summary }) => summary)],
      ['parent', ['quiet', 'loud']],
    );
    await callApi(inbox, 'chat.delete', { channel: inbox.channel, ts });
    const orphan = await get<ThreadPart>(inbox, `thread?key=${encodeURIComponent(parent.key)}`);
    assert.deepEqual([orphan.parent, orphan.replies.length], [undefined, 2]);
  });

  it('has refused requests with reason and pointer, as has the list of all refusals', async () => {
    const inbox = await inboxWith();
    await postWebhook(inbox, { blocks: [section('ok'), section('x'.repeat(3_001))] });
    await callApi(inbox, 'chat.postMessage', { channel: '#nowhere', text: 'x' });
    const [refusal] = (await feedOf(inbox)).entries;
    assert.ok(refusal?.kind === 'refusal');
    assert.deepEqual([refusal.method, refusal.error, refusal.status], ['webhook', 'invalid_blocks', 400]);
    assert.deepEqual(refusal.problems, [{ text: 'must be less than 3001 characters', pointer: '/blocks/1/text/text' }]);
    assert.match(refusal.reason, /Block Kit/);
    const all = await get<FeedPart>(inbox, 'feed?channel=refused');
    assert.deepEqual(textsOf(all), ['invalid_blocks', 'channel_not_found']);
  });

  it('has requests that a fault broke, and not those that it only delayed', async () => {
    const inbox = await inboxWith({
      faults: [
        { kind: 'reset', times: 1 },
        { kind: 'slow', delayMillis: 1 },
      ],
    });
    await assert.rejects(postWebhook(inbox, { text: 'x' }));
    await postWebhook(inbox, { text: 'late' });
    const { entries } = await feedOf(inbox);
    assert.deepEqual(
      entries.map((entry) => (entry.kind === 'refusal' ? [entry.error, entry.isFault] : entry.summary)),
      [['reset', true], 'late'],
    );
  });

  it('can be searched for all words, also in blocks and attachments', async () => {
    const inbox = await inboxWith();
    await post(inbox, { text: 'x', blocks: [section('Disk is *full* on web-1')] });
    await post(inbox, { attachments: [{ text: 'disk is fine' }] });
    assert.equal((await feedOf(inbox, '&q=DISK')).entries.length, 2);
    assert.equal((await feedOf(inbox, '&q=web-1+disk')).entries.length, 1);
    assert.equal((await feedOf(inbox, '&q=cpu')).entries.length, 0);
  });

  it('has the JSON of each entry, with a link to Block Kit Builder', async () => {
    const inbox = await inboxWith();
    const blocks = [section('a#b & "c"')];
    const attachments = [{ color: '#ff0000', text: 'x' }];
    await post(inbox, { blocks, attachments });
    await post(inbox, { text: 'only text' });
    await post(inbox, { blocks: [{ type: 'section' }] });
    const { entries } = await feedOf(inbox);
    const sources = await Promise.all(
      entries.map(({ key }) => get<Source>(inbox, `source?key=${encodeURIComponent(key)}`)),
    );
    const inBuilder = sources.map(({ builderUrl = '' }) => {
      assert.match(builderUrl, /^https:\/\/app\.slack\.com\/block-kit-builder\/#%7B/);
      return JSON.parse(decodeURIComponent(new URL(builderUrl).hash.slice(1)));
    });
    assert.deepEqual(inBuilder, [
      { blocks, attachments },
      { blocks: [section('only text')] },
      { blocks: [{ type: 'section' }] },
    ]);
    assert.match(JSON.stringify(sources[0]?.json), /^\{"type":"message".*"blocks":\[\{"type":"section"/);
    assert.equal(sources[2]?.problems[0]?.pointer, '/blocks/0');
    assert.equal((await rawRequest(`${inbox.url}page/source?key=nope`)).status, 404);
  });
});

describe('inbox: the events of the page', () => {
  afterEach(closeInboxes);

  it('are posts, updates, reactions, deletions and clearing, each with the current version', async () => {
    const inbox = await inboxWith();
    const { channel } = inbox;
    const page = await listen(inbox);
    assert.equal((await page.next()).changes.reload, true, 'at first it has to ask for all');
    const ts = await post(inbox, { text: 'first &amp; <https://a.example|link>' });
    const posted = (await page.next()).changes.entries?.[0];
    assert.match(JSON.stringify(posted), /"first & ",{"tag":"a","href":"https:\/\/a.example\/"/);
    await callApi(inbox, 'chat.update', { channel, ts, text: 'changed' });
    const [updated] = (await page.next()).changes.entries ?? [];
    assert.deepEqual([updated?.key, updated?.kind === 'message' && updated.isEdited], [posted?.key, true]);
    inbox.react(ts, 'eyes');
    assert.match(
      JSON.stringify((await page.next()).changes.entries),
      /"text":"👀","count":1,"isOwn":true,"people":"you"/,
    );
    await callApi(inbox, 'chat.delete', { channel, ts });
    assert.deepEqual((await page.next()).changes.removed, [posted?.key]);
    inbox.clear();
    assert.equal((await page.next()).changes.reload, true);
    page.stop();
  });

  it('name the thread of a reply, and the new number of replies', async () => {
    const inbox = await inboxWith();
    const ts = await post(inbox, { text: 'parent' });
    const page = await listen(inbox);
    await page.next();
    await post(inbox, { text: 'reply', thread_ts: ts });
    const { entries = [] } = (await page.next()).changes;
    const key = `${inbox.channel}/${ts}`;
    assert.deepEqual(
      entries.map(
        (entry) => entry.kind === 'message' && [entry.thread, entry.order === undefined, entry.replies?.count],
      ),
      [
        [key, true, undefined],
        [undefined, false, 1],
      ],
    );
    page.stop();
  });

  it('count unread messages, until the page marks them as seen', async () => {
    const inbox = await inboxWith();
    await post(inbox, { text: 'a' });
    await postWebhook(inbox, {});
    const page = await listen(inbox);
    const unread = ({ state }: Changes) => [state.channels[0]?.unread, state.channels[1]?.unread, state.refused.unread];
    assert.deepEqual(unread((await page.next()).changes), [2, 0, 1]);
    const { origin } = new URL(inbox.url);
    const headers = { origin, 'content-type': 'application/json' };
    const body = JSON.stringify({ channel: inbox.channel });
    await rawRequest(`${inbox.url}page/seen`, { method: 'POST', headers, body });
    assert.deepEqual(unread((await page.next()).changes), [0, 0, 1]);
    await post(inbox, { text: 'b' });
    assert.deepEqual(unread((await page.next()).changes), [1, 0, 1]);
    page.stop();
  });

  it('ask a page to reload, unless it missed nothing', async () => {
    const inbox = await inboxWith();
    const page = await listen(inbox);
    await page.next();
    await post(inbox, { text: 'a' });
    const { id } = await page.next();
    page.stop();
    const same = await listen(inbox, id);
    assert.equal((await same.next()).changes.reload, undefined);
    same.stop();
    await post(inbox, { text: 'b' });
    const late = await listen(inbox, id);
    assert.equal((await late.next()).changes.reload, true);
    late.stop();
    const other = await listen(await inboxWith(), id);
    assert.equal((await other.next()).changes.reload, true, 'another inbox on the same port');
    other.stop();
  });

  it('are few in a storm, with no more entries than a page can show', async () => {
    const inbox = await inboxWith();
    const page = await listen(inbox);
    await page.next();
    const start = performance.now();
    await Promise.all(Array.from({ length: 300 }, () => postWebhook(inbox, { text: 'x' })));
    let events = 0;
    for (let seen = 0; seen < 300; events++) seen = (await page.next()).changes.state.messages;
    // All changes of 50 ms are one event, so the number depends on the speed of the machine.
    const most = (performance.now() - start) / 45 + 2;
    assert.ok(events < most, `${events} events, not ${most}`);
    page.stop();
  });

  it('list the faults with their remaining time', async () => {
    const inbox = await inboxWith();
    const page = await listen(inbox);
    await page.next();
    inbox.setFaults([
      { kind: 'status', status: 503, forMillis: 30_000, methods: ['webhook'] },
      { kind: 'reset', times: 2 },
    ]);
    const { faults } = (await page.next()).changes.state;
    const [first, second] = faults;
    assert.deepEqual(
      [first?.label, first?.methods, second?.label, second?.timesLeft],
      ['HTTP 503', ['webhook'], 'reset', 2],
    );
    assert.ok((first?.remainingMillis ?? 0) > 25_000);
    inbox.clearFaults();
    assert.deepEqual((await page.next()).changes.state.faults, []);
    page.stop();
  });
});
