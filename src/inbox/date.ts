type Formatter = (date: Date) => string;

function intl(options: Intl.DateTimeFormatOptions): Formatter {
  return (date) => new Intl.DateTimeFormat('en-US', options).format(date).replaceAll('\u202f', ' ');
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

const dateNum: Formatter = (date) => {
  return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
};

/** Tokens of `<!date^…>`; docs.slack.dev/messaging/formatting-message-text. `_pretty` ones never say "today" here. */
const TOKENS: Readonly<Record<string, Formatter>> = {
  date_num: dateNum,
  date_slash: intl({ month: '2-digit', day: '2-digit', year: 'numeric' }),
  date: intl({ month: 'long', day: 'numeric', year: 'numeric' }),
  date_pretty: intl({ month: 'long', day: 'numeric', year: 'numeric' }),
  date_short: intl({ month: 'short', day: 'numeric', year: 'numeric' }),
  date_short_pretty: intl({ month: 'short', day: 'numeric', year: 'numeric' }),
  date_long: intl({ weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' }),
  date_long_pretty: intl({ weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' }),
  date_long_full: intl({ weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' }),
  time: intl({ hour: 'numeric', minute: '2-digit' }),
  time_secs: intl({ hour: 'numeric', minute: '2-digit', second: '2-digit' }),
  ago: intl({ month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' }),
};

/** Formats as Slack does, in the time zone of this process; `undefined` when Slack would show the fallback. */
export function formatDate(unixSeconds: string, format: string): string | undefined {
  const date = new Date(Number(unixSeconds) * 1_000);
  if (!/^\d{1,12}$/.test(unixSeconds) || Number.isNaN(date.getTime())) return undefined;
  let isKnown = true;
  const text = format.replace(/\{(\w{1,40})\}/g, (token, name: string) => {
    const formatter = Object.hasOwn(TOKENS, name) ? TOKENS[name] : undefined;
    isKnown &&= formatter !== undefined;
    return formatter?.(date) ?? token;
  });
  return isKnown ? text : undefined;
}
