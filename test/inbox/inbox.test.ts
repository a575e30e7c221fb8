import assert from 'node:assert/strict';
import { BoundedMap } from '../../src/inbox/bounded.js';
import { startInbox } from '../../src/inbox/index.js';
import { callApi, closeInboxes, fakeClock, inboxWith, postWebhook, rawRequest } from './support.js';

/** Reads server-sent events until one of that name, and returns its data. */
async function nextEvent(reader: ReadableStreamDefaultReader<Uint8Array>, name: string): Promise<string> {
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    assert.equal(done, false, `no event ${name} in ${text}`);
    text += new TextDecoder().decode(value);
    const found = new RegExp(`event: ${name}\\ndata: (.*)\\n\\n`).exec(text);
    if (found?.[1] !== undefined) return found[1];
  }
}

describe('inbox', () => {
  afterEach(closeInboxes);

  it('binds to loopback, on the port it is given, and rejects when that is taken', async () => {
    const inbox = await inboxWith();
    assert.match(inbox.url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    await assert.rejects(startInbox({ port: Number(new URL(inbox.url).port) }), { code: 'EADDRINUSE' });
  });

  it('has the channels it is given', async () => {
    const inbox = await inboxWith({ channels: [{ id: 'C1', name: '#one' }] });
    assert.equal(inbox.channel, 'C1');
    await postWebhook(inbox, { text: 'x' });
    assert.equal(inbox.messages('one').length, 1);
    assert.throws(() => inbox.messages('two'), /channel: expected one of C1, got two/);
    await assert.rejects(startInbox({ channels: [] }), /channels: expected at least one channel/);
  });

  it('logs every request with its time, channel, body and what became of it', async () => {
    const clock = fakeClock();
    const inbox = await inboxWith({ clock });
    await callApi(inbox, 'chat.postMessage', { channel: '#alerts', text: 'x' });
    clock.tick(500);
    await callApi(inbox, 'chat.postMessage', { channel: 'CNOPE', text: 'y' });
    const [first, second] = inbox.requests();
    assert.ok(first && second);
    const { monotonicMillis, ...rest } = first;
    assert.deepEqual(rest, {
      receivedAtMillis: clock.now() - 500,
      method: 'chat.postMessage',
      channel: inbox.channel,
      status: 200,
      body: { channel: '#alerts', text: 'x' },
      messageTs: inbox.messages()[0]?.ts,
    });
    assert.ok(second.monotonicMillis > monotonicMillis);
    assert.deepEqual([second.channel, second.error, second.messageTs], ['CNOPE', 'channel_not_found', undefined]);
    assert.equal(inbox.messages()[0]?.receivedAtMillis, clock.now() - 500);
  });

  it('waits for messages, those that are there and those to come', async () => {
    const inbox = await inboxWith();
    await postWebhook(inbox, { text: 'one' });
    assert.equal((await inbox.waitForMessages(1)).length, 1);
    const two = inbox.waitForMessages(2);
    await postWebhook(inbox, { text: 'two' });
    assert.deepEqual(
      (await two).map((each) => each.text),
      ['one', 'two'],
    );
  });

  it('says what is there when waiting was in vain', async () => {
    const inbox = await inboxWith();
    await postWebhook(inbox, { text: 'only me' });
    const wait = inbox.waitForMessages(2, { timeoutMillis: 1 });
    await assert.rejects(wait, /^Error: waited 1 ms: expected 2 messages, got 1\n.*"only me"$/);
    await assert.rejects(
      inbox.waitForMessages(1, { channel: '#general', timeoutMillis: 1 }),
      /expected 1 messages, got 0/,
    );
    await assert.rejects(inbox.waitForMessages(1, { channel: '#nowhere' }), /got #nowhere/);
  });

  it('ends waits, pages and connections when it closes, and closes twice', async () => {
    const inbox = await inboxWith();
    const wait = assert.rejects(inbox.waitForMessages(1), /the inbox was closed: expected 1 messages, got 0/);
    const events = await fetch(`${inbox.url}events`);
    const end = assert.rejects(events.text());
    await inbox.close();
    await inbox.close();
    await Promise.all([wait, end]);
    await assert.rejects(fetch(inbox.url));
    await assert.rejects(inbox.waitForMessages(1), /the inbox was closed/);
  });

  it('forgets messages, requests and rates when it is cleared', async () => {
    const inbox = await inboxWith({ clock: fakeClock(), rateLimit: true });
    await postWebhook(inbox, { text: 'x' });
    inbox.clear();
    assert.deepEqual([inbox.messages(), inbox.requests()], [[], []]);
    assert.equal((await postWebhook(inbox, { text: 'x' })).status, 200);
  });

  it('keeps a bounded number of items and bytes, the newest ones', () => {
    const map = new BoundedMap<string, number>({ maxItems: 3, maxBytes: 100 });
    for (const [n, key] of ['a', 'b', 'c', 'd'].entries()) map.set(key, n, 10);
    assert.deepEqual(map.values(), [1, 2, 3]);
    map.set('e', 4, 75);
    assert.deepEqual(map.values(), [2, 3, 4]);
    map.set('d', 5, 30);
    assert.deepEqual(map.values(), [4], 'an entry that grew keeps its place in the queue');
    map.set('f', 6, 1_000);
    assert.deepEqual(map.values(), [6], 'the newest one stays however large');
    map.delete('f');
    map.set('g', 7, 100);
    map.set('h', 8, 0);
    assert.deepEqual(map.values(), [7, 8]);
  });

  describe('page', () => {
    it('runs only its own script and style', async () => {
      const inbox = await inboxWith();
      const page = await rawRequest(inbox.url);
      const nonce = /script-src 'nonce-([^']+)'/.exec(String(page.headers['content-security-policy']))?.[1];
      assert.ok(nonce);
      assert.match(String(page.headers['content-security-policy']), /^default-src 'none';/);
      assert.deepEqual(
        [...page.body.matchAll(/<(?:script|style) nonce="([^"]+)">/g)].map((each) => each[1]),
        [nonce, nonce],
      );
      assert.doesNotMatch(page.body, /innerHTML|insertAdjacentHTML|document\.write/);
      assert.notEqual(
        (await rawRequest(inbox.url)).headers['content-security-policy'],
        page.headers['content-security-policy'],
      );
    });

    it('knows nothing else', async () => {
      const inbox = await inboxWith();
      assert.equal((await rawRequest(`${inbox.url}favicon.ico`)).status, 404);
      assert.equal((await rawRequest(inbox.url, { method: 'POST' })).status, 404);
      assert.equal((await rawRequest(`${inbox.url}reactions`)).status, 404);
      assert.deepEqual(inbox.requests(), []);
    });

    it('opens at a permalink', async () => {
      const inbox = await inboxWith();
      const page = await rawRequest(`${inbox.url}archives/${inbox.channel}/p1700000000000000`);
      assert.deepEqual([page.status, page.headers['content-type']], [200, 'text/html; charset=utf-8']);
    });

    it('hears which thread a reply belongs to, and twice of one that stands in the channel too', async () => {
      const inbox = await inboxWith();
      const { channel } = inbox;
      const post = (args: object) => callApi(inbox, 'chat.postMessage', { channel, text: 'x', ...args });
      const { ts } = await post({});
      await post({ thread_ts: ts });
      const loud = await post({ thread_ts: ts, reply_broadcast: true });
      const response = await fetch(`${inbox.url}events`);
      const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array>;
      const messages: Record<string, unknown>[] = JSON.parse(await nextEvent(reader, 'snapshot'));
      assert.deepEqual(
        messages.map((each) => [each.thread, each.isCopy]),
        [
          [undefined, undefined],
          [`${channel}/${ts}`, undefined],
          [`${channel}/${ts}`, undefined],
          [undefined, true],
        ],
      );
      assert.deepEqual([messages[2]?.ts, messages[3]?.ts], [loud.ts, loud.ts]);
      assert.notEqual(messages[2]?.key, messages[3]?.key);
      await reader.cancel();
    });

    it('hears of what is there, of posts, updates, deletions and clearing', async () => {
      const inbox = await inboxWith();
      const { channel } = inbox;
      const { ts } = await callApi(inbox, 'chat.postMessage', {
        channel,
        text: 'first &amp; <https://a.example|link>',
      });
      const response = await fetch(`${inbox.url}events`);
      const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array>;
      const [first] = JSON.parse(await nextEvent(reader, 'snapshot'));
      assert.match(JSON.stringify(first.tree), /"first & ",{"tag":"a","href":"https:\/\/a.example\/"/);
      await callApi(inbox, 'chat.postMessage', { channel, attachments: [{ color: 'danger', text: '<script>' }] });
      const second = JSON.parse(await nextEvent(reader, 'put'));
      assert.match(JSON.stringify(second.tree), /"#alerts".*"color":"#e01e5a".*"<script>"/);
      await callApi(inbox, 'chat.update', { channel, ts, text: 'changed' });
      const changed = JSON.parse(await nextEvent(reader, 'update'));
      assert.equal(changed.key, first.key);
      assert.match(JSON.stringify(changed.tree), /"\(edited\)".*"changed"/);
      await callApi(inbox, 'chat.delete', { channel, ts });
      assert.equal(JSON.parse(await nextEvent(reader, 'remove')).key, first.key);
      inbox.clear();
      await nextEvent(reader, 'clear');
      await reader.cancel();
    });
  });
});
