import assert from 'node:assert/strict';
import fc from 'fast-check';
import { backoffMillis } from '../../src/deliver/backoff.js';
import { retryAfterMillis } from '../../src/slack/retry-after.js';

const NOW = Date.UTC(2026, 0, 1);
const inSeconds = (seconds: number) => new Date(NOW + seconds * 1_000).toUTCString();

describe('retry', () => {
  it('waits a random time between one second and a bound that doubles up to a minute', () => {
    const bounds = [1, 2, 3, 4, 5, 6, 7, 8, 1_000_000].map((failures) => backoffMillis(failures, () => 1));
    assert.deepEqual(bounds, [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000]);
    for (const failures of [1, 7, 1_000_000])
      assert.equal(
        backoffMillis(failures, () => 0),
        1_000,
      );
    assert.equal(
      backoffMillis(3, () => 0.5),
      4_500,
    );
  });

  for (const [what, header, expected] of [
    ['seconds', '7', 7_000],
    ['seconds with spaces around', ' 7 ', 7_000],
    ['a fraction of a second', '2.25', 2_250],
    ['no time at all: a second', '0', 1_000],
    ['a week', '604800', 604_800_000],
    ['thirty years', '946080000', 946_080_000_000],
    ['a date', inSeconds(90), 90_000],
    ['a date that is long over: a second', inSeconds(-90), 1_000],
    ['nothing: 30 s', undefined, 30_000],
    ['an empty text: 30 s', '', 30_000],
    ['a negative number: 30 s', '-5', 30_000],
    ['a number in a form of its own: 30 s', '1e9', 30_000],
    ['infinity: 30 s', 'Infinity', 30_000],
    ['garbage: 30 s', 'soon', 30_000],
    ['garbage that JavaScript takes for a date: 30 s', 'wait 5', 30_000],
    ['a weekday and no date: 30 s', 'Mon, x', 30_000],
    ['a megabyte: 30 s', '9'.repeat(1_000_000), 30_000],
  ] as const) {
    it(`reads a Retry-After of ${what}`, () => {
      assert.equal(retryAfterMillis(header, NOW), expected);
    });
  }

  it('waits at least a second, and never without end, for any header', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.nat().map(String),
          fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
        ),
        (header) => {
          const millis = retryAfterMillis(header, NOW);
          assert.ok(millis >= 1_000 && Number.isFinite(millis));
        },
      ),
    );
  });
});
