import assert from 'node:assert/strict';
import { callApi, closeInboxes, inboxWith, postWebhook, rawRequest } from './support.js';

/** Sends actions as the page's script does. A test can change a part, to make a request invalid. */
async function page() {
  const inbox = await inboxWith();
  await postWebhook(inbox, { text: 'x' });
  const [message] = inbox.messages();
  const { origin, host } = new URL(inbox.url);
  const act = async (name: string, args: object | string, headers: Record<string, string> = {}) => {
    const body = typeof args === 'string' ? args : JSON.stringify(args);
    const own = { origin, 'content-type': 'application/json' };
    const url = `${inbox.url}page/${name}`;
    const answer = await rawRequest(url, { method: 'POST', headers: { ...own, ...headers }, body });
    return `${answer.status} ${answer.body}`;
  };
  const click = (args: object | string = {}, headers: Record<string, string> = {}) => {
    const whole = { channel: inbox.channel, ts: message?.ts, name: 'eyes', on: true };
    return act('reaction', typeof args === 'string' ? args : { ...whole, ...args }, headers);
  };
  return { inbox, host, act, click, reactions: () => inbox.messages()[0]?.reactions };
}

describe('inbox: a click on the page', () => {
  afterEach(closeInboxes);

  it('adds and removes the person’s own reaction, beside those of others', async () => {
    const { inbox, click, reactions } = await page();
    const ts = String(inbox.messages()[0]?.ts);
    await callApi(inbox, 'reactions.add', { channel: inbox.channel, timestamp: ts, name: 'eyes' });
    assert.equal(await click(), '200 ok');
    assert.equal(await click(), '200 ok', 'what is so already stays so');
    assert.deepEqual(reactions(), [{ name: 'eyes', users: ['U0INBOX', 'U0PERSON01'], count: 2 }]);
    assert.equal(await click({ on: false }), '200 ok');
    assert.deepEqual(reactions(), [{ name: 'eyes', users: ['U0INBOX'], count: 1 }]);
  });

  it('is not a request to Slack: it is not logged, and meets no fault', async () => {
    const { inbox, click } = await page();
    const before = inbox.requests().length;
    inbox.setFaults([{ kind: 'reset' }]);
    assert.equal(await click(), '200 ok');
    assert.equal(inbox.requests().length, before);
  });

  it('is accepted only from the page itself', async () => {
    const { click, host, reactions } = await page();
    const [, port] = host.split(':');
    const strangers: Record<string, string>[] = [
      { origin: '' },
      { origin: 'null' },
      { origin: 'https://evil.example' },
      { origin: `https://${host}` },
      { origin: `http://${host}.evil.example` },
      { origin: 'http://127.0.0.1:1' },
      { origin: `http://localhost:${port}` },
      { 'sec-fetch-site': 'cross-site' },
      { host: `evil.example:${port}`, origin: `http://evil.example:${port}` },
    ];
    for (const headers of strangers) assert.match(await click({}, headers), /^403 /, JSON.stringify(headers));
    assert.match(await click({}, { 'content-type': 'text/plain' }), /^415 /);
    assert.deepEqual(reactions(), []);
    const asLocalhost = { host: `localhost:${port}`, origin: `http://localhost:${port}` };
    assert.equal(await click({}, asLocalhost), '200 ok');
  });

  it('gets a clear error when it is invalid', async () => {
    const { click, reactions } = await page();
    assert.equal(await click('{'), '400 invalid_json');
    assert.equal(await click({ name: 'a b' }), '400 invalid_click');
    assert.equal(await click({ on: 'true' }), '400 invalid_click');
    assert.equal(await click({ ts: '1.2' }), '404 message_not_found');
    assert.equal(await click({ channel: 'CNOPE' }), '404 message_not_found');
    assert.deepEqual(reactions(), []);
  });
});

describe('inbox: other actions of the page', () => {
  afterEach(closeInboxes);

  it('sets and clears faults, and rejects an invalid one with a clear error', async () => {
    const { inbox, act } = await page();
    assert.equal(await act('faults', { faults: [{ kind: 'status', status: 503, forMillis: 60_000 }] }), '200 ok');
    assert.equal((await postWebhook(inbox, { text: 'x' })).status, 503);
    assert.match(await act('faults', { faults: [{ kind: 'explode' }] }), /^400 faults\[0\]\.kind: expected one of /);
    assert.equal((await postWebhook(inbox, { text: 'x' })).status, 503, 'a wrong one changes nothing');
    assert.equal(await act('faults', { faults: [] }), '200 ok');
    assert.equal((await postWebhook(inbox, { text: 'x' })).status, 200);
  });

  it('clears messages and requests', async () => {
    const { inbox, act } = await page();
    assert.equal(await act('clear', {}), '200 ok');
    assert.deepEqual([inbox.messages(), inbox.requests()], [[], []]);
  });

  it('rejects actions of other pages, and of programs', async () => {
    const { inbox, host, act } = await page();
    const strangers = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: '' },
      { host: `evil.example` },
    ];
    for (const name of ['reaction', 'faults', 'seen', 'clear']) {
      for (const headers of strangers) {
        assert.match(await act(name, { faults: [{ kind: 'reset' }] }, { host, ...headers }), /^403 /, name);
      }
      const without = await rawRequest(`${inbox.url}page/${name}`, { method: 'POST', body: '{}' });
      assert.equal(without.status, 403);
    }
    assert.equal(inbox.messages().length, 1);
  });
});
