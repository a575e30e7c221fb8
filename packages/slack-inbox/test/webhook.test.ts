import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { closeInboxes, fakeClock, inboxWith, postWebhook, rawRequest, section } from './support.js';

describe('inbox: webhook', () => {
  afterEach(closeInboxes);

  it('answers the plain text ok and shows the message in its channel', async () => {
    const inbox = await inboxWith();
    const response = await postWebhook(inbox, { text: 'hello' });
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain/);
    assert.equal(await response.text(), 'ok');
    const [message] = inbox.messages('#alerts');
    assert.equal(message?.text, 'hello');
    assert.equal(message?.via, 'webhook');
    assert.equal(message?.channel, inbox.channel);
    assert.deepEqual(message?.payload, { text: 'hello' });
  });

  it('accepts the form field payload', async () => {
    const inbox = await inboxWith();
    const response = await fetch(inbox.webhookUrl, {
      method: 'POST',
      body: new URLSearchParams({ payload: '{"text":"from a form"}' }),
    });
    assert.equal(response.status, 200);
    assert.equal(inbox.messages()[0]?.text, 'from a form');
  });

  it('accepts legacy attachments with all their fields', async () => {
    const inbox = await inboxWith();
    const response = await postWebhook(inbox, {
      username: 'ci',
      icon_emoji: ':fire:',
      unfurl_links: false,
      attachments: [
        {
          fallback: 'f',
          color: 'danger',
          pretext: 'p',
          author_name: 'a',
          title: 't',
          title_link: 'https://a.example',
          text: 'x',
          fields: [{ title: 'k', value: 'v', short: true }],
          footer: 'z'.repeat(400),
          ts: 1_700_000_000,
          mrkdwn_in: ['text'],
          custom: 1,
        },
      ],
    });
    assert.equal(response.status, 200);
    assert.equal(String(inbox.messages()[0]?.attachments?.[0]?.footer).length, 300, 'a long footer is cut');
  });

  const refusals: [string, unknown, number, string][] = [
    ['broken JSON', '{"text":', 400, 'invalid_payload'],
    ['a list', [], 400, 'invalid_payload'],
    [
      'JSON nested absurdly deep',
      `{"text":"x","a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      400,
      'invalid_payload',
    ],
    ['text that is no string', { text: 5 }, 400, 'invalid_payload'],
    ['no text', {}, 400, 'no_text'],
    ['blank text', { text: ' \n' }, 400, 'no_text'],
    ['empty attachments', { attachments: [{ color: 'good' }] }, 400, 'missing_text_or_fallback_or_attachments'],
    ['bad blocks', { blocks: [{ type: 'section' }] }, 400, 'invalid_blocks'],
    ['blocks that are no list', { blocks: {} }, 400, 'invalid_blocks_format'],
    ['bad attachments', { attachments: [{ blocks: [{ type: 'nope' }] }] }, 400, 'invalid_attachments'],
  ];
  for (const [name, payload, status, body] of refusals) {
    it(`refuses ${name} with ${status} ${body}`, async () => {
      const inbox = await inboxWith();
      const response = await postWebhook(inbox, payload);
      assert.deepEqual([response.status, await response.text()], [status, body]);
      assert.equal(inbox.messages().length, 0);
      assert.equal(inbox.requests()[0]?.error, body);
    });
  }

  it('refuses an unknown webhook, an archived channel and any other HTTP method', async () => {
    const inbox = await inboxWith();
    const unknown = await postWebhook(inbox, { text: 'x' }, `${inbox.url}services/T1/B1/nope`);
    assert.deepEqual([unknown.status, await unknown.text()], [404, 'no_service']);
    const archived = await postWebhook(inbox, { text: 'x' }, inbox.addWebhook('#old-alerts'));
    assert.deepEqual([archived.status, await archived.text()], [410, 'channel_is_archived']);
    assert.equal((await fetch(inbox.webhookUrl)).status, 405);
  });

  it('posts to the channel of an additional webhook', async () => {
    const inbox = await inboxWith();
    await postWebhook(inbox, { text: 'x' }, inbox.addWebhook('C0123GENERAL'));
    assert.equal(inbox.messages('C0123GENERAL').length, 1);
    assert.equal(inbox.messages(inbox.channel).length, 0);
    assert.throws(() => inbox.addWebhook('#nowhere'), /channel: expected one of C0123ALERTS.* got #nowhere/);
  });

  it('refuses bodies over a mebibyte', async () => {
    const inbox = await inboxWith();
    const response = await postWebhook(inbox, { text: 'x'.repeat(1_048_576) });
    assert.equal(response.status, 413);
    assert.equal(inbox.messages().length, 0);
  });

  it('accepts that a client disconnects within its body', async () => {
    const inbox = await inboxWith();
    const socket = connect(Number(new URL(inbox.url).port), '127.0.0.1');
    const path = new URL(inbox.webhookUrl).pathname;
    socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"text":`);
    while (inbox.requests().length === 0) await new Promise(setImmediate);
    socket.destroy();
    await once(socket, 'close');
    assert.equal((await postWebhook(inbox, { text: 'next' })).status, 200);
    assert.equal(inbox.messages().length, 1);
    assert.equal(inbox.requests()[0]?.status, undefined);
  });

  it('refuses a Host that is not its own', async () => {
    const inbox = await inboxWith();
    const post = { method: 'POST', body: '{"text":"x"}' };
    const evil = await rawRequest(inbox.webhookUrl, { ...post, headers: { host: 'rebound.evil.example' } });
    assert.equal(evil.status, 403);
    assert.equal((await rawRequest(inbox.url, { headers: { host: '127.0.0.1.evil.example' } })).status, 403);
    assert.equal((await rawRequest(inbox.webhookUrl, { ...post, headers: { host: 'localhost:1' } })).status, 200);
  });

  it('accepts one message a second, and a refused one does not extend the window', async () => {
    const clock = fakeClock();
    const inbox = await inboxWith({ clock, rateLimit: true });
    const post = async () => (await postWebhook(inbox, { text: 'x' })).status;
    assert.equal(await post(), 200);
    clock.tick(900);
    const refused = await postWebhook(inbox, { text: 'x' });
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '1']);
    assert.equal(await refused.text(), 'rate_limited');
    clock.tick(100);
    assert.equal(await post(), 200);
    const statuses = inbox.requests().map(({ status, retryAfterSeconds, error }) => [status, retryAfterSeconds, error]);
    assert.deepEqual(statuses, [
      [200, undefined, undefined],
      [429, 1, 'rate_limited'],
      [200, undefined, undefined],
    ]);
    assert.equal(inbox.messages().length, 2);
  });

  it('shares the rate of a channel between all webhooks and the Web API, and with no other channel', async () => {
    const inbox = await inboxWith({ clock: fakeClock(), rateLimit: true });
    await postWebhook(inbox, { text: 'x' });
    assert.equal((await postWebhook(inbox, { text: 'x' }, inbox.addWebhook())).status, 429);
    assert.equal((await postWebhook(inbox, { text: 'x' }, inbox.addWebhook('#general'))).status, 200);
  });

  it('does not count a refused payload against the rate', async () => {
    const inbox = await inboxWith({ clock: fakeClock(), rateLimit: true });
    assert.equal((await postWebhook(inbox, {})).status, 400);
    assert.equal((await postWebhook(inbox, { text: 'x' })).status, 200);
  });

  it('shows a message with blocks', async () => {
    const inbox = await inboxWith();
    await postWebhook(inbox, { text: 'short', blocks: [section('long')] });
    assert.deepEqual(inbox.messages()[0]?.blocks, [section('long')]);
  });
});
