import assert from 'node:assert/strict';
import { startInbox } from '../src/index.js';
import { BoundedMap } from '../src/state/bounded-map.js';
import { callApi, closeInboxes, fakeClock, inboxWith, postWebhook } from './support.js';

describe('inbox', () => {
  afterEach(closeInboxes);

  it('listens on loopback and the given port, and rejects when the port is in use', async () => {
    const inbox = await inboxWith();
    assert.match(inbox.url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    await assert.rejects(startInbox({ port: Number(new URL(inbox.url).port) }), { code: 'EADDRINUSE' });
  });

  it('has the given channels', async () => {
    const inbox = await inboxWith({ channels: [{ id: 'C1', name: '#one' }] });
    assert.equal(inbox.channel, 'C1');
    await postWebhook(inbox, { text: 'x' });
    assert.equal(inbox.messages('one').length, 1);
    assert.throws(() => inbox.messages('two'), /channel: expected one of C1, got two/);
    await assert.rejects(startInbox({ channels: [] }), /channels: expected at least one channel/);
  });

  it('explains a wrong option, and suggests the nearest name', async () => {
    const wrong: [object, RegExp][] = [
      [{ prot: 8025 }, /^prot: startInbox has no such option; did you mean port\?$/],
      [{ rateLimits: false }, /did you mean rateLimit\?/],
      [{ webhook: 'x' }, /^webhook: startInbox has no such option; it has port, faults, rateLimit, channels, /],
      [{ port: '8025' }, /^port: expected an integer from 0 to 65535, got '8025'$/],
      [{ port: 70_000 }, /^port: expected an integer/],
      [
        { channels: ['#alerts'] },
        /^channels: expected at least one channel, each \{ id, name, .* got \[ '#alerts' \]$/,
      ],
      [{ scopes: 'chat:write' }, /^scopes: expected an array/],
      [{ token: '' }, /^token: expected a string that is not empty, got ''$/],
      [{ rateLimit: 'no' }, /^rateLimit: expected true or false/],
      [{ clock: Date }, /^clock: expected an object with now\(\)/],
    ];
    for (const [options, message] of wrong) await assert.rejects(startInbox(options), { name: 'TypeError', message });
    await (await startInbox({ port: undefined } as object)).close();
  });

  it('logs every request with its time, channel, body and outcome', async () => {
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

  it('waits for messages, and counts those that exist already', async () => {
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

  it('lists the existing messages when waiting times out', async () => {
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
    const events = await fetch(`${inbox.url}page/events`);
    const end = assert.rejects(events.text());
    await inbox.close();
    await inbox.close();
    await Promise.all([wait, end]);
    await assert.rejects(fetch(inbox.url));
    await assert.rejects(inbox.waitForMessages(1), /the inbox was closed/);
  });

  it('deletes messages and requests, and resets rates, when it is cleared', async () => {
    const inbox = await inboxWith({ clock: fakeClock(), rateLimit: true });
    await postWebhook(inbox, { text: 'x' });
    inbox.clear();
    assert.deepEqual([inbox.messages(), inbox.requests()], [[], []]);
    assert.equal((await postWebhook(inbox, { text: 'x' })).status, 200);
  });

  it('keeps a limited number of the newest items and bytes', () => {
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
});
