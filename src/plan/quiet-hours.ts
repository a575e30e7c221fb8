import type { QuietHours } from '../config/settings.js';

/**
 * How long it is quiet from now on: 0 outside the quiet hours, else milliseconds until they end.
 *
 * They begin and end when a clock on the wall first shows that time or a later one: where clocks go forward past it, at
 * that very moment; where they go back and show it twice, at the first time. So they come once in each night.
 */
export function quietForMillis(nowMillis: number, quietHours: QuietHours): number {
  const stretch = stretchAt(nowMillis, quietHours);
  return stretch.isQuiet ? stretch.untilMillis - nowMillis : 0;
}

/** A time in which nothing changes. */
interface Stretch {
  readonly fromMillis: number;
  readonly untilMillis: number;
  readonly isQuiet: boolean;
}

/** It is asked each second, and the answer changes twice a day. */
const lastStretch = new WeakMap<QuietHours, Stretch>();

function stretchAt(nowMillis: number, quietHours: QuietHours): Stretch {
  const last = lastStretch.get(quietHours);
  if (last && nowMillis >= last.fromMillis && nowMillis < last.untilMillis) return last;
  const stretch = findStretch(nowMillis, quietHours);
  lastStretch.set(quietHours, stretch);
  return stretch;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function findStretch(nowMillis: number, quietHours: QuietHours): Stretch {
  const midnight = Math.floor(wallAt(nowMillis, quietHours.timeZone) / DAY) * DAY;
  let endMillis = nowMillis;
  for (const day of [midnight - DAY, midnight, midnight + DAY]) {
    const hours = hoursOf(day, quietHours);
    // Clocks that go forward may leave nothing of them.
    if (hours.untilMillis <= nowMillis || hours.untilMillis <= hours.fromMillis) {
      endMillis = Math.min(nowMillis, hours.untilMillis);
      continue;
    }
    if (hours.fromMillis <= nowMillis) return hours;
    return { fromMillis: endMillis, untilMillis: hours.fromMillis, isQuiet: false };
  }
  return { fromMillis: nowMillis, untilMillis: nowMillis + MINUTE, isQuiet: false };
}

/** The quiet hours that begin on a day. */
function hoursOf(midnight: number, { timeZone, fromMinutes, toMinutes }: QuietHours): Stretch {
  const lastDay = fromMinutes < toMinutes ? midnight : midnight + DAY;
  return {
    fromMillis: momentOf(midnight + fromMinutes * MINUTE, timeZone),
    untilMillis: momentOf(lastDay + toMinutes * MINUTE, timeZone),
    isQuiet: true,
  };
}

/** When a clock on the wall first shows a time, or a later one. The time is written as if the wall stood in UTC. */
function momentOf(wallMillis: number, timeZone: string): number {
  // No zone is a day away from UTC, and no clock is changed twice within two days.
  const before = offsetAt(wallMillis - DAY, timeZone);
  const after = offsetAt(wallMillis + DAY, timeZone);
  const byBefore = wallMillis - before;
  const byAfter = wallMillis - after;
  if (offsetAt(byBefore, timeZone) === before) return byBefore;
  if (offsetAt(byAfter, timeZone) === after) return byAfter;
  return changeBetween(byAfter, byBefore, timeZone);
}

/** The moment at which the clocks are changed. */
function changeBetween(earlier: number, later: number, timeZone: string): number {
  const after = offsetAt(later, timeZone);
  let [low, high] = [earlier, later];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle, timeZone) === after) high = middle;
    else low = middle;
  }
  return high;
}

function offsetAt(millis: number, timeZone: string): number {
  return wallAt(millis, timeZone) - millis;
}

/** What a clock on the wall shows, written as if the wall stood in UTC. */
function wallAt(millis: number, timeZone: string): number {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(millis)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 0, hour = 0, minute = 0, second = 0 } = parts;
  const withinSecond = ((millis % 1_000) + 1_000) % 1_000;
  return Date.UTC(year, month - 1, day, hour, minute, second) + withinSecond;
}

/** To make one takes a hundred times as long as to use it. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const numeric = 'numeric';
  const formatter = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    ...{ timeZone, hourCycle: 'h23', year: numeric, month: numeric, day: numeric },
    ...{ hour: numeric, minute: numeric, second: numeric },
  });
  formatters.set(timeZone, formatter);
  return formatter;
}
