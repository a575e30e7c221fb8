import assert from 'node:assert/strict';
import { callApi, closeInboxes, inboxWith, postWebhook, rawRequest } from './support.js';

/** A click on the page, as its script sends it but for what the test makes wrong. */
async function page() {
  const inbox = await inboxWith();
  await postWebhook(inbox, { text: 'x' });
  const [message] = inbox.messages();
  const { origin, host } = new URL(inbox.url);
  const click = async (args: object | string = {}, headers: Record<string, string> = {}) => {
    const body =
      typeof args === 'string'
        ? args
        : JSON.stringify({ channel: inbox.channel, ts: message?.ts, name: 'eyes', on: true, ...args });
    const own = { origin, 'content-type': 'application/json' };
    const answer = await rawRequest(`${inbox.url}reactions`, { method: 'POST', headers: { ...own, ...headers }, body });
    return `${answer.status} ${answer.body}`;
  };
  return { inbox, host, click, reactions: () => inbox.messages()[0]?.reactions };
}

describe('inbox: a click on the page', () => {
  afterEach(closeInboxes);

  it('adds the person’s own reaction and takes it back, beside those of others', async () => {
    const { inbox, click, reactions } = await page();
    const ts = String(inbox.messages()[0]?.ts);
    await callApi(inbox, 'reactions.add', { channel: inbox.channel, timestamp: ts, name: 'eyes' });
    assert.equal(await click(), '200 ok');
    assert.equal(await click(), '200 ok', 'what is so already stays so');
    assert.deepEqual(reactions(), [{ name: 'eyes', users: ['U0INBOX', 'U0PERSON01'], count: 2 }]);
    assert.equal(await click({ on: false }), '200 ok');
    assert.deepEqual(reactions(), [{ name: 'eyes', users: ['U0INBOX'], count: 1 }]);
  });

  it('reaches the other pages', async () => {
    const { inbox, click } = await page();
    const events = await fetch(`${inbox.url}events`);
    const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
    await click({ name: 'no_bell' });
    let heard = '';
    while (!heard.includes('event: update')) heard += (await reader?.read())?.value;
    assert.match(heard, /event: update\ndata: .*"label":"no_bell, 1 reaction"/);
    await reader?.cancel();
  });

  it('is no request to Slack: it is not logged, and meets no fault', async () => {
    const { inbox, click } = await page();
    const before = inbox.requests().length;
    inbox.setFaults([{ kind: 'reset' }]);
    assert.equal(await click(), '200 ok');
    assert.equal(inbox.requests().length, before);
  });

  it('counts only when it comes from the page itself', async () => {
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

  it('says what is wrong with it', async () => {
    const { click, reactions } = await page();
    assert.equal(await click('{'), '400 invalid_click');
    assert.equal(await click({ name: 'a b' }), '400 invalid_click');
    assert.equal(await click({ on: 'true' }), '400 invalid_click');
    assert.equal(await click({ ts: '1.2' }), '404 message_not_found');
    assert.equal(await click({ channel: 'CNOPE' }), '404 message_not_found');
    assert.deepEqual(reactions(), []);
  });
});
