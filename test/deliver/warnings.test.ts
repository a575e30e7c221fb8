import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Outcome } from '../../src/slack/types.js';
import { CHANNEL, type TestDestination, testDestination, WEBHOOK } from '../support/destination.js';
import { eachTest } from '../support/slack.js';
import { word } from '../support/words.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const FAILURES: readonly Outcome[] = [
  { kind: 'unknown', reason: 'http_500' },
  { kind: 'unknown', reason: 'TIMEOUT' },
  { kind: 'unknown', reason: 'ECONNRESET' },
  { kind: 'retry', reason: 'ECONNREFUSED' },
  { kind: 'retry', reason: 'service_unavailable' },
  { kind: 'retry', reason: 'rate_limited', rateLimitedMillis: 61 * SECOND },
  { kind: 'refused', reason: 'http_403', because: 'unclear' },
  { kind: 'refused', reason: 'not_in_channel', because: 'destination' },
];

describe('the warnings of a destination', () => {
  const { said } = eachTest();

  /** A destination that fails with every second post and update. */
  function alternating(failure: Outcome, destination = WEBHOOK): TestDestination {
    let requests = 0;
    const made: TestDestination = testDestination({
      destination,
      ask: (request) =>
        request.act !== 'reactions' && requests++ % 2 === 0 ? Promise.resolve(failure) : made.channel.ask(request),
    });
    return made;
  }

  for (const destination of [WEBHOOK, CHANNEL])
    for (const failure of FAILURES) {
      const { reason } = failure as { readonly reason: string };
      it(`A18: ${reason} and success in turn: each kind of warning once in ten minutes, with a ${destination.kind}`, async () => {
        const { clock, accept, counts, loop } = alternating(failure, destination);
        for (let at = 0; at < 290; at++) {
          accept(`problem ${word(at % 90)}`);
          await clock.advance(2 * SECOND);
        }
        const kinds = new Set(said.warnings.map((warning) => warning.replaceAll(/\d+/g, '')));
        equal(kinds.size, said.warnings.length, said.warnings.join('\n'));
        ok(said.warnings.length <= 3, said.warnings.join('\n'));
        deepEqual(counts().dropped, {});
        await loop.close(clock.monotonic());
      });
    }

  it('A18: 500 and 200 in turn: no message loses its details', async () => {
    const { clock, accept, channel, counts, loop } = alternating({ kind: 'unknown', reason: 'http_500' });
    for (let at = 0; at < 100; at++) {
      accept(`problem ${word(at)}`);
      await clock.advance(2 * SECOND);
    }
    await clock.advance(2 * MINUTE);
    equal(counts().delivered, 100);
    ok(channel.messages.every(({ message }) => message.blocks !== undefined));
    await loop.close(clock.monotonic());
  });

  const LIMITS = [
    { act: 'reactions', text: /until then reactions are not read; messages are posted and updated$/ },
    { act: 'update', text: /until then posted messages are not updated; new messages are posted$/ },
    { act: 'post', text: /until then records wait, at most a day$/ },
  ] as const;
  for (const { act, text } of LIMITS) {
    it(`A18: a limit of ${act} alone stops nothing else, and the warning says that`, async () => {
      let isLimited = false;
      const destination: TestDestination = testDestination({
        destination: CHANNEL,
        ask: (request) => {
          const limit: Outcome = { kind: 'retry', reason: 'rate_limited', rateLimitedMillis: 600 * SECOND };
          return isLimited && request.act === act ? Promise.resolve(limit) : destination.channel.ask(request);
        },
      });
      const { clock, accept, channel, counts } = destination;
      accept('disk is full');
      await clock.advance(20 * SECOND);
      isLimited = true;
      accept('disk is full');
      await clock.advance(20 * SECOND);
      accept('disk is full', 'no memory');
      await clock.advance(MINUTE);
      const since = channel.requests
        .filter(({ atMillis }) => atMillis >= 20 * SECOND)
        .map(({ request }) => request.act);
      deepEqual([since.includes('post'), since.includes('update')], [act !== 'post', act !== 'update']);
      equal(counts().pending, act === 'reactions' ? 0 : act === 'post' ? 1 : 2);
      equal(said.warnings.length, 1);
      match(said.warnings[0] ?? '', text);
      await destination.loop.close(clock.monotonic());
    });
  }
});
