import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { Fault, Inbox, InboxOptions } from '../src/index.js';
import { callApi, closeInboxes, fakeClock, inboxWith, postApi, postWebhook } from './support.js';

const withFault = (fault: Fault, options: InboxOptions = {}) => inboxWith({ ...options, faults: [fault] });
const text = { text: 'x' };

/** A POST to the webhook, with access to the bytes of the answer. */
function rawPost(inbox: Inbox): { sent: ClientRequest; response: Promise<IncomingMessage> } {
  const headers = { 'content-type': 'application/json', 'content-length': 12 };
  const sent = request(inbox.webhookUrl, { method: 'POST', headers, agent: false });
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve);
    sent.on('error', reject);
  });
  sent.end('{"text":"x"}');
  return { sent, response };
}

/** Resolves as soon as this fault has met `count` requests. */
async function faultMet(inbox: Inbox, kind: Fault['kind'], count = 1): Promise<void> {
  while (inbox.requests().filter((each) => each.fault === kind).length < count) await new Promise(setImmediate);
}

describe('inbox: faults', () => {
  afterEach(closeInboxes);

  const retryAfters: [string, number | string | null | undefined, string | null, number | undefined][] = [
    ['seconds', 30, '30', 30],
    ['a second by default', undefined, '1', 1],
    ['a huge number', 9_999_999, '9999999', 9_999_999],
    ['garbage', 'soon', 'soon', undefined],
    ['an HTTP date', 'Tue, 14 Nov 2023 22:14:20 GMT', 'Tue, 14 Nov 2023 22:14:20 GMT', 60],
    ['no header at all', null, null, undefined],
  ];
  for (const [name, retryAfter, header, logged] of retryAfters) {
    it(`rate_limited answers 429 with ${name}`, async () => {
      const fault: Fault = retryAfter === undefined ? { kind: 'rate_limited' } : { kind: 'rate_limited', retryAfter };
      const inbox = await withFault(fault, { clock: fakeClock() });
      const hook = await postWebhook(inbox, text);
      assert.deepEqual([hook.status, hook.headers.get('retry-after')], [429, header]);
      assert.equal(await hook.text(), 'rate_limited');
      const api = await postApi(inbox, 'chat.postMessage', { channel: inbox.channel, ...text });
      assert.deepEqual([api.status, await api.json()], [429, { ok: false, error: 'ratelimited' }]);
      assert.equal(inbox.requests()[0]?.retryAfterSeconds, logged);
      assert.equal(inbox.messages().length, 0);
    });
  }

  it('a fault with `containing` meets only requests whose body contains the text', async () => {
    const inbox = await withFault({ kind: 'status', status: 403, containing: 'drop table' });
    const post = (body: string) => postApi(inbox, 'chat.postMessage', { channel: inbox.channel, text: body });
    assert.equal((await postWebhook(inbox, { text: 'drop table users' })).status, 403);
    assert.equal((await post('drop table users')).status, 403);
    assert.equal((await postWebhook(inbox, text)).status, 200);
    assert.equal((await (await post('x')).json()).ok, true);
    assert.equal(inbox.messages().length, 2);
  });

  it('status answers any status with any body', async () => {
    const inbox = await withFault({ kind: 'status', status: 503, body: 'upstream' });
    const response = await postWebhook(inbox, text);
    assert.deepEqual([response.status, await response.text()], [503, 'upstream']);
    assert.equal(inbox.messages().length, 0);
    assert.deepEqual([inbox.requests()[0]?.status, inbox.requests()[0]?.fault], [503, 'status']);
  });

  it('error answers an error of Slack in the form of the API', async () => {
    const inbox = await withFault({ kind: 'error', error: 'channel_is_archived' });
    const hook = await postWebhook(inbox, text);
    assert.deepEqual([hook.status, await hook.text()], [410, 'channel_is_archived']);
    const api = await postApi(inbox, 'chat.postMessage');
    assert.deepEqual([api.status, await api.json()], [200, { ok: false, error: 'channel_is_archived' }]);
  });

  it('hang_before_headers never answers, and the inbox still closes at once', async () => {
    const inbox = await withFault({ kind: 'hang_before_headers' });
    const { response } = rawPost(inbox);
    await faultMet(inbox, 'hang_before_headers');
    const broken = assert.rejects(response);
    await inbox.close();
    await broken;
    assert.equal(inbox.messages().length, 0);
    assert.equal(inbox.requests()[0]?.status, undefined);
  });

  it('hang_before_headers posts the message with accept', async () => {
    const inbox = await withFault({ kind: 'hang_before_headers', accept: true });
    const { sent, response } = rawPost(inbox);
    await inbox.waitForMessages(1);
    sent.destroy();
    await assert.rejects(response);
  });

  it('hang_in_body sends headers and one byte, then nothing', async () => {
    const inbox = await withFault({ kind: 'hang_in_body' });
    const response = await rawPost(inbox).response;
    assert.equal(response.headers['content-length'], '2');
    const [chunk] = (await once(response, 'data')) as [Buffer];
    assert.equal(String(chunk), 'o');
    assert.equal(inbox.messages().length, 1);
    const aborted = once(response, 'error');
    await inbox.close();
    await aborted;
    assert.equal(response.complete, false);
  });

  it('drip sends the normal answer byte by byte', async () => {
    const inbox = await withFault({ kind: 'drip', intervalMillis: 5 });
    const response = await rawPost(inbox).response;
    const chunks: string[] = [];
    response.on('data', (chunk) => chunks.push(String(chunk)));
    await once(response, 'end');
    assert.deepEqual(chunks, ['o', 'k']);
    assert.equal(inbox.messages().length, 1);
  });

  it('slow posts the message at once, and sends the normal answer after the delay', async () => {
    const inbox = await withFault({ kind: 'slow', delayMillis: 150 });
    const start = performance.now();
    let isAnswered = false;
    const answer = postWebhook(inbox, text).finally(() => {
      isAnswered = true;
    });
    await inbox.waitForMessages(1);
    assert.equal(isAnswered, false);
    assert.deepEqual([(await answer).status, await (await answer).text()], [200, 'ok']);
    assert.ok(performance.now() - start >= 149);
    assert.deepEqual(
      inbox.requests().map(({ fault, status }) => [fault, status]),
      [['slow', 200]],
    );
  });

  it('reset resets the connection and posts nothing', async () => {
    const inbox = await withFault({ kind: 'reset' });
    await assert.rejects(rawPost(inbox).response, { code: 'ECONNRESET' });
    assert.equal(inbox.messages().length, 0);
  });

  it('reset_after_accept posts the message, then resets the connection', async () => {
    const inbox = await withFault({ kind: 'reset_after_accept' });
    await assert.rejects(rawPost(inbox).response, { code: 'ECONNRESET' });
    const [message] = inbox.messages();
    assert.equal(message?.text, 'x');
    assert.deepEqual(
      inbox.requests().map(({ fault, messageTs, status }) => [fault, messageTs, status]),
      [['reset_after_accept', message?.ts, undefined]],
    );
  });

  it('garbage posts the message by default, and answers 200 with broken JSON', async () => {
    const inbox = await withFault({ kind: 'garbage' });
    const post = () => postApi(inbox, 'chat.postMessage', { channel: inbox.channel, ...text });
    const response = await post();
    assert.equal(response.status, 200);
    await assert.rejects(response.json(), SyntaxError);
    assert.equal(inbox.messages().length, 1);
    inbox.setFaults([{ kind: 'garbage', accept: false, body: '<html>' }]);
    assert.equal(await (await post()).text(), '<html>');
    assert.equal(inbox.messages().length, 1);
  });

  it('truncate ends the connection before the promised length', async () => {
    const inbox = await withFault({ kind: 'truncate' });
    const response = await rawPost(inbox).response;
    assert.equal(response.headers['content-length'], '2');
    response.resume();
    await assert.rejects(once(response, 'end'), { code: 'ECONNRESET' });
    assert.equal(inbox.messages().length, 1);
  });

  it('redirect answers with a Location header', async () => {
    const inbox = await withFault({ kind: 'redirect', location: 'https://a.example/' });
    const response = await postWebhook(inbox, text);
    assert.deepEqual([response.status, response.headers.get('location')], [302, 'https://a.example/']);
    assert.equal(inbox.messages().length, 0);
  });

  describe('the script', () => {
    const statuses = async (inbox: Inbox, count: number) => {
      const list: number[] = [];
      for (let n = 0; n < count; n += 1) list.push((await postWebhook(inbox, text)).status);
      return list;
    };

    it('uses up faults in their order, then gives normal answers', async () => {
      const inbox = await inboxWith({
        faults: [
          { kind: 'status', status: 500, times: 2 },
          { kind: 'status', status: 503, times: 1 },
        ],
      });
      assert.deepEqual(await statuses(inbox, 4), [500, 500, 503, 200]);
    });

    it('applies to the methods that it names, and to no others', async () => {
      const inbox = await withFault({ kind: 'error', error: 'fatal_error', methods: ['chat.update', 'webhook'] });
      assert.equal((await callApi(inbox, 'chat.postMessage', { channel: inbox.channel, ...text })).ok, true);
      assert.equal((await callApi(inbox, 'chat.update')).error, 'fatal_error');
      assert.deepEqual(await statuses(inbox, 1), [400]);
    });

    it('ends a fault after its time', async () => {
      const clock = fakeClock();
      const inbox = await withFault({ kind: 'status', status: 500, forMillis: 5_000 }, { clock });
      clock.tick(4_999);
      assert.deepEqual(await statuses(inbox, 1), [500]);
      clock.tick(1);
      assert.deepEqual(await statuses(inbox, 1), [200]);
    });

    it('can be replaced and cleared while the inbox runs', async () => {
      const inbox = await withFault({ kind: 'status', status: 500 });
      assert.deepEqual(await statuses(inbox, 1), [500]);
      inbox.setFaults([{ kind: 'status', status: 502 }]);
      assert.deepEqual(await statuses(inbox, 1), [502]);
      inbox.clearFaults();
      assert.deepEqual(await statuses(inbox, 1), [200]);
    });

    it('keeps an accepting fault for a request that Slack would accept', async () => {
      const inbox = await withFault({ kind: 'reset_after_accept', times: 1 });
      assert.equal((await postWebhook(inbox, {})).status, 400);
      await assert.rejects(postWebhook(inbox, text));
      assert.deepEqual(await statuses(inbox, 1), [200]);
    });
  });

  const wrong: [unknown, RegExp][] = [
    [{}, /^faults: expected an array of faults, got \{\}/],
    [[5], /^faults\[0\]: expected an object, got 5/],
    [[{ kind: 'explode' }], /^faults\[0\]\.kind: expected one of rate_limited, status, .* got 'explode'/],
    [[{ kind: 'reset' }, { kind: 'status' }], /^faults\[1\]\.status: expected an HTTP status .* got undefined/],
    [[{ kind: 'reset', times: 0 }], /^faults\[0\]\.times: expected an integer above 0, got 0/],
    [[{ kind: 'reset', methods: 'webhook' }], /^faults\[0\]\.methods: expected an array of method names/],
    [[{ kind: 'reset', forMillis: -1 }], /^faults\[0\]\.forMillis: expected a number of at least 0, got -1/],
    [[{ kind: 'reset', accept: true }], /^faults\[0\]\.accept: expected no such field in a fault of kind reset/],
    [[{ kind: 'rate_limited', retryAfter: 'a\nb' }], /^faults\[0\]\.retryAfter: expected a number of seconds/],
    [[{ kind: 'garbage', accept: 1 }], /^faults\[0\]\.accept: expected true or false, got 1/],
    [[{ kind: 'error', error: '' }], /^faults\[0\]\.error: expected a string that is not empty/],
  ];
  for (const [faults, message] of wrong) {
    it(`a script of ${JSON.stringify(faults)} is refused with a clear error`, async () => {
      const inbox = await inboxWith();
      assert.throws(() => inbox.setFaults(faults as Fault[]), { name: 'TypeError', message });
      await assert.rejects(inboxWith({ faults: faults as Fault[] }), { message });
    });
  }
});
