import type { QuietHours } from '../config/index.js';

const MINUTE_MILLIS = 60_000;

/**
 * Returns the milliseconds until the quiet hours must be checked again, at most a minute; 0 outside them. Quiet hours
 * begin and end with a minute of the wall clock, so the next check is at the next minute.
 *
 * @param nowMillis - wall clock, milliseconds since 1970
 */
export function quietForMillis(nowMillis: number, quietHours: QuietHours): number {
  const minute = Math.floor(nowMillis / MINUTE_MILLIS);
  return isQuiet(minute, quietHours) ? (minute + 1) * MINUTE_MILLIS - nowMillis : 0;
}

/** The answers of the current minute. The send loop asks each second, and computing the time of a time zone is slow. */
const lastAnswers = new WeakMap<QuietHours, { readonly minute: number; readonly isQuiet: boolean }>();

function isQuiet(minute: number, quietHours: QuietHours): boolean {
  const last = lastAnswers.get(quietHours);
  if (last?.minute === minute) return last.isQuiet;
  const { timeZone, fromMinutes, toMinutes } = quietHours;
  const minuteOfDay = minutesOfDay(minute * MINUTE_MILLIS, timeZone);
  const isAfterStart = minuteOfDay >= fromMinutes;
  const isBeforeEnd = minuteOfDay < toMinutes;
  const answer = fromMinutes < toMinutes ? isAfterStart && isBeforeEnd : isAfterStart || isBeforeEnd;
  lastAnswers.set(quietHours, { minute, isQuiet: answer });
  return answer;
}

/** Returns the wall-clock time of a time zone, in minutes since midnight. */
function minutesOfDay(millis: number, timeZone: string): number {
  const parts = formatterOf(timeZone).formatToParts(millis);
  const numberOf = (type: 'hour' | 'minute'): number => Number(parts.find((part) => part.type === type)?.value);
  return numberOf('hour') * 60 + numberOf('minute');
}

/** The formatters by time zone. Creating one takes a hundred times as long as using it. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const options = { timeZone, hourCycle: 'h23', hour: 'numeric', minute: 'numeric' } as const;
  const formatter = new Intl.DateTimeFormat('en-US-u-nu-latn', options);
  formatters.set(timeZone, formatter);
  return formatter;
}
