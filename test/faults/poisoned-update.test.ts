import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Fault } from '../../packages/slack-inbox/src/index.js';
import { type App, faultOf, type World } from '../support/faults.js';
import { forPoison, healthy, POISON, REFUSALS, shownIn } from '../support/poison.js';
import { ERROR } from '../support/records.js';
import { texts } from '../support/slack.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const UPDATES = ['chat.update'];

/** Further errors of an update, known and unknown. */
const OF_UPDATES = ['block_mismatch', 'edit_window_closed', 'message_not_found', 'channel_not_found', 'is_archived'];

const refusals: readonly { readonly name: string; readonly fault: Fault }[] = [
  ...REFUSALS,
  ...OF_UPDATES.map((error) => ({ name: error, fault: { kind: 'error', error } as const })),
];

/** A message is in the channel, its update is refused, and new problems come. */
async function updateRefused(world: World, refusal: Fault) {
  const { inbox } = world;
  const second = await world.openInbox();
  inbox.setFaults([{ ...forPoison(refusal), methods: UPDATES }]);
  const fallback = { token: second.token, channel: second.channel, apiUrl: second.apiUrl };
  const app = world.app({ fallback });
  const delivered = (): number => app.slack.stats().delivered;
  await app.emit(POISON, 'no memory');
  await world.passUntil(() => delivered() === 2, 10 * SECOND);
  await app.emit(POISON);
  await world.passUntil(() => inbox.requests().some(({ method }) => method === 'chat.update'), MINUTE);
  const others = healthy(3);
  const from = world.clock.monotonic();
  for (const text of others) {
    await app.emit(text);
    await world.passUntil(() => shownIn(inbox, [text]).length === 1, MINUTE);
  }
  const millis = world.clock.monotonic() - from;
  // The update of another message passes meanwhile.
  await app.emit('no memory');
  await world.passUntil(() => texts(inbox).some((text) => text.includes('×2 · no memory')), MINUTE);
  await world.passUntil(() => app.slack.stats().pending === 0, 20 * MINUTE);
  return { app, millis, second };
}

describe('an update that is refused', () => {
  for (const { name, fault: refusal } of refusals) {
    faultOf(
      'a token',
      `A10: ${name}: new problems arrive within seconds, in the channel, and its records in the end`,
      async (world) => {
        const { app, millis, second } = await updateRefused(world, refusal);
        const mostMillis = (refusal.kind === 'hang_before_headers' ? 40 : 8) * SECOND;
        ok(millis <= mostMillis, `${millis} ms`);
        deepEqual([app.slack.stats().delivered, app.slack.stats().dropped], [7, {}]);
        equal(second.requests().length, 0, 'nothing goes to the fallback');
        const updates = world.inbox.requests().filter(({ method, fault }) => method === 'chat.update' && fault);
        ok(updates.length <= 8, `${updates.length} refused updates`);
      },
    );
  }

  faultOf('a token', 'A10: to every message: posts go on, and no message is updated in a storm', async (world) => {
    const { inbox } = world;
    inbox.setFaults([{ kind: 'status', status: 500, methods: UPDATES }]);
    const app = world.app({}, { overrides: { random: () => 1 } });
    const texts = healthy(5);
    await app.emit(...texts);
    await world.passUntil(() => app.slack.stats().delivered === 5, 10 * SECOND);
    for (let minute = 0; minute < 10; minute++) {
      await app.emit(...texts);
      await world.pass(MINUTE);
    }
    await app.emit('no memory');
    await world.passUntil(() => shownIn(inbox, ['no memory']).length === 1, 3 * SECOND);
    const updates = inbox.requests().filter(({ method }) => method === 'chat.update').length;
    ok(updates <= 25, `${updates} updates in ten minutes`);
    equal(inbox.messages().length, 6, 'no message is given up');
    inbox.clearFaults();
    await world.passUntil(() => app.slack.stats().pending === 0, 3 * MINUTE);
    equal(inbox.messages().length, 6);
  });
});

describe('a reply in a thread that is refused', () => {
  const emitVariant = async (app: App, text: string): Promise<void> => {
    const attributes = { 'exception.type': 'Error', 'exception.message': text, 'slack.fingerprint': 'payments' };
    app.logger.emit({ severityNumber: ERROR, body: 'failed', attributes });
    await app.handedOver();
  };

  for (const { name, fault: refusal } of REFUSALS) {
    faultOf('a token', `A10: ${name}: holds up no post and no update, and is given up`, async (world) => {
      const { inbox } = world;
      inbox.setFaults([forPoison(refusal)]);
      const app = world.app();
      await emitVariant(app, 'cannot pay');
      await world.passUntil(() => app.slack.stats().delivered === 1, 10 * SECOND);
      await emitVariant(app, `cannot pay because of ${POISON}`);
      const refused = (): number => inbox.requests().filter(({ fault }) => fault !== undefined).length;
      await world.passUntil(() => refused() > 0, 2 * MINUTE);
      const from = world.clock.monotonic();
      await app.emit('no memory');
      await world.passUntil(() => shownIn(inbox, ['no memory']).length === 1, MINUTE);
      ok(world.clock.monotonic() - from <= 13 * SECOND);
      await world.pass(10 * MINUTE);
      equal(refused(), 3, 'it is tried three times');
      match(texts(inbox)[0] ?? '', /×2/);
      deepEqual([app.slack.stats().delivered, app.slack.stats().dropped], [3, {}]);
    });
  }
});

describe('reactions that cannot be read', () => {
  faultOf('a token', 'A10: of one message: those of others are read, and both are updated', async (world) => {
    const { inbox } = world;
    const app = world.app();
    await app.emit('disk is full', 'no memory');
    await world.passUntil(() => app.slack.stats().delivered === 2, 10 * SECOND);
    const [first, second] = inbox.messages();
    inbox.setFaults([
      { kind: 'error', error: 'block_mismatch', methods: ['reactions.get'], containing: first?.ts ?? '' },
    ]);
    for (let at = 0; at < 3; at++) {
      await app.emit('disk is full', 'no memory');
      await world.pass(MINUTE);
    }
    const read = inbox.requests().filter(({ method }) => method === 'reactions.get');
    const about = (ts = ''): number => read.filter(({ body }) => JSON.stringify(body).includes(ts)).length;
    equal(about(first?.ts), 1);
    ok(about(second?.ts) > 1, 'those of the other message are read again');
    ok(texts(inbox).every((text) => text.includes('×4')));
  });
});
