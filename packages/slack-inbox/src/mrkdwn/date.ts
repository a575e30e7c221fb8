import { DATE_TOKENS } from '../ui/date-tokens.js';

const TOKEN = /\{(\w{1,40})\}/g;

/** Whether Slack formats this date. Otherwise Slack shows the fallback. */
export function isDate(unixSeconds: string, format: string): boolean {
  const names = [...format.matchAll(TOKEN)].map(([, name = '']) => name);
  return /^\d{1,12}$/.test(unixSeconds) && names.every((name) => Object.hasOwn(DATE_TOKENS, name));
}

/** Formats a date as Slack does, in the time zone of this process; `undefined` when Slack shows the fallback. */
export function formatDate(unixSeconds: string, format: string): string | undefined {
  if (!isDate(unixSeconds, format)) return undefined;
  const date = new Date(Number(unixSeconds) * 1_000);
  return format.replace(TOKEN, (_token, name: string) => {
    const { locale = 'en-US', ...options } = DATE_TOKENS[name] ?? {};
    return new Intl.DateTimeFormat(locale, options).format(date).replaceAll('\u202f', ' ');
  });
}
