import assert from 'node:assert/strict';
import { LogLevel, WebClient } from '@slack/web-api';
import { IncomingWebhook } from '@slack/webhook';
import type { Inbox } from '../src/index.js';
import { closeInboxes, inboxWith } from './support.js';

function clientOf(inbox: Inbox, token = inbox.token): WebClient {
  const ignore = () => {};
  const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore, setLevel: ignore, setName: ignore };
  return new WebClient(token, {
    slackApiUrl: inbox.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    // The client's logger would print the pointers of refused blocks.
    logger: { ...quiet, getLevel: () => LogLevel.ERROR },
  });
}

describe('inbox: the official clients', () => {
  afterEach(closeInboxes);

  it('@slack/web-api posts, updates, threads, reacts and reads back', async () => {
    const inbox = await inboxWith();
    const { chat, conversations, reactions } = clientOf(inbox);
    const { channel } = inbox;
    const metadata = { event_type: 'alert', event_payload: { id: 'a' } };
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'é & ü' } }];
    const posted = await chat.postMessage({ channel, text: 'first', blocks, metadata, unfurl_links: false });
    const ts = String(posted.ts);
    await chat.postMessage({ channel, text: 'reply', thread_ts: ts });
    await chat.update({ channel, ts, text: 'second', attachments: [{ color: 'good', blocks }] });
    await reactions.add({ channel, timestamp: ts, name: 'eyes' });

    const [message] = inbox.messages();
    assert.equal(message?.text, 'second');
    assert.equal(message?.blocks, undefined);
    assert.deepEqual(message?.attachments, [{ color: 'good', blocks }]);
    const history = await conversations.history({ channel, include_all_metadata: true });
    assert.equal(history.messages?.[0]?.reply_count, 1);
    assert.equal(history.messages?.[0]?.reactions?.[0]?.name, 'eyes');
    assert.equal((await conversations.replies({ channel, ts })).messages?.length, 2);
    await chat.delete({ channel, ts });
    assert.equal(inbox.messages().length, 1);
  });

  it('@slack/web-api reads its identity, its channel and its scopes', async () => {
    const inbox = await inboxWith();
    const client = clientOf(inbox);
    const auth = await client.auth.test();
    assert.equal(auth.ok, true);
    assert.ok(auth.response_metadata?.scopes?.includes('chat:write'));
    assert.equal((await client.conversations.info({ channel: inbox.channel })).channel?.name, 'alerts');
    assert.equal((await client.conversations.list()).channels?.length, 4);
  });

  it('@slack/web-api gets Slack’s errors and pointers', async () => {
    const inbox = await inboxWith();
    const { channel } = inbox;
    const blocks = [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }];
    const expected = 'must be less than 151 characters [json-pointer:/blocks/0/text/text]';
    await assert.rejects(clientOf(inbox).chat.postMessage({ channel, text: 'x', blocks }), (error: unknown) => {
      const { data } = error as { data: { error: string; errors: string[] } };
      assert.deepEqual([data.error, data.errors], ['invalid_blocks', [expected]]);
      return true;
    });
    await assert.rejects(clientOf(inbox, 'xoxb-wrong').auth.test(), /invalid_auth/);
  });

  it('@slack/web-api waits after a rate limit', async () => {
    const inbox = await inboxWith({ rateLimit: true });
    const { chat } = clientOf(inbox);
    const post = () => chat.postMessage({ channel: inbox.channel, text: 'x' });
    await post();
    await assert.rejects(post(), { code: 'slack_webapi_rate_limited_error', retryAfter: 1 });
  });

  it('@slack/webhook posts text, blocks and attachments', async () => {
    const inbox = await inboxWith();
    const webhook = new IncomingWebhook(inbox.webhookUrl);
    assert.equal((await webhook.send('plain')).text, 'ok');
    await webhook.send({ text: 't', blocks: [{ type: 'divider' }], attachments: [{ text: 'a', color: '#ff0000' }] });
    assert.deepEqual(
      inbox.messages().map((each) => each.text),
      ['plain', 't'],
    );
  });

  it('@slack/webhook gets Slack’s statuses and error texts', async () => {
    const inbox = await inboxWith({ rateLimit: true });
    const webhook = new IncomingWebhook(inbox.webhookUrl);
    const isHttpError = (status: number, body: string) => (error: unknown) => {
      const { statusCode, body: got } = error as { statusCode: number; body: string };
      assert.deepEqual([statusCode, got], [status, body]);
      return true;
    };
    await assert.rejects(webhook.send({}), isHttpError(400, 'no_text'));
    await assert.rejects(webhook.send({ blocks: [{ type: 'nope' }] }), isHttpError(400, 'invalid_blocks'));
    await webhook.send('x');
    await assert.rejects(webhook.send('x'), isHttpError(429, 'rate_limited'));
  });
});
