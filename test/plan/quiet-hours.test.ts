import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { QuietHours } from '../../src/config/settings.js';
import { quietForMillis } from '../../src/plan/quiet-hours.js';
import { costMillis } from '../support/cost.js';

const MINUTE = 60_000;
const DAY_MINUTES = 24 * 60;

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** A new object each time, so that no answer is cached for it. */
function hours(timeZone: string, from: string, to: string): QuietHours {
  return { timeZone, fromMinutes: minutesOf(from), toMinutes: minutesOf(to) };
}

function clockOn(wall: string, millis: number): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: wall, hour: '2-digit', minute: '2-digit' }).format(millis);
}

const BERLIN = 'Europe/Berlin';
/** An offset of half an hour, and summer time of half an hour. */
const LORD_HOWE = 'Australia/Lord_Howe';

/** A title, quiet hours, a time, and whether it is quiet then. */
const MOMENTS: [string, QuietHours, string, boolean][] = [
  ['before the evening', hours(BERLIN, '22:00', '07:00'), '2026-01-15T20:59:59.999Z', false],
  ['in the evening', hours(BERLIN, '22:00', '07:00'), '2026-01-15T21:00:00Z', true],
  ['after midnight', hours(BERLIN, '22:00', '07:00'), '2026-01-15T23:30:00Z', true],
  ['at the last moment', hours(BERLIN, '22:00', '07:00'), '2026-01-16T05:59:59.999Z', true],
  ['in the morning', hours(BERLIN, '22:00', '07:00'), '2026-01-16T06:00:00Z', false],
  ['at noon, when noon is quiet', hours(BERLIN, '12:00', '13:30'), '2026-07-01T10:15:00Z', true],
  ['after a quiet noon', hours(BERLIN, '12:00', '13:30'), '2026-07-01T11:30:00Z', false],
  ['at the end of the short night of March', hours(BERLIN, '22:00', '07:00'), '2026-03-29T05:00:00Z', false],
  ['a minute before that', hours(BERLIN, '22:00', '07:00'), '2026-03-29T04:59:00Z', true],
  ['at the end of the long night of October', hours(BERLIN, '22:00', '07:00'), '2026-10-25T06:00:00Z', false],
  ['a minute before that', hours(BERLIN, '22:00', '07:00'), '2026-10-25T05:59:00Z', true],
  ['before the end, when the end is skipped', hours(BERLIN, '22:00', '02:30'), '2026-03-29T00:59:00Z', true],
  ['when the clocks go forward past the end', hours(BERLIN, '22:00', '02:30'), '2026-03-29T01:00:00Z', false],
  ['when the clocks go forward past the start', hours(BERLIN, '02:30', '06:00'), '2026-03-29T01:00:00Z', true],
  ['when the clocks go forward past all of them', hours(BERLIN, '02:10', '02:50'), '2026-03-29T01:00:00Z', false],
  ['on the day after that', hours(BERLIN, '02:10', '02:50'), '2026-03-30T00:20:00Z', true],
  ['in India', hours('Asia/Kolkata', '22:00', '06:30'), '2026-05-05T16:30:00Z', true],
  ['on Lord Howe, before', hours(LORD_HOWE, '22:00', '06:00'), '2026-01-10T10:59:00Z', false],
  ['on Lord Howe', hours(LORD_HOWE, '22:00', '06:00'), '2026-01-10T11:00:00Z', true],
  ['far in the east', hours('Pacific/Kiritimati', '22:00', '06:00'), '2026-06-30T12:00:00Z', true],
];

describe('quiet hours', () => {
  for (const [when, quietHours, moment, isQuiet] of MOMENTS) {
    it(`${when} (${quietHours.timeZone}): ${isQuiet ? 'quiet' : 'not quiet'}`, () => {
      assert.equal(quietForMillis(Date.parse(moment), quietHours) > 0, isQuiet);
    });
  }

  it('last exactly while the wall clock is within them, and are checked again at the next minute', () => {
    const zone = fc.constantFrom(BERLIN, LORD_HOWE, 'America/New_York', 'Asia/Kolkata', 'Asia/Kathmandu', 'UTC');
    const minutes = fc.nat(24 * 60 - 1);
    const moment = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) });
    fc.assert(
      fc.property(zone, minutes, minutes, moment, (timeZone, fromMinutes, toMinutes, now) => {
        fc.pre(fromMinutes !== toMinutes);
        const shown = minutesOf(clockOn(timeZone, now));
        const hasBegun = (shown - fromMinutes + DAY_MINUTES) % DAY_MINUTES;
        const length = (toMinutes - fromMinutes + DAY_MINUTES) % DAY_MINUTES;
        const left = quietForMillis(now, { timeZone, fromMinutes, toMinutes });
        assert.equal(left, hasBegun < length ? MINUTE - (now % MINUTE) : 0);
      }),
      { numRuns: 500 },
    );
  });

  it('are the same when they were checked before, and when the clock is set back', () => {
    const asked = hours(BERLIN, '22:00', '07:00');
    const start = Date.UTC(2026, 2, 27);
    for (let minute = 0; minute < 4 * 24 * 60; minute += 7) {
      const now = start + minute * MINUTE;
      assert.equal(quietForMillis(now, asked), quietForMillis(now, hours(BERLIN, '22:00', '07:00')));
    }
    assert.equal(quietForMillis(start, asked), MINUTE);
  });

  it('cost next to nothing when they are checked again', () => {
    const quietHours = hours(BERLIN, '22:00', '07:00');
    const millis = costMillis(() => {
      for (let second = 0; second < 100_000; second++)
        quietForMillis(Date.UTC(2026, 0, 1, 12, 0, second % 60), quietHours);
    });
    assert.ok(millis < 500, `${millis} ms`);
  });
});
