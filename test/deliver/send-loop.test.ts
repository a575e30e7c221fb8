import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Outcome, SlackMessage, SlackRequest } from '../../src/slack/types.js';
import { testDestination } from '../support/destination.js';
import { captureDiag, type DiagCapture } from '../support/diag.js';
import { word } from '../support/words.js';

const HOUR = 3_600_000;
const SENT: Outcome = { kind: 'sent' };

/** A post that the test answers. */
interface Asked {
  readonly atMillis: number;
  readonly message: SlackMessage;
  readonly answer: (outcome: Outcome) => void;
}

describe('the send loop', () => {
  let said: DiagCapture;
  beforeEach(() => {
    said = captureDiag();
  });
  afterEach(() => said.stop());

  function setup(answers: Outcome[] | 'by hand' = 'by hand') {
    const asked: Asked[] = [];
    const ask = (request: SlackRequest, atMillis: number): Promise<Outcome> =>
      new Promise((answer) => {
        if (request.act !== 'post') throw new Error(`a webhook was asked to ${request.act}`);
        asked.push({ atMillis, message: request.message, answer });
        const next = answers === 'by hand' ? undefined : (answers.shift() ?? SENT);
        if (next) answer(next);
      });
    return { ...testDestination({ ask }), asked };
  }

  const many = (count: number, text = 'problem'): string[] =>
    Array.from({ length: count }, (_, at) => `${text} ${word(at)}`);
  const times = (asked: readonly Asked[]): number[] => asked.map(({ atMillis }) => atMillis);

  it('posts the first record at once, as one message', async () => {
    const { clock, accept, asked, counts } = setup([]);
    accept('disk is full');
    await clock.advance(0);
    deepEqual(times(asked), [0]);
    match(asked[0]?.message.text ?? '', /disk is full/);
    deepEqual(counts(), { accepted: 1, delivered: 1, pending: 0, dropped: {}, requests: 1, throttled: 0 });
  });

  it('posts one message for forty equal errors', async () => {
    const { clock, accept, asked } = setup([]);
    accept(...Array.from({ length: 40 }, () => 'disk is full'));
    await clock.advance(60_000);
    equal(asked.length, 1);
    match(asked[0]?.message.text ?? '', /×40/);
  });

  it('posts the most severe problem first, one message a second', async () => {
    const { clock, accept, asked } = setup([]);
    accept('error one', 'error two', 'fatal three');
    await clock.advance(10_000);
    deepEqual(times(asked), [0, 1_000, 2_000]);
    deepEqual(
      asked.map(({ message }) => /(one|two|three)/.exec(message.text)?.[0]),
      ['three', 'one', 'two'],
    );
  });

  it('posts more than five pending problems as one message', async () => {
    const { clock, accept, asked, counts } = setup([]);
    accept(...many(60));
    await clock.advance(10_000);
    equal(asked.length, 1);
    match(asked[0]?.message.text ?? '', /60 problems, 60 records/);
    equal(counts().delivered, 60);
  });

  it('counts as delivered only the records in the message, and reports the others in the next', async () => {
    const { clock, accept, asked, counts } = setup();
    accept('disk is full', 'disk is full');
    await clock.advance(0);
    accept('disk is full', 'disk is full', 'disk is full');
    asked[0]?.answer(SENT);
    await clock.advance(0);
    deepEqual([counts().delivered, counts().pending], [2, 3]);
    await clock.advance(60_000);
    match(asked[1]?.message.text ?? '', /×5/);
    match(JSON.stringify(asked[1]?.message), /3 more since the last message/);
  });

  it('retries after a failure with the current counts, not with the old text', async () => {
    const { clock, accept, asked, counts } = setup();
    accept('disk is full');
    await clock.advance(0);
    asked[0]?.answer({ kind: 'retry', reason: 'ECONNREFUSED' });
    await clock.advance(0);
    accept('disk is full', 'disk is full');
    await clock.advance(60_000);
    equal(asked.length, 2);
    match(asked[1]?.message.text ?? '', /×3/);
    asked[1]?.answer(SENT);
    await clock.advance(0);
    equal(counts().delivered, 3);
  });

  it('waits longer after each failure, up to a minute, and starts again at one second after a success', async () => {
    const { clock, accept, asked } = setup(
      Array.from({ length: 9 }, () => ({ kind: 'retry', reason: 'ECONNREFUSED' })),
    );
    accept('one');
    await clock.advance(10 * 60_000);
    const waits = times(asked).map((at, index, all) => at - (all[index - 1] ?? 0));
    // The middle between one second and a bound that doubles: 2, 4, 8 … 60 s.
    deepEqual(waits.slice(0, 10), [0, 1_500, 2_500, 4_500, 8_500, 16_500, 30_500, 30_500, 30_500, 30_500]);
  });

  it('sends no request before the Retry-After of a 429, and one after it', async () => {
    const { clock, accept, asked, counts } = setup([
      { kind: 'retry', reason: 'rate_limited', rateLimitedMillis: HOUR },
    ]);
    accept('one');
    await clock.advance(HOUR - 1);
    accept('one', 'two');
    equal(asked.length, 1);
    await clock.advance(1);
    equal(asked.length, 2);
    equal(counts().throttled, 1);
  });

  it('sends an unanswered message again with the same id and the total count', async () => {
    const { clock, accept, asked } = setup();
    accept('disk is full');
    await clock.advance(0);
    asked[0]?.answer({ kind: 'unknown', reason: 'TIMEOUT' });
    await clock.advance(0);
    accept('disk is full');
    await clock.advance(60_000);
    const ids = asked.map(({ message }) => /id ([0-9a-f.]+)/.exec(JSON.stringify(message))?.[1]);
    deepEqual(ids, ['00000000', '00000000']);
    match(asked[1]?.message.text ?? '', /×2/);
  });

  it('posts a reminder with another id than the first message', async () => {
    const { clock, accept, asked } = setup([]);
    accept('disk is full');
    await clock.advance(2_000);
    accept('disk is full');
    await clock.advance(60_000);
    const ids = asked.map(({ message }) => /id ([0-9a-f.]+)/.exec(JSON.stringify(message))?.[1]);
    equal(new Set(ids).size, 2);
  });

  it('sends a message with refused blocks again as plain text', async () => {
    const { clock, accept, asked, counts } = setup([{ kind: 'refused', reason: 'invalid_blocks', because: 'payload' }]);
    accept('one');
    await clock.advance(5_000);
    equal(asked.length, 2);
    deepEqual(Object.keys(asked[1]?.message ?? {}), ['text']);
    equal(counts().delivered, 1);
    match(said.warnings.join('\n'), /refuses the details of a message \(invalid_blocks\); it is posted as plain text/);
  });

  it('drops records that are refused even without any text of the app, after the next one is sent', async () => {
    const refused: Outcome = { kind: 'refused', reason: 'invalid_blocks', because: 'payload' };
    const { clock, accept, asked, counts } = setup([refused, SENT, refused, refused]);
    accept('fatal one', 'two');
    await clock.advance(10_000);
    const shown = asked.map(({ message }) => /one|two|text left out/.exec(message.text)?.[0]);
    deepEqual(shown, ['one', 'two', 'one', 'text left out']);
    deepEqual(counts(), { accepted: 2, delivered: 1, pending: 0, dropped: { rejected: 1 }, requests: 4, throttled: 0 });
    match(said.warnings.join('\n'), /even without any text of the app \(invalid_blocks\); it is dropped/);
  });

  it('blocks an endpoint that a person must fix: drops nothing, warns once with a remedy, tries every minute', async () => {
    const park: Outcome = { kind: 'refused', reason: 'not_in_channel', because: 'destination' };
    const { clock, accept, asked, counts } = setup([park, park, park]);
    accept('one');
    await clock.advance(3 * 60_000);
    deepEqual(times(asked), [0, 60_000, 120_000, 180_000]);
    equal(counts().delivered, 1);
    equal(said.warnings.length, 1);
    match(said.warnings[0] ?? '', /C0ALERTS: Slack says not_in_channel: invite the app to C0ALERTS \(\/invite @app\)/);
  });

  it('tries an unknown error with less and less of the message, blocks the endpoint, and then sends everything', async () => {
    const strange: Outcome = { kind: 'refused', reason: 'brand_new_error', because: 'unclear' };
    const { clock, accept, asked, counts } = setup([strange, strange, strange, strange]);
    accept('one');
    await clock.advance(50_000);
    deepEqual([asked.length, counts().dropped], [4, {}]);
    await clock.advance(30_000);
    equal(counts().delivered, 1);
    deepEqual(
      asked.map(({ message }) => [message.text.includes('one'), message.blocks !== undefined]),
      [
        [true, true],
        [true, true],
        [true, false],
        [false, false],
        [true, true],
      ],
    );
  });

  it('drops as expired records that could not be posted for a day', async () => {
    const { clock, accept, counts } = setup(
      Array.from({ length: 3_000 }, () => ({ kind: 'retry', reason: 'ENOTFOUND' })),
    );
    accept('one');
    await clock.advance(25 * HOUR);
    accept('two');
    await clock.advance(60_000);
    deepEqual([counts().dropped, counts().pending + counts().delivered], [{ expired: 1 }, 1]);
  });

  it('drops as expired, with a warning, records that waited for a day of a month-long Retry-After', async () => {
    const limit: Outcome = { kind: 'retry', reason: 'rate_limited', rateLimitedMillis: 30 * 24 * HOUR };
    const { clock, accept, asked, counts } = setup([limit]);
    accept('one');
    await clock.advance(25 * HOUR);
    deepEqual([counts().dropped, counts().pending, asked.length], [{ expired: 1 }, 0, 1]);
    match(said.warnings.join('\n'), /Slack asks to wait for 2,592,000 s/);
    match(said.warnings.join('\n'), /1 record could not be sent for a day/);
  });

  it('warns once that Slack cannot be reached, and again at a failure after several requests without one', async () => {
    const down: Outcome = { kind: 'retry', reason: 'ECONNREFUSED' };
    const { clock, accept } = setup([down, down, SENT, SENT, SENT, down, SENT]);
    accept('one');
    await clock.advance(60_000);
    equal(said.warnings.length, 1);
    match(said.warnings[0] ?? '', /ECONNREFUSED.*1 record/);
    for (const problem of ['two', 'three', 'four']) {
      equal(said.warnings.length, 1);
      accept(problem);
      await clock.advance(60_000);
    }
    equal(said.warnings.length, 2);
  });

  it('leaves no listener on its stop signal after sending', async () => {
    const warned: Error[] = [];
    const listen = (warning: Error): void => void warned.push(warning);
    process.on('warning', listen);
    const { clock, accept } = setup([]);
    for (let at = 0; at < 30; at++) {
      accept(`problem ${word(at)}`);
      await clock.advance(1_000);
    }
    process.off('warning', listen);
    deepEqual(warned, []);
  });

  describe('flush', () => {
    it('posts everything pending as one message with details, and resolves when it is confirmed', async () => {
      const { clock, loop, accept, asked } = setup([]);
      accept('one', 'two', 'three');
      const flushed = loop.flush(10_000).then(() => clock.monotonic());
      await clock.advance(0);
      equal(await flushed, 0);
      match(asked[0]?.message.text ?? '', /3 problems/);
      equal(asked[0]?.message.attachments?.length, 3);
    });

    it('ends at its deadline when Slack does not answer', async () => {
      const { clock, loop, accept, counts } = setup();
      accept('one');
      let at = 0;
      void loop.flush(10_000).then(() => {
        at = clock.monotonic();
      });
      await clock.advance(9_999);
      equal(at, 0);
      await clock.advance(1);
      equal(at, 10_000);
      equal(counts().pending, 1);
    });

    it('does not wait for messages that cannot be posted before its deadline', async () => {
      const { clock, loop, accept } = setup([{ kind: 'retry', reason: 'rate_limited', rateLimitedMillis: HOUR }]);
      accept('one');
      let isDone = false;
      void loop.flush(10_000).then(() => {
        isDone = true;
      });
      await clock.advance(0);
      ok(isDone);
      equal(clock.timers(), 1, 'only the send loop waits, for the hour to pass');
    });
  });

  describe('close', () => {
    it('drops pending records as shutdown, warns once, and stops', async () => {
      const { clock, loop, accept, asked, counts } = setup([
        { kind: 'retry', reason: 'rate_limited', rateLimitedMillis: HOUR },
      ]);
      accept('one', 'two');
      await clock.advance(0);
      await loop.close(clock.monotonic() + 5_000);
      deepEqual(counts().dropped, { shutdown: 2 });
      match(said.warnings.join('\n'), /2 records not delivered before shutdown/);
      await clock.advance(2 * HOUR);
      equal(asked.length, 1);
      equal(clock.timers(), 0);
    });

    it('drops the records of a request without an answer as unconfirmed', async () => {
      const { clock, loop, accept, asked, counts } = setup();
      accept('one', 'one');
      await clock.advance(0);
      accept('one');
      const closed = loop.close(5_000);
      await clock.advance(4_000);
      asked[0]?.answer({ kind: 'unknown', reason: 'TIMEOUT' });
      await clock.advance(1_000);
      await closed;
      const { accepted, dropped } = counts();
      deepEqual([accepted, dropped], [3, { unconfirmed: 2, shutdown: 1 }]);
    });
  });

  it('keeps accepted = delivered + pending + dropped for any sequence of answers', async () => {
    const answers: Outcome[] = [
      { kind: 'unknown', reason: 'http_500' },
      { kind: 'retry', reason: 'rate_limited', rateLimitedMillis: 3_000 },
      { kind: 'refused', reason: 'invalid_blocks', because: 'payload' },
      { kind: 'refused', reason: 'is_archived', because: 'destination' },
      SENT,
    ];
    const { clock, accept, counts } = setup(Array.from({ length: 60 }, (_, at) => answers[at % 5] as Outcome));
    for (let at = 0; at < 100; at++) {
      accept(`problem ${word(at % 7)}`, `problem ${word(at % 3)}`);
      await clock.advance(at * 37);
      const { accepted, delivered, pending, dropped } = counts();
      const lost = Object.values(dropped).reduce((sum, records) => sum + records, 0);
      equal(accepted, delivered + pending + lost);
    }
    equal(counts().accepted, 200);
  });
});
