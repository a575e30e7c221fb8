import assert from 'node:assert/strict';
import { callApi, closeInboxes, fakeClock, inboxWith, postApi, postWebhook, rawRequest, section } from './support.js';

const ALERTS = 'C0123ALERTS';

describe('inbox: Web API', () => {
  afterEach(closeInboxes);

  it('posts by id and by name, and answers ts, channel and message', async () => {
    const inbox = await inboxWith();
    const response = await postApi(inbox, 'chat.postMessage', { channel: ALERTS, text: 'one' });
    const first = (await response.json()) as Record<string, unknown>;
    const second = await callApi(inbox, 'chat.postMessage', { channel: '#alerts', text: 'two' });
    assert.equal(response.headers.get('x-oauth-scopes')?.split(',').includes('chat:write'), true);
    assert.equal(first.ok, true);
    assert.equal(first.channel, ALERTS);
    assert.match(String(first.ts), /^\d{10}\.\d{6}$/);
    assert.equal((first.message as { text: string }).text, 'one');
    assert.ok(second.ts > String(first.ts));
    assert.deepEqual(
      inbox.messages(ALERTS).map((each) => each.text),
      ['one', 'two'],
    );
  });

  it('gives every message its own ts, even if the clock stands still or goes back', async () => {
    const clock = fakeClock();
    const inbox = await inboxWith({ clock });
    for (const jump of [0, 0, -86_400_000]) {
      clock.tick(jump);
      await callApi(inbox, 'chat.postMessage', { channel: ALERTS, text: 'x' });
    }
    const all = inbox.messages().map((each) => each.ts);
    assert.deepEqual(all, ['1700000000.000000', '1700000000.000001', '1700000000.000002']);
  });

  const refusals: [string, string, Record<string, unknown>, string][] = [
    ['an unknown method', 'chat.postMesage', {}, 'unknown_method'],
    ['a name from Object.prototype as method', 'constructor', {}, 'unknown_method'],
    ['no channel', 'chat.postMessage', { text: 'x' }, 'invalid_arguments'],
    ['an unknown channel', 'chat.postMessage', { channel: 'CNOPE', text: 'x' }, 'channel_not_found'],
    ['an archived channel', 'chat.postMessage', { channel: '#old-alerts', text: 'x' }, 'is_archived'],
    ['no text', 'chat.postMessage', { channel: ALERTS, text: '' }, 'no_text'],
    ['text that is no string', 'chat.postMessage', { channel: ALERTS, text: 1 }, 'invalid_arguments'],
    ['blocks that do not parse', 'chat.postMessage', { channel: ALERTS, blocks: '[{' }, 'invalid_blocks_format'],
    [
      'a thread_ts that is no ts',
      'chat.postMessage',
      { channel: ALERTS, text: 'x', thread_ts: 1.5 },
      'invalid_thread_ts',
    ],
    [
      'metadata that is no object',
      'chat.postMessage',
      { channel: ALERTS, text: 'x', metadata: 'x' },
      'invalid_metadata_format',
    ],
    [
      'metadata without payload',
      'chat.postMessage',
      { channel: ALERTS, text: 'x', metadata: { event_type: 'a' } },
      'invalid_metadata_schema',
    ],
    ['an update of nothing', 'chat.update', { channel: ALERTS, ts: '1.2', text: 'x' }, 'message_not_found'],
    ['an update by channel name', 'chat.update', { channel: '#alerts', ts: '1.2', text: 'x' }, 'channel_not_found'],
    ['a deletion of nothing', 'chat.delete', { channel: ALERTS, ts: '1.2' }, 'message_not_found'],
    ['replies of nothing', 'conversations.replies', { channel: ALERTS, ts: '1.2' }, 'thread_not_found'],
    ['history of a channel it is not in', 'conversations.history', { channel: 'C0123RANDOM' }, 'not_in_channel'],
    [
      'a reaction to nothing',
      'reactions.add',
      { channel: ALERTS, timestamp: '1.2', name: 'eyes' },
      'message_not_found',
    ],
  ];
  for (const [name, method, args, error] of refusals) {
    it(`refuses ${name} with ${error} and HTTP 200`, async () => {
      const inbox = await inboxWith();
      const response = await postApi(inbox, method, args);
      const answer = (await response.json()) as Record<string, unknown>;
      assert.deepEqual([response.status, answer.ok, answer.error], [200, false, error]);
      assert.equal(inbox.messages().length, 0);
      assert.equal(inbox.requests()[0]?.error, error);
    });
  }

  it('distinguishes a missing token from a wrong one', async () => {
    const inbox = await inboxWith({ token: 'xoxb-right' });
    const post = async (headers: Record<string, string>, body: string) => {
      const answer = await rawRequest(`${inbox.apiUrl}chat.postMessage`, { method: 'POST', headers, body });
      return JSON.parse(answer.body).error;
    };
    const json = { 'content-type': 'application/json' };
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    assert.equal(await post(json, '{}'), 'not_authed');
    assert.equal(await post(json, '{"token":"xoxb-right"}'), 'not_authed', 'a token in JSON does not count');
    assert.equal(await post({ ...json, authorization: 'Bearer xoxb-wrong' }, '{}'), 'invalid_auth');
    assert.equal(await post(form, 'token=xoxb-wrong'), 'invalid_auth');
    assert.equal(await post(form, `token=xoxb-right&channel=${ALERTS}&text=x`), undefined);
    assert.equal(JSON.stringify(inbox.requests()).includes('xoxb-right'), false, 'the log holds no token');
  });

  it('refuses bodies that it cannot read, with Slack’s errors', async () => {
    const inbox = await inboxWith();
    const post = async (type: string | undefined, body: string) => {
      const headers: Record<string, string> = { authorization: `Bearer ${inbox.token}` };
      if (type !== undefined) headers['content-type'] = type;
      return JSON.parse((await rawRequest(`${inbox.apiUrl}auth.test`, { method: 'POST', headers, body })).body).error;
    };
    assert.equal(await post('application/json', '{'), 'invalid_json');
    assert.equal(await post('text/csv', 'a,b'), 'invalid_post_type');
    assert.equal(await post(undefined, 'a'), 'missing_post_type');
    assert.equal(await post(undefined, ''), undefined);
  });

  it('names the scope that is missing', async () => {
    const inbox = await inboxWith({ scopes: ['chat:write'] });
    const answer = await callApi(inbox, 'conversations.info', { channel: ALERTS });
    assert.deepEqual([answer.error, answer.needed, answer.provided], ['missing_scope', 'channels:read', 'chat:write']);
    const reactions = await callApi(inbox, 'reactions.get', { channel: ALERTS, timestamp: '1.2' });
    assert.deepEqual([reactions.error, reactions.needed], ['missing_scope', 'reactions:read']);
  });

  it('lists the scopes of the token with every answer, refusals and scripted faults included', async () => {
    const inbox = await inboxWith({ scopes: ['chat:write', 'reactions:read'] });
    const scopes = async (method: string) => (await postApi(inbox, method)).headers.get('x-oauth-scopes');
    for (const method of ['auth.test', 'api.test', 'chat.update', 'conversations.list', 'no.method']) {
      assert.equal(await scopes(method), 'chat:write,reactions:read', method);
    }
    inbox.setFaults([
      { kind: 'rate_limited', methods: ['auth.test'] },
      { kind: 'error', error: 'internal_error' },
    ]);
    assert.equal(await scopes('auth.test'), 'chat:write,reactions:read');
    assert.equal(await scopes('chat.update'), 'chat:write,reactions:read');
    const stranger = await rawRequest(`${inbox.apiUrl}auth.test`, { headers: { authorization: 'Bearer xoxb-wrong' } });
    assert.equal(stranger.headers['x-oauth-scopes'], undefined);
  });

  it('posts to a channel without membership only with chat:write.public', async () => {
    const open = await inboxWith();
    assert.equal((await callApi(open, 'chat.postMessage', { channel: '#random', text: 'x' })).ok, true);
    const shut = await inboxWith({ scopes: ['chat:write'] });
    assert.equal((await callApi(shut, 'chat.postMessage', { channel: '#random', text: 'x' })).error, 'not_in_channel');
    assert.equal((await callApi(shut, 'chat.postMessage', { channel: ALERTS, text: 'x' })).ok, true);
  });

  it('names the wrong place in a block, twice, as Slack does', async () => {
    const inbox = await inboxWith();
    const answer = await callApi(inbox, 'chat.postMessage', { channel: ALERTS, blocks: [section('x'.repeat(3_001))] });
    const problem = 'must be less than 3001 characters [json-pointer:/blocks/0/text/text]';
    assert.equal(answer.error, 'invalid_blocks');
    assert.deepEqual(answer.errors, [problem]);
    assert.deepEqual(answer.response_metadata.messages, [`[ERROR] ${problem}`]);
  });

  it('truncates text over 40,000 characters, with a warning', async () => {
    const inbox = await inboxWith();
    const answer = await callApi(inbox, 'chat.postMessage', { channel: ALERTS, text: 'x'.repeat(40_001) });
    assert.equal(answer.warning, 'message_truncated');
    assert.equal(inbox.messages()[0]?.text.length, 40_000);
    const whole = await callApi(inbox, 'chat.postMessage', { channel: ALERTS, text: 'x'.repeat(40_000) });
    assert.equal(whole.warning, undefined);
  });

  describe('chat.update', () => {
    const blocks = [section('old')];
    const attachments = [{ color: 'danger', text: 'detail' }];

    async function posted() {
      const inbox = await inboxWith();
      const { ts } = await callApi(inbox, 'chat.postMessage', { channel: ALERTS, text: 'old', blocks, attachments });
      const update = (args: object) => callApi(inbox, 'chat.update', { channel: ALERTS, ts, ...args });
      return { inbox, ts, update, message: () => inbox.messages()[0] };
    }

    it('with text alone removes the blocks and keeps the attachments', async () => {
      const { update, message, ts } = await posted();
      const answer = await update({ text: 'new' });
      assert.deepEqual([answer.ok, answer.ts, answer.text], [true, ts, 'new']);
      assert.equal(message()?.text, 'new');
      assert.equal(message()?.blocks, undefined);
      assert.deepEqual(message()?.attachments, attachments);
      assert.ok(Number(message()?.edited?.ts) > Number(ts));
    });

    it('with blocks alone keeps the text', async () => {
      const { update, message } = await posted();
      await update({ blocks: [section('new')] });
      assert.equal(message()?.text, 'old');
      assert.deepEqual(message()?.blocks, [section('new')]);
    });

    it('with attachments alone keeps text and blocks', async () => {
      const { update, message } = await posted();
      await update({ attachments: [{ text: 'other' }] });
      assert.deepEqual(message()?.blocks, blocks);
      assert.deepEqual(message()?.attachments, [{ text: 'other' }]);
    });

    it('with empty attachments removes them', async () => {
      const { update, message } = await posted();
      await update({ text: 'new', attachments: [] });
      assert.deepEqual(message()?.attachments, []);
    });

    it('refuses more than 4,000 bytes of text', async () => {
      const { update } = await posted();
      assert.equal((await update({ text: 'é'.repeat(2_000) })).ok, true);
      assert.equal((await update({ text: `${'é'.repeat(2_000)}x` })).error, 'msg_too_long');
    });

    it('refuses a message that a webhook posted', async () => {
      const { inbox, update } = await posted();
      await postWebhook(inbox, { text: 'x' });
      const ts = inbox.messages()[1]?.ts;
      assert.equal((await update({ ts, text: 'y' })).error, 'cant_update_message');
      assert.equal((await callApi(inbox, 'chat.delete', { channel: ALERTS, ts })).error, 'cant_delete_message');
    });

    it('neither shows a reply in the channel nor hides it there', async () => {
      const { inbox, ts, update } = await posted();
      const reply = (args: object) =>
        callApi(inbox, 'chat.postMessage', { channel: ALERTS, text: 'r', thread_ts: ts, ...args });
      const quiet = await reply({});
      const loud = await reply({ reply_broadcast: true });
      await update({ ts: quiet.ts, text: 'x', reply_broadcast: true });
      await update({ ts: loud.ts, text: 'x' });
      assert.deepEqual(
        inbox.messages().map((each) => each.reply_broadcast),
        [undefined, undefined, true],
      );
    });

    it('is logged with the ts of its message, also when it is refused or meets a fault', async () => {
      const { inbox, ts, update } = await posted();
      await update({ text: 'x'.repeat(5_000) });
      await update({ ts: '1.2', text: 'x' });
      inbox.setFaults([{ kind: 'status', status: 503 }]);
      await postApi(inbox, 'chat.update', { channel: ALERTS, ts, text: 'x' });
      inbox.clearFaults();
      await callApi(inbox, 'reactions.get', { channel: ALERTS, timestamp: ts });
      assert.deepEqual(
        inbox.requests().map((each) => [each.error, each.messageTs]),
        [
          [undefined, ts],
          ['msg_too_long', ts],
          ['message_not_found', '1.2'],
          ['http_503', ts],
          [undefined, ts],
        ],
      );
    });

    for (const error of ['edit_window_closed', 'cant_update_message']) {
      it(`answers ${error} with a fault, while posts succeed`, async () => {
        const { inbox, update } = await posted();
        inbox.setFaults([{ kind: 'error', error, methods: ['chat.update'] }]);
        assert.equal((await update({ text: 'x' })).error, error);
        assert.equal((await callApi(inbox, 'chat.postMessage', { channel: ALERTS, text: 'x' })).ok, true);
        assert.equal(inbox.messages()[0]?.text, 'old');
      });
    }

    it('fails after chat.delete', async () => {
      const { inbox, update, ts } = await posted();
      assert.equal((await callApi(inbox, 'chat.delete', { channel: ALERTS, ts })).ok, true);
      assert.equal(inbox.messages().length, 0);
      assert.equal((await update({ text: 'x' })).error, 'message_not_found');
    });
  });

  describe('threads', () => {
    it('hold replies, also those to a reply; a reply to a missing message is posted to the channel', async () => {
      const inbox = await inboxWith();
      const post = (args: object) => callApi(inbox, 'chat.postMessage', { channel: ALERTS, ...args });
      const parent = await post({ text: 'parent' });
      const reply = await post({ text: 'reply', thread_ts: parent.ts });
      const second = await post({ text: 'second', thread_ts: reply.ts });
      const orphan = await post({ text: 'orphan', thread_ts: '1.000001' });
      assert.equal(reply.message.thread_ts, parent.ts);
      assert.equal(second.message.thread_ts, parent.ts);
      assert.equal(orphan.message.thread_ts, undefined);

      const replies = await callApi(inbox, 'conversations.replies', { channel: ALERTS, ts: parent.ts });
      assert.deepEqual(
        replies.messages.map((each: { text: string }) => each.text),
        ['parent', 'reply', 'second'],
      );
      const history = await callApi(inbox, 'conversations.history', { channel: ALERTS });
      assert.deepEqual(
        history.messages.map((each: { text: string }) => each.text),
        ['orphan', 'parent'],
      );
      assert.equal(history.messages[1].reply_count, 2);
    });

    it('show a broadcast reply in the channel too', async () => {
      const inbox = await inboxWith();
      const { ts } = await callApi(inbox, 'chat.postMessage', { channel: ALERTS, text: 'parent' });
      await callApi(inbox, 'chat.postMessage', { channel: ALERTS, text: 'all', thread_ts: ts, reply_broadcast: true });
      const history = await callApi(inbox, 'conversations.history', { channel: ALERTS });
      assert.equal(history.messages.length, 2);
      assert.equal(history.messages[0].subtype, 'thread_broadcast');
      assert.deepEqual(
        inbox.messages().map((each) => [each.thread_ts, each.reply_broadcast]),
        [
          [undefined, undefined],
          [ts, true],
        ],
      );
    });

    it('ignore a broadcast without a thread', async () => {
      const inbox = await inboxWith();
      await callApi(inbox, 'chat.postMessage', { channel: ALERTS, text: 'x', reply_broadcast: true });
      assert.equal(inbox.messages()[0]?.reply_broadcast, undefined);
    });

    it('post a reply to the channel when the parent was deleted, and the answer shows that', async () => {
      const inbox = await inboxWith();
      const { ts } = await callApi(inbox, 'chat.postMessage', { channel: ALERTS, text: 'parent' });
      await callApi(inbox, 'chat.delete', { channel: ALERTS, ts });
      const reply = await callApi(inbox, 'chat.postMessage', { channel: ALERTS, text: 'late', thread_ts: ts });
      assert.deepEqual([reply.ok, reply.message.thread_ts], [true, undefined]);
      assert.equal(inbox.messages()[0]?.thread_ts, undefined);
    });
  });

  it('returns a history in pages, within oldest and latest', async () => {
    const clock = fakeClock();
    const inbox = await inboxWith({ clock });
    for (const text of ['a', 'b', 'c']) {
      await callApi(inbox, 'chat.postMessage', { channel: ALERTS, text });
      clock.tick(1_000);
    }
    const read = async (args: object) => {
      const answer = await callApi(inbox, 'conversations.history', { channel: ALERTS, ...args });
      return { texts: answer.messages.map((each: { text: string }) => each.text).join(''), answer };
    };
    const first = await read({ limit: 2 });
    assert.deepEqual([first.texts, first.answer.has_more], ['cb', true]);
    const rest = await read({ limit: 2, cursor: first.answer.response_metadata.next_cursor });
    assert.deepEqual([rest.texts, rest.answer.has_more], ['a', false]);
    assert.equal((await read({ oldest: '1700000000.000000' })).texts, 'cb');
    assert.equal((await read({ oldest: '1700000000.000000', inclusive: true })).texts, 'cba');
    assert.equal((await read({ latest: '1700000001.000000' })).texts, 'a');
  });

  it('returns metadata on request', async () => {
    const inbox = await inboxWith();
    const metadata = { event_type: 'alert', event_payload: { id: '1' } };
    await callApi(inbox, 'chat.postMessage', { channel: ALERTS, text: 'x', metadata });
    const plain = await callApi(inbox, 'conversations.history', { channel: ALERTS });
    const full = await callApi(inbox, 'conversations.history', { channel: ALERTS, include_all_metadata: true });
    assert.equal(plain.messages[0].metadata, undefined);
    assert.deepEqual(full.messages[0].metadata, metadata);
  });

  it('adds, shows and removes reactions', async () => {
    const inbox = await inboxWith();
    const { ts } = await callApi(inbox, 'chat.postMessage', { channel: ALERTS, text: 'x' });
    const at = { channel: ALERTS, timestamp: ts, name: 'eyes' };
    assert.equal((await callApi(inbox, 'reactions.add', at)).ok, true);
    assert.equal((await callApi(inbox, 'reactions.add', at)).error, 'already_reacted');
    assert.equal((await callApi(inbox, 'reactions.get', at)).message.reactions[0].name, 'eyes');
    assert.equal(inbox.messages()[0]?.reactions[0]?.count, 1);
    assert.equal((await callApi(inbox, 'reactions.remove', at)).ok, true);
    assert.equal((await callApi(inbox, 'reactions.remove', at)).error, 'no_reaction');
    assert.equal((await callApi(inbox, 'reactions.add', { ...at, name: 'a b' })).error, 'invalid_name');
  });

  it('returns a permalink of a message and of a reply', async () => {
    const inbox = await inboxWith({ clock: fakeClock() });
    const { ts } = await callApi(inbox, 'chat.postMessage', { channel: ALERTS, text: 'x' });
    const reply = await callApi(inbox, 'chat.postMessage', { channel: ALERTS, text: 'y', thread_ts: ts });
    const link = (args: object) => callApi(inbox, 'chat.getPermalink', { channel: ALERTS, ...args });
    const permalink = `${inbox.url}archives/${ALERTS}/p1700000000000000`;
    assert.deepEqual(await link({ message_ts: ts }), { ok: true, channel: ALERTS, permalink });
    const inThread = `${inbox.url}archives/${ALERTS}/p1700000000000001?thread_ts=${ts}&cid=${ALERTS}`;
    assert.equal((await link({ message_ts: reply.ts })).permalink, inThread);
    assert.equal((await link({ message_ts: '1.2' })).error, 'message_not_found');
  });

  it('answers auth.test, api.test, conversations.info and conversations.list', async () => {
    const inbox = await inboxWith();
    const auth = await callApi(inbox, 'auth.test');
    assert.deepEqual([auth.ok, auth.url, auth.is_enterprise_install], [true, inbox.url, false]);
    assert.match(auth.user_id, /^U/);
    assert.equal((await callApi(inbox, 'api.test', { error: 'my_error' })).error, 'my_error');
    const info = await callApi(inbox, 'conversations.info', { channel: ALERTS });
    assert.deepEqual([info.channel.name, info.channel.is_member], ['alerts', true]);
    const list = await callApi(inbox, 'conversations.list', { exclude_archived: true });
    assert.deepEqual(
      list.channels.map((each: { name: string }) => each.name),
      ['alerts', 'general', 'random'],
    );
  });

  it('reads arguments of a GET from the query, but no token', async () => {
    const inbox = await inboxWith();
    const url = `${inbox.apiUrl}conversations.info?channel=${ALERTS}`;
    const headers = { authorization: `Bearer ${inbox.token}` };
    assert.equal(JSON.parse((await rawRequest(url, { headers })).body).channel.id, ALERTS);
    assert.equal(JSON.parse((await rawRequest(`${url}&token=${inbox.token}`)).body).error, 'not_authed');
  });

  it('accepts one chat.postMessage a second for a channel, and answers others with 429 and ratelimited', async () => {
    const clock = fakeClock();
    const inbox = await inboxWith({ clock, rateLimit: true });
    const post = () => postApi(inbox, 'chat.postMessage', { channel: ALERTS, text: 'x' });
    assert.equal((await post()).status, 200);
    const refused = await post();
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '1']);
    assert.deepEqual(await refused.json(), { ok: false, error: 'ratelimited' });
    assert.equal((await postWebhook(inbox, { text: 'x' })).status, 429, 'webhooks share the channel');
    clock.tick(1_000);
    assert.equal((await post()).status, 200);
  });

  it('does not count a refused post against the rate', async () => {
    const inbox = await inboxWith({ clock: fakeClock(), rateLimit: true });
    assert.equal((await callApi(inbox, 'chat.postMessage', { channel: ALERTS })).error, 'no_text');
    assert.equal((await callApi(inbox, 'chat.postMessage', { channel: ALERTS, text: 'x' })).ok, true);
  });

  it('treats empty form fields as missing', async () => {
    const inbox = await inboxWith();
    const body = new URLSearchParams({ token: inbox.token, channel: ALERTS, text: 'x', blocks: '', thread_ts: '' });
    const response = await fetch(`${inbox.apiUrl}chat.postMessage`, { method: 'POST', body });
    assert.equal(((await response.json()) as { ok: boolean }).ok, true);
  });

  it('accepts 50 chat.update and 50 reactions.get a minute, for any messages', async () => {
    const clock = fakeClock();
    const inbox = await inboxWith({ clock, rateLimit: true });
    const { ts } = await callApi(inbox, 'chat.postMessage', { channel: ALERTS, text: 'x' });
    const update = () => postApi(inbox, 'chat.update', { channel: ALERTS, ts, text: 'y' });
    const read = () => postApi(inbox, 'reactions.get', { channel: ALERTS, timestamp: ts });
    for (let n = 0; n < 50; n += 1) {
      assert.equal((await update()).status, 200);
      assert.equal((await read()).status, 200);
      clock.tick(100);
    }
    for (const call of [update, read]) {
      const refused = await call();
      assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '55']);
    }
    clock.tick(55_000);
    assert.equal((await update()).status, 200);
    assert.equal((await read()).status, 200);
  });
});
