const DAY = { day: 'numeric', year: 'numeric' } as const;
const WEEKDAY = { weekday: 'long', month: 'long', ...DAY } as const;

/** The format of a token. `locale` is for a format that English does not have. */
type TokenFormat = Intl.DateTimeFormatOptions & { readonly locale?: string };

/**
 * Tokens of `<!date^…>`: docs.slack.dev/messaging/formatting-message-text. Only the page replaces `_pretty` dates with
 * "Today", because only the browser knows the reader's day.
 */
export const DATE_TOKENS: Readonly<Record<string, TokenFormat>> = {
  date_num: { locale: 'sv-SE', year: 'numeric', month: '2-digit', day: '2-digit' },
  date_slash: { month: '2-digit', day: '2-digit', year: 'numeric' },
  date: { month: 'long', ...DAY },
  date_pretty: { month: 'long', ...DAY },
  date_short: { month: 'short', ...DAY },
  date_short_pretty: { month: 'short', ...DAY },
  date_long: WEEKDAY,
  date_long_pretty: WEEKDAY,
  date_long_full: WEEKDAY,
  time: { hour: 'numeric', minute: '2-digit' },
  time_secs: { hour: 'numeric', minute: '2-digit', second: '2-digit' },
  ago: { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' },
};
