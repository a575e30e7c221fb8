import assert from 'node:assert/strict';
import type { Inbox } from '../src/index.js';
import { callApi, closeInboxes, inboxWith, postWebhook } from './support.js';

async function withMessage() {
  const inbox = await inboxWith();
  const { ts } = await callApi(inbox, 'chat.postMessage', { channel: inbox.channel, text: 'x' });
  return { inbox, ts: ts as string, at: { channel: inbox.channel, timestamp: ts } };
}

const reactionsOf = (inbox: Inbox) => inbox.messages()[0]?.reactions;

describe('inbox: reactions', () => {
  afterEach(closeInboxes);

  it('of people count up by user and are read back by reactions.get', async () => {
    const { inbox, ts, at } = await withMessage();
    inbox.react(ts, 'no_bell');
    inbox.react(ts, 'no_bell', { user: 'U0PERSON02' });
    inbox.react(ts, 'eyes', { user: 'W0PERSON03' });
    const expected = [
      { name: 'no_bell', users: ['U0PERSON01', 'U0PERSON02'], count: 2 },
      { name: 'eyes', users: ['W0PERSON03'], count: 1 },
    ];
    assert.deepEqual(reactionsOf(inbox), expected);
    assert.deepEqual((await callApi(inbox, 'reactions.get', at)).message.reactions, expected);
  });

  it('of people can be removed one by one, and the emoji with the last of them', async () => {
    const { inbox, ts, at } = await withMessage();
    inbox.react(ts, 'eyes');
    inbox.react(ts, '+1');
    inbox.react(ts, 'eyes', { user: 'U0PERSON02' });
    inbox.unreact(ts, 'eyes');
    assert.deepEqual(reactionsOf(inbox)?.[0], { name: 'eyes', users: ['U0PERSON02'], count: 1 });
    inbox.unreact(ts, 'eyes', { user: 'U0PERSON02' });
    inbox.unreact(ts, '+1');
    assert.equal('reactions' in (await callApi(inbox, 'reactions.get', at)).message, false);
  });

  it('of one person count once', async () => {
    const { inbox, ts } = await withMessage();
    inbox.react(ts, 'eyes');
    inbox.react(ts, ':eyes:');
    assert.equal(reactionsOf(inbox)?.[0]?.count, 1);
  });

  it('have the name that Slack stores, with the skin tone', async () => {
    const { inbox, ts } = await withMessage();
    for (const name of ['thumbsup', ':thumbsup::skin-tone-3:', 'größe']) inbox.react(ts, name);
    assert.deepEqual(
      reactionsOf(inbox)?.map((each) => each.name),
      ['+1', '+1::skin-tone-3', 'größe'],
    );
  });

  it('are the bot’s own by reactions.add and reactions.remove, beside those of people', async () => {
    const { inbox, ts, at } = await withMessage();
    const eyes = { ...at, name: 'eyes' };
    inbox.react(ts, 'eyes');
    assert.equal((await callApi(inbox, 'reactions.remove', eyes)).error, 'no_reaction');
    assert.equal((await callApi(inbox, 'reactions.add', eyes)).ok, true);
    assert.equal((await callApi(inbox, 'reactions.add', eyes)).error, 'already_reacted');
    const { user_id } = await callApi(inbox, 'auth.test');
    assert.deepEqual(reactionsOf(inbox)?.[0]?.users, ['U0PERSON01', user_id]);
    assert.equal((await callApi(inbox, 'reactions.remove', eyes)).ok, true);
    assert.deepEqual(reactionsOf(inbox)?.[0]?.users, ['U0PERSON01']);
  });

  it('stay when the message is updated, and do not mark it as edited', async () => {
    const { inbox, ts } = await withMessage();
    inbox.react(ts, 'eyes');
    assert.equal(inbox.messages()[0]?.edited, undefined);
    await callApi(inbox, 'chat.update', { channel: inbox.channel, ts, text: 'y' });
    assert.equal(reactionsOf(inbox)?.[0]?.name, 'eyes');
  });

  it('work for the message of a webhook, found by ts in any channel', async () => {
    const inbox = await inboxWith();
    await postWebhook(inbox, { text: 'x' }, inbox.addWebhook('#general'));
    const ts = String(inbox.messages()[0]?.ts);
    inbox.react(ts, 'eyes');
    inbox.react(ts, '+1', { channel: '#general' });
    assert.equal(reactionsOf(inbox)?.length, 2);
    assert.throws(() => inbox.react(ts, 'eyes', { channel: '#alerts' }), /there are none/);
  });

  it('reject invalid arguments with a clear error', async () => {
    const { inbox, ts } = await withMessage();
    const thrown: [() => void, RegExp][] = [
      [() => inbox.react('1.2', 'eyes'), new RegExp(`^TypeError: messageTs: expected .* \\(${ts}\\), got 1\\.2$`)],
      [() => inbox.react(ts, 'a b'), /^TypeError: name: expected the name of an emoji such as no_bell, got a b$/],
      [() => inbox.react(ts, ''), /^TypeError: name: expected/],
      [() => inbox.react(ts, 'eyes', { user: '@me' }), /^TypeError: user: expected an id such as U0PERSON01, got @me$/],
      [() => inbox.react(ts, 'eyes', { channel: '#nowhere' }), /^TypeError: channel: expected one of C0123ALERTS/],
      [() => inbox.unreact(ts, 'eyes'), /^TypeError: name: expected .*\(there are none\), got eyes of U0PERSON01$/],
    ];
    for (const [act, message] of thrown) assert.throws(act, (error) => message.test(String(error)));
    assert.deepEqual(reactionsOf(inbox), []);
  });
});
