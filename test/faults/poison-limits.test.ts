import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Fault } from '../../packages/slack-inbox/src/index.js';
import { fault } from '../support/faults.js';
import { forPoison, healthy, POISON, REFUSALS, shownIn } from '../support/poison.js';
import { texts } from '../support/slack.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const FORBIDDEN: Fault = { kind: 'status', status: 403, body: '<h1>Forbidden</h1>' };

describe('a message that is refused, and the channel', () => {
  fault('A1: nothing goes to the fallback because of one message', async (world) => {
    const { inbox } = world;
    const second = await world.openInbox();
    inbox.setFaults([forPoison(FORBIDDEN)]);
    const app = world.app({ fallback: { webhookUrl: second.webhookUrl } });
    await app.emit(POISON, ...healthy(3));
    await world.passUntil(() => app.slack.stats().pending === 0, MINUTE);
    deepEqual([second.requests().length, shownIn(inbox, healthy(3)).length], [0, 3]);
  });

  fault('A1: an endpoint that refuses everything is blocked after a few requests, with a warning', async (world) => {
    const { inbox } = world;
    const second = await world.openInbox();
    inbox.setFaults([FORBIDDEN]);
    const app = world.app({ fallback: { webhookUrl: second.webhookUrl } });
    const problems = healthy(11);
    await app.emit(...problems);
    await world.passUntil(() => app.slack.stats().pending === 0, MINUTE);
    deepEqual(shownIn(second, problems), problems, 'the fallback shows all texts');
    ok(inbox.requests().length <= 5, `${inbox.requests().length} requests`);
    match(world.said.warnings.join('\n'), /the answer is http_403: check the URL.*Until then records go to/);
  });

  fault('A1: after an endpoint refused everything, the messages show all of their content', async (world) => {
    const { inbox } = world;
    inbox.setFaults([FORBIDDEN]);
    const app = world.app();
    const problems = healthy(4);
    await app.emit(...problems);
    await world.pass(10 * MINUTE);
    inbox.clearFaults();
    await world.passUntil(() => app.slack.stats().pending === 0, 3 * MINUTE);
    deepEqual(shownIn(inbox, problems), problems);
    ok(
      inbox.messages().every(({ blocks }) => blocks !== undefined),
      'with details',
    );
  });

  for (const { name, fault: refusal } of REFUSALS) {
    fault(`A1: ${name}: a refused message that is alone in a channel is shown without its text`, async (world) => {
      const { inbox } = world;
      inbox.setFaults([forPoison(refusal)]);
      const app = world.app({}, { overrides: { random: () => 1 } });
      await app.emit(POISON, POISON);
      await world.passUntil(() => app.slack.stats().pending === 0, 15 * MINUTE);
      match(texts(inbox)[0] ?? '', /^🔴 ERROR ×2 text left out: refused on the way to Slack/);
      deepEqual([app.slack.stats().delivered, app.slack.stats().dropped], [2, {}]);
    });
  }

  fault('A1: one of 200 problems: all others arrive within 40 requests', async (world) => {
    const { inbox } = world;
    inbox.setFaults([forPoison(FORBIDDEN)]);
    const app = world.app();
    await app.emit(...healthy(100), POISON, ...healthy(99, 'other'));
    await world.passUntil(() => app.slack.stats().pending === 0, 5 * MINUTE);
    ok(inbox.requests().length <= 40, `${inbox.requests().length} requests`);
    deepEqual([app.slack.stats().delivered, app.slack.stats().dropped], [200, {}]);
  });

  fault(
    'A1: a word that every message has, such as the name of the service: all are shown without text',
    async (world) => {
      const { inbox } = world;
      inbox.setFaults([forPoison(FORBIDDEN, 'checkout')]);
      const app = world.app();
      await app.emit(...healthy(9));
      await world.passUntil(() => app.slack.stats().pending === 0, 2 * MINUTE);
      ok(texts(inbox).every((text) => /left out/.test(text) && !/checkout|healthy/.test(text)));
      deepEqual([app.slack.stats().delivered, app.slack.stats().dropped], [9, {}]);
    },
  );

  fault(
    'A1: an error that names the channel, for one message only: the others follow within a minute',
    async (world) => {
      const { inbox } = world;
      const error = world.way === 'a token' ? 'restricted_action' : 'action_prohibited';
      inbox.setFaults([forPoison({ kind: 'error', error })]);
      const app = world.app();
      const others = healthy(4);
      await app.emit(POISON, ...others);
      await world.passUntil(() => shownIn(inbox, others).length === 4, 70 * SECOND);
      await world.passUntil(() => app.slack.stats().pending === 0, MINUTE);
      match(texts(inbox).join('\n'), /text left out: refused on the way to Slack/);
      deepEqual([app.slack.stats().delivered, app.slack.stats().dropped], [5, {}]);
      await app.emit('no memory');
      await world.passUntil(() => shownIn(inbox, ['no memory']).length === 1, 3 * SECOND);
    },
  );

  fault('A1: a hang for 12 problems: each problem that comes later arrives within 15 seconds', async (world) => {
    const { inbox } = world;
    inbox.setFaults([forPoison({ kind: 'hang_before_headers' })]);
    const app = world.app();
    await app.emit(...healthy(12, POISON));
    await world.pass(40 * SECOND);
    const later = healthy(5, 'later');
    for (const text of later) {
      await app.emit(text);
      await world.passUntil(() => shownIn(inbox, [text]).length === 1, 15 * SECOND);
    }
    await world.passUntil(() => app.slack.stats().pending === 0, 30 * MINUTE);
    deepEqual([app.slack.stats().delivered, app.slack.stats().dropped], [17, {}]);
  });
});

