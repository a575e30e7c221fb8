import { DATE_TOKENS } from './date-tokens.js';

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Creates a `<time>` in the reader's time zone. @param format a text with tokens of {@link DATE_TOKENS} */
export function timeElement(millis: number, format: string): HTMLTimeElement {
  const created = document.createElement('time');
  created.dateTime = new Date(millis).toISOString();
  created.dataset.format = format;
  created.textContent = formatted(millis, format);
  return created;
}

/** Replaces the tokens of a format, as Slack does. An unknown token is left as it is. */
export function formatted(millis: number, format: string): string {
  const date = new Date(millis);
  return format.replace(/\{(\w+)\}/g, (token, name: string) => tokenText(date, name) ?? token);
}

/** Formats all dates again when a new day begins: "Today" becomes "Yesterday". */
export function refreshDatesDaily(): void {
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
    const relativeDays = { [daysFromNow(-1)]: 'Yesterday', [daysFromNow(0)]: 'Today', [daysFromNow(1)]: 'Tomorrow' };
    const day = relativeDays[date.toDateString()];
    if (day !== undefined) return day;
  }
  if (!Object.hasOwn(DATE_TOKENS, name)) return undefined;
  return formatter(name).format(date);
}

function formatter(name: string): Intl.DateTimeFormat {
  const { locale = 'en-US', ...options } = DATE_TOKENS[name] ?? {};
  const created = formatters.get(name) ?? new Intl.DateTimeFormat(locale, options);
  formatters.set(name, created);
  return created;
}

function daysFromNow(days: number): string {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days).toDateString();
}
