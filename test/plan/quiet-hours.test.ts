import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { QuietHours } from '../../src/config/settings.js';
import { quietForMillis } from '../../src/plan/quiet-hours.js';
import { costMillis } from '../support/cost.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** A fresh object each time: nothing is remembered of it. */
function hours(timeZone: string, from: string, to: string): QuietHours {
  return { timeZone, fromMinutes: minutesOf(from), toMinutes: minutesOf(to) };
}

function clockOn(wall: string, millis: number): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: wall, hour: '2-digit', minute: '2-digit' }).format(millis);
}

const BERLIN = 'Europe/Berlin';
/** Half an hour's offset, and summer time of half an hour. */
const LORD_HOWE = 'Australia/Lord_Howe';

/** What happens, the hours, a moment, and for how long it is quiet from then on. */
const MOMENTS: [string, QuietHours, string, number][] = [
  ['before the evening', hours(BERLIN, '22:00', '07:00'), '2026-01-15T20:59:59.999Z', 0],
  ['in the evening', hours(BERLIN, '22:00', '07:00'), '2026-01-15T21:00:00Z', 9 * HOUR],
  ['after midnight', hours(BERLIN, '22:00', '07:00'), '2026-01-15T23:30:00Z', 6.5 * HOUR],
  ['at the last moment', hours(BERLIN, '22:00', '07:00'), '2026-01-16T05:59:59.999Z', 1],
  ['in the morning', hours(BERLIN, '22:00', '07:00'), '2026-01-16T06:00:00Z', 0],
  ['at noon, when that is quiet', hours(BERLIN, '12:00', '13:30'), '2026-07-01T10:15:00Z', 1.25 * HOUR],
  ['after a quiet noon', hours(BERLIN, '12:00', '13:30'), '2026-07-01T11:30:00Z', 0],
  ['in the short night of March', hours(BERLIN, '22:00', '07:00'), '2026-03-28T21:00:00Z', 8 * HOUR],
  ['in the long night of October', hours(BERLIN, '22:00', '07:00'), '2026-10-24T20:00:00Z', 10 * HOUR],
  ['when the end is a time that is skipped', hours(BERLIN, '22:00', '02:30'), '2026-03-29T00:59:00Z', MINUTE],
  ['at the change to which it is skipped', hours(BERLIN, '22:00', '02:30'), '2026-03-29T01:00:00Z', 0],
  ['when the start is a time that is skipped', hours(BERLIN, '02:30', '06:00'), '2026-03-29T01:00:00Z', 3 * HOUR],
  ['just before that', hours(BERLIN, '02:30', '06:00'), '2026-03-29T00:59:59Z', 0],
  ['when all of it is skipped', hours(BERLIN, '02:10', '02:50'), '2026-03-29T01:00:00Z', 0],
  ['on the day after that', hours(BERLIN, '02:10', '02:50'), '2026-03-30T00:20:00Z', 30 * MINUTE],
  ['when the end comes twice: the first time', hours(BERLIN, '22:00', '02:30'), '2026-10-25T00:29:00Z', MINUTE],
  ['when the end has come once', hours(BERLIN, '22:00', '02:30'), '2026-10-25T01:15:00Z', 0],
  ['when the start comes twice', hours(BERLIN, '02:30', '06:00'), '2026-10-25T00:30:00Z', 4.5 * HOUR],
  ['in India', hours('Asia/Kolkata', '22:00', '06:30'), '2026-05-05T16:30:00Z', 8.5 * HOUR],
  ['on Lord Howe', hours(LORD_HOWE, '22:00', '06:00'), '2026-01-10T11:00:00Z', 8 * HOUR],
  ['in the long night of Lord Howe', hours(LORD_HOWE, '22:00', '06:00'), '2026-04-04T11:00:00Z', 8.5 * HOUR],
  ['in the short night of Lord Howe', hours(LORD_HOWE, '22:00', '06:00'), '2026-10-03T11:30:00Z', 7.5 * HOUR],
  ['far in the east', hours('Pacific/Kiritimati', '22:00', '06:00'), '2026-06-30T12:00:00Z', 4 * HOUR],
];

describe('quiet hours', () => {
  for (const [what, quietHours, moment, millis] of MOMENTS) {
    it(`${what} (${quietHours.timeZone}): ${millis / MINUTE} minutes`, () => {
      assert.equal(quietForMillis(Date.parse(moment), quietHours), millis);
    });
  }

  it('end when a clock on the wall shows their end, and not a millisecond sooner', () => {
    const zone = fc.constantFrom(BERLIN, LORD_HOWE, 'America/New_York', 'Asia/Kolkata', 'Asia/Kathmandu', 'UTC');
    const minutes = fc.nat(24 * 60 - 1);
    const moment = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) });
    fc.assert(
      fc.property(zone, minutes, minutes, moment, (timeZone, fromMinutes, toMinutes, now) => {
        fc.pre(fromMinutes !== toMinutes);
        const fresh = (): QuietHours => ({ timeZone, fromMinutes, toMinutes });
        const left = quietForMillis(now, fresh());
        assert.ok(left >= 0 && left < 26 * HOUR);
        if (left === 0) return;
        assert.equal(quietForMillis(now + left - 1, fresh()), 1);
        assert.equal(quietForMillis(now + left, fresh()), 0);
        const shown = minutesOf(clockOn(timeZone, now + left));
        // Where the clocks go forward past the end, they show at most an hour more.
        assert.ok(shown >= toMinutes && shown - toMinutes <= 60, `${shown} for ${toMinutes}`);
      }),
      { numRuns: 500 },
    );
  });

  it('are the same whether they were asked before or not', () => {
    const asked = hours(BERLIN, '22:00', '07:00');
    const start = Date.UTC(2026, 2, 27);
    for (let minute = 0; minute < 4 * 24 * 60; minute += 7) {
      const now = start + minute * MINUTE;
      assert.equal(quietForMillis(now, asked), quietForMillis(now, hours(BERLIN, '22:00', '07:00')));
    }
    assert.equal(quietForMillis(start, asked), 6 * HOUR, 'and when the clock is set back');
  });

  it('cost next to nothing when they are asked again', () => {
    const quietHours = hours(BERLIN, '22:00', '07:00');
    const millis = costMillis(() => {
      for (let second = 0; second < 100_000; second++)
        quietForMillis(Date.UTC(2026, 0, 1, 12, 0, second % 60), quietHours);
    });
    assert.ok(millis < 500, `${millis} ms`);
  });
});
