import { DATE_TOKENS } from './date-tokens.js';

const formatters = new Map<string, Intl.DateTimeFormat>();

/** A moment, in the reader's language of dates and zone; see `DATE_TOKENS` for the format. */
export function timeElement(millis: number, format: string): HTMLTimeElement {
  const made = document.createElement('time');
  made.dateTime = new Date(millis).toISOString();
  made.dataset.format = format;
  made.textContent = formatted(millis, format);
  return made;
}

/** As Slack writes it; what is no token stays. */
export function formatted(millis: number, format: string): string {
  const date = new Date(millis);
  return format.replace(/\{(\w+)\}/g, (token, name: string) => tokenText(date, name) ?? token);
}

/** Says "Yesterday" of what was "Today", when a day has gone by. */
export function keepDatesTrue(): void {
  let today = daysFromNow(0);
  setInterval(() => {
    if (today === daysFromNow(0)) return;
    today = daysFromNow(0);
    for (const time of document.querySelectorAll('time')) {
      time.textContent = formatted(Date.parse(time.dateTime), time.dataset.format ?? '');
    }
  }, 60_000);
}

function tokenText(date: Date, name: string): string | undefined {
  if (name.endsWith('_pretty')) {
    const near = { [daysFromNow(-1)]: 'Yesterday', [daysFromNow(0)]: 'Today', [daysFromNow(1)]: 'Tomorrow' };
    const day = near[date.toDateString()];
    if (day !== undefined) return day;
  }
  if (!Object.hasOwn(DATE_TOKENS, name)) return undefined;
  return formatter(name).format(date);
}

function formatter(name: string): Intl.DateTimeFormat {
  const { locale = 'en-US', ...options } = DATE_TOKENS[name] ?? {};
  const made = formatters.get(name) ?? new Intl.DateTimeFormat(locale, options);
  formatters.set(name, made);
  return made;
}

function daysFromNow(days: number): string {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days).toDateString();
}