describe('the end of a process with a message that is refused', () => {
  for (const { name, fault: refusal } of REFUSALS) {
    if (refusal.kind === 'hang_before_headers') continue;
    fault(`A1: ${name}, known before: shutdown delivers the others at once, and drops nothing`, async (world) => {
      const { inbox } = world;
      inbox.setFaults([forPoison(refusal)]);
      const app = world.app();
      await app.emit(POISON);
      await world.passUntil(() => inbox.requests().length > 0, 10 * SECOND);
      const others = healthy(10);
      await app.emit(...others);
      await world.over(app.provider.shutdown());
      deepEqual(shownIn(inbox, others), others);
      deepEqual([app.slack.stats().delivered, app.slack.stats().dropped], [11, {}]);
    });

    fault(
      `A1: ${name}, not known before: shutdown drops nothing, and most are shown with their text`,
      async (world) => {
        const { inbox } = world;
        inbox.setFaults([forPoison(refusal)]);
        const app = world.app();
        const others = healthy(10);
        await app.emit(POISON, ...others);
        await world.over(app.provider.shutdown());
        ok(shownIn(inbox, others).length >= 5, texts(inbox).join('\n'));
        deepEqual([app.slack.stats().delivered, app.slack.stats().dropped], [11, {}]);
        equal(app.slack.stats().pending, 0);
      },
    );
  }

  fault('A1: a hang that is under way: shutdown ends its request, and delivers the others', async (world) => {
    const { inbox } = world;
    inbox.setFaults([forPoison({ kind: 'hang_before_headers' })]);
    const app = world.app();
    await app.emit(POISON);
    await world.passUntil(() => inbox.requests().length === 2, MINUTE);
    const others = healthy(10);
    await app.emit(...others);
    await world.over(app.provider.shutdown());
    deepEqual(shownIn(inbox, others), others);
    const { delivered, dropped } = app.slack.stats();
    equal(delivered + (dropped.unconfirmed ?? 0), 11);
  });

  fault('A1: a first hang under way: shutdown gives it half of the time, and delivers the others', async (world) => {
    const { inbox } = world;
    inbox.setFaults([forPoison({ kind: 'hang_before_headers' })]);
    const app = world.app();
    await app.emit(POISON);
    await world.passUntil(() => inbox.requests().length === 1, MINUTE);
    const others = healthy(10);
    await app.emit(...others);
    await world.over(app.provider.shutdown());
    deepEqual(shownIn(inbox, others), others);
    equal(app.slack.stats().pending, 0);
  });
});
