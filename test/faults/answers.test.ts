import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { type Fault, messageText } from '../../packages/slack-inbox/src/index.js';
import { fault, faultOf, idsIn } from '../support/faults.js';
import { recordsShown, texts } from '../support/slack.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('an answer of Slack’s', () => {
  /** A fault for a day. In the middle a 429 asks to wait for hours, so that the test needs no thousand requests. */
  const forADay = (fault: Fault): readonly Fault[] => [
    { ...fault, times: 5 },
    { kind: 'rate_limited', retryAfter: (23 * HOUR) / SECOND, times: 1 },
    fault,
  ];
  const LATE = { overrides: { random: () => 1 } };

  fault('500, 502, 503: are sent again with the current counts, until the retention ends', async (world) => {
    const { inbox } = world;
    const statuses = [500, 502, 503].map((status) => ({ kind: 'status', status, times: 1 }) as const);
    inbox.setFaults(statuses);
    const app = world.app();
    await app.emit('disk is full');
    await world.passUntil(() => inbox.requests().length === 2, MINUTE);
    await app.emit('disk is full', 'disk is full');
    await world.passUntil(() => app.slack.stats().delivered === 3, MINUTE);
    deepEqual(
      inbox.requests().map(({ status, body }) => [status, /×\d+/.exec(JSON.stringify(body))?.[0]]),
      [
        [500, undefined],
        [502, undefined],
        [503, '×3'],
        [200, '×3'],
      ],
    );
    equal(new Set(idsIn(inbox)).size, 1);
  });

  fault('503 for longer than a day: dropped as expired after 24 h and not before, with a warning', async (world) => {
    const { inbox } = world;
    inbox.setFaults(forADay({ kind: 'status', status: 503 }));
    const app = world.app({}, LATE);
    await app.emit('disk is full');
    await world.pass(24 * HOUR - MINUTE);
    await app.emit('search is down');
    deepEqual([app.slack.stats().pending, app.slack.stats().dropped], [2, {}]);
    await world.pass(3 * MINUTE);
    deepEqual([app.slack.stats().pending, app.slack.stats().dropped], [1, { expired: 1 }]);
    inbox.clearFaults();
    await world.passUntil(() => app.slack.stats().delivered === 1, 61 * SECOND);
    match(world.said.warnings.join('\n'), /1 record could not be sent for a day; dropped/);
    ok(world.said.warnings.length < 20, world.said.warnings.join('\n'));
  });

  fault('a reset after Slack accepted: at most one duplicate for each fault, with the same id', async (world) => {
    const { inbox } = world;
    inbox.setFaults([{ kind: 'reset_after_accept', times: 2 }]);
    const app = world.app();
    await app.emit('disk is full', 'disk is full');
    await world.passUntil(() => app.slack.stats().delivered === 2, MINUTE);
    const ids = idsIn(inbox);
    deepEqual([ids.length, new Set(ids).size], [3, 1]);
    equal(recordsShown(inbox), 2);
  });

  fault('a reset before Slack accepted: is sent again, and posted once', async (world) => {
    world.inbox.setFaults([{ kind: 'reset', times: 1 }]);
    const app = world.app();
    await app.emit('disk is full');
    await world.passUntil(() => app.slack.stats().delivered === 1, MINUTE);
    equal(world.inbox.messages().length, 1);
  });

  fault('200 with another body than Slack’s: is unconfirmed, so it is sent again with the same id', async (world) => {
    for (const body of ['{"ok":tru', '', '<html></html>', 'null', '[]', '{}']) {
      const { inbox } = world;
      inbox.clear();
      inbox.setFaults([{ kind: 'garbage', body, times: 1 }]);
      const app = world.app();
      await app.emit(`disk is full of ${body.length}`);
      await world.passUntil(() => app.slack.stats().delivered === 1, MINUTE);
      const ids = idsIn(inbox);
      deepEqual([ids.length, new Set(ids).size], [2, 1], body);
    }
  });

  fault('a short body: is unconfirmed, and posted at most twice, with the same id', async (world) => {
    world.inbox.setFaults([{ kind: 'truncate', times: 1 }]);
    const app = world.app();
    await app.emit('disk is full');
    await world.passUntil(() => app.slack.stats().delivered === 1, MINUTE);
    const ids = idsIn(world.inbox);
    deepEqual([ids.length, new Set(ids).size], [2, 1]);
  });

  faultOf('a token', 'ok:false for a while: is sent again and arrives', async (world) => {
    const names = ['service_unavailable', 'request_timeout', 'internal_error', 'fatal_error', 'ratelimited'];
    world.inbox.setFaults(names.map((error) => ({ kind: 'error', error, times: 1 })));
    const app = world.app();
    await app.emit('disk is full');
    await world.passUntil(() => app.slack.stats().delivered === 1, 2 * MINUTE);
    deepEqual(
      world.inbox.requests().map(({ error }) => error),
      [...names, undefined],
    );
    deepEqual([app.slack.stats().dropped, world.inbox.messages().length], [{}, 1]);
  });

  fault(
    'a refused payload: the next one arrives, then it is sent as plain text, then without any text of the app',
    async (world) => {
      const { inbox } = world;
      inbox.setFaults([{ kind: 'error', error: 'invalid_blocks', containing: 'disk is full' }]);
      const app = world.app();
      await app.emit('disk is full', 'search is down');
      await world.passUntil(() => app.slack.stats().delivered === 2, MINUTE);
      const [first, second, third, fourth] = inbox.requests();
      match(JSON.stringify(first?.body), /blocks.*disk is full/);
      deepEqual([second?.status, third?.body?.blocks, third?.body?.attachments], [200, undefined, undefined]);
      match(JSON.stringify(second?.body), /search is down/);
      match(String(third?.body?.text), /disk is full/);
      match(String(fourth?.body?.text), /text left out: refused on the way to Slack \(invalid_blocks\)/);
      deepEqual([app.slack.stats().dropped, app.slack.stats().pending], [{}, 0]);
      match(world.said.warnings.join('\n'), /\(invalid_blocks\); it is posted without any text of the app/);
    },
  );

  fault('a payload that is refused in every form: is dropped as rejected, and the others arrive', async (world) => {
    const { inbox } = world;
    inbox.setFaults([{ kind: 'error', error: 'invalid_blocks', times: 3 }]);
    const app = world.app();
    await app.emit('disk is full');
    await world.passUntil(() => app.slack.stats().pending === 0, MINUTE);
    await app.emit('search is down');
    await world.passUntil(() => app.slack.stats().delivered === 1, MINUTE);
    deepEqual(app.slack.stats().dropped, { rejected: 1 });
    match(world.said.warnings.join('\n'), /even without any text of the app \(invalid_blocks\); it is dropped/);
  });

  fault('a payload with refused blocks: its text arrives', async (world) => {
    world.inbox.setFaults([{ kind: 'error', error: 'invalid_blocks', times: 1 }]);
    const app = world.app();
    await app.emit('disk is full');
    await world.passUntil(() => app.slack.stats().delivered === 1, MINUTE);
    equal(world.inbox.messages()[0]?.blocks, undefined);
    match(texts(world.inbox)[0] ?? '', /disk is full/);
  });

  const PARKED = [
    { way: 'a token', error: 'token_revoked', remedy: /install the Slack app again/ },
    { way: 'a token', error: 'is_archived', remedy: /unarchive the channel/ },
    { way: 'a token', error: 'not_in_channel', remedy: /invite the app to C0123ALERTS/ },
    { way: 'a webhook', error: 'no_service', remedy: /make a new webhook/ },
    { way: 'a webhook', error: 'channel_is_archived', remedy: /unarchive the channel/ },
    { way: 'a webhook', error: 'invalid_token', remedy: /make a new webhook/ },
  ] as const;
  for (const { way, error, remedy } of PARKED) {
    faultOf(
      way,
      `${error}: blocks the destination, warns once with the remedy, tries once a minute, and delivers all records after the fix`,
      async (world) => {
        const { inbox } = world;
        inbox.setFaults([{ kind: 'error', error }]);
        const app = world.app();
        await app.emit('disk is full');
        await world.pass(5 * MINUTE);
        await app.emit('disk is full', 'search is down');
        await world.pass(4 * MINUTE + 30 * SECOND);
        deepEqual([app.slack.stats().pending, app.slack.stats().dropped], [3, {}]);
        const asked = inbox.requests().map(({ receivedAtMillis }) => receivedAtMillis);
        equal(asked.length, 10);
        ok(asked.every((millis, at) => at === 0 || millis - (asked[at - 1] as number) >= MINUTE));
        equal(world.said.warnings.length, 1);
        match(world.said.warnings[0] ?? '', remedy);
        match(world.said.warnings[0] ?? '', new RegExp(`Slack says ${error}`));
        inbox.clearFaults();
        await world.passUntil(() => app.slack.stats().delivered === 3, 2 * MINUTE);
        equal(recordsShown(inbox), 3);
      },
    );
  }

  fault(
    'refused for longer than a day: records that are pending for a day are dropped as expired, and no others',
    async (world) => {
      world.inbox.setFaults(
        forADay({ kind: 'error', error: world.way === 'a token' ? 'account_inactive' : 'no_team' }),
      );
      const app = world.app();
      await app.emit('disk is full');
      await world.pass(24 * HOUR - SECOND);
      deepEqual([app.slack.stats().pending, app.slack.stats().dropped], [1, {}]);
      await world.pass(2 * MINUTE);
      deepEqual([app.slack.stats().pending, app.slack.stats().dropped], [0, { expired: 1 }]);
    },
  );

  fault(
    'refused, with a fallback: the fallback takes over and names the blocked destination, which is used again after the fix',
    async (world) => {
      const { inbox } = world;
      const isToken = world.way === 'a token';
      const second = await world.openInbox();
      const fallback = isToken
        ? { token: second.token, channel: second.channel, apiUrl: second.apiUrl }
        : { webhookUrl: second.webhookUrl };
      inbox.setFaults([{ kind: 'error', error: isToken ? 'token_revoked' : 'no_service' }]);
      const app = world.app({ fallback });
      await app.emit('disk is full');
      await world.passUntil(() => app.slack.stats().delivered === 1, 5 * SECOND);
      match(messageText(second.messages()[0] ?? { text: '' }), /meant for/);
      match(world.said.warnings.join('\n'), /Until then records go to /);
      inbox.clearFaults();
      await world.pass(2 * MINUTE);
      await app.emit('search is down');
      await world.passUntil(() => app.slack.stats().delivered === 2, 2 * MINUTE);
      match(texts(inbox).join('\n'), /search is down/);
      equal(second.messages().length, 1);
    },
  );
});
