import type { MentionOccasion } from '../options.js';
import type { Match, Mention, QuietHours } from '../settings.js';
import { MATCH } from './match.js';
import {
  anArray,
  anObject,
  BOOLEAN,
  checkedField,
  type Fields,
  isObject,
  oneOf,
  oneOrMore,
  orFalse,
  refined,
} from './objects.js';
import { API_URL, CHANNEL, type Check, OptionError, pathTo, SEVERITY, TOKEN, WEBHOOK_URL } from './scalars.js';

/** A destination as read from its source, without defaults. */
export interface ReadDestination {
  readonly webhookUrl?: string;
  readonly token?: string;
  readonly channel?: string;
  readonly apiUrl?: string;
}

/** A route as read from its source, without defaults. */
export interface ReadRoute extends ReadDestination {
  readonly match?: Match | 'everything';
  readonly minSeverity?: number;
  readonly continue?: boolean;
  readonly mention?: Mention | false;
  readonly quietHours?: QuietHours | false;
  readonly fallback?: ReadDestination | false;
}

/** The options of the top level that concern routes. */
export interface ReadRouting {
  readonly routes?: readonly ReadRoute[];
  readonly mention?: Mention | false;
  readonly quietHours?: QuietHours | false;
  readonly fallback?: ReadDestination | false;
}

/** The checks of a destination's fields. */
export const DESTINATION_FIELDS: Fields<ReadDestination> = {
  webhookUrl: WEBHOOK_URL,
  token: TOKEN,
  channel: CHANNEL,
  apiUrl: API_URL,
};

/** Rejects a destination with both a webhook and a channel, or with neither. */
function checkDestination({ webhookUrl, token, channel }: ReadDestination, path: string): void {
  if (webhookUrl !== undefined && (token !== undefined || channel !== undefined)) {
    throw new OptionError(pathTo(path, 'webhookUrl'), 'expected either webhookUrl, or channel, got both');
  }
  if (webhookUrl === undefined && channel === undefined) {
    throw new OptionError(path, 'expected a webhookUrl or a channel, got neither');
  }
}

/** The check of the option `fallback`. */
export const FALLBACK: Check<ReadDestination | false> = orFalse(
  refined(anObject('an object with webhookUrl, or channel', DESTINATION_FIELDS), checkDestination),
);

const OCCASIONS: readonly MentionOccasion[] = ['new', 'regressed', 'escalated', 'fatal'];
const MAX_MENTIONED = 20;

/** Reads one entry of `who` as Slack's markup. Source: https://docs.slack.dev/messaging/formatting-message-text */
const MENTION_TARGET: Check<string> = {
  expected: '"here", "channel", the id of a user ("U…", "W…") or of a user group ("S…")',
  read(value) {
    if (value === 'here' || value === 'channel') return `<!${value}>`;
    if (typeof value !== 'string' || !/^[UWS][A-Z0-9]{2,39}$/.test(value)) return undefined;
    return value.startsWith('S') ? `<!subteam^${value}>` : `<@${value}>`;
  },
};

/** The check of the option `mention`. */
export const MENTION: Check<Mention | false> = orFalse({
  expected: 'an object with who and on',
  read(value, path) {
    if (!isObject(value)) return undefined;
    const { who, on } = MENTION_SHAPE.read(value, path) ?? {};
    if (who === undefined) throw new OptionError(pathTo(path, 'who'), `expected ${WHO.expected}, got undefined`);
    return Object.freeze({ markup: [...new Set(who)].join(' '), on: new Set(on ?? OCCASIONS) });
  },
});

const WHO: Check<readonly string[]> = oneOrMore(
  MENTION_TARGET,
  `an array of 1 to ${MAX_MENTIONED} of them`,
  MAX_MENTIONED,
);

const MENTION_SHAPE: Check<{ readonly who?: readonly string[]; readonly on?: readonly MentionOccasion[] }> = anObject(
  'an object with who and on',
  { who: WHO, on: anArray(`of ${OCCASIONS.join(', ')}`, oneOf(OCCASIONS), { min: 1, max: OCCASIONS.length }) },
);

/** Reads a time of day as minutes since midnight. */
const TIME_OF_DAY: Check<number> = {
  expected: 'a time from "00:00" to "23:59"',
  read(value) {
    const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(typeof value === 'string' ? value : '') ?? [];
    return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
  },
};

const TIME_ZONE: Check<string> = {
  expected: 'the IANA name of a time zone, such as "Europe/Berlin"',
  read(value) {
    // Offsets such as "+02:00" are rejected: Node 22 accepts them, but Node 20 does not.
    if (typeof value !== 'string' || !/^[a-z]/i.test(value)) return undefined;
    try {
      new Intl.DateTimeFormat('en', { timeZone: value });
      return value;
    } catch {
      return undefined;
    }
  },
};

interface ReadQuietHours {
  readonly timeZone?: string;
  readonly from?: number;
  readonly to?: number;
}

const QUIET_HOURS_FIELDS: Fields<ReadQuietHours> = { timeZone: TIME_ZONE, from: TIME_OF_DAY, to: TIME_OF_DAY };

/** The check of the option `quietHours`. */
export const QUIET_HOURS: Check<QuietHours | false> = orFalse({
  expected: 'an object with timeZone, from and to',
  read(value, path) {
    if (!isObject(value)) return undefined;
    // A missing key is checked as `undefined`, after the given keys: one of those may be the missing key misspelt.
    const missing = Object.keys(QUIET_HOURS_FIELDS).filter((key) => !Object.hasOwn(value, key));
    const whole = { ...value, ...Object.fromEntries(missing.map((key) => [key, undefined])) };
    const entries = Object.entries(whole).map(([key, part]) => [
      key,
      checkedField(key, part, path, QUIET_HOURS_FIELDS),
    ]);
    const { timeZone, from, to } = Object.fromEntries(entries) as Required<ReadQuietHours>;
    if (from === to) throw new OptionError(pathTo(path, 'to'), 'expected another time than from, got the same');
    return Object.freeze({ timeZone, fromMinutes: from, toMinutes: to });
  },
});

const MAX_ROUTES = 100;

/** The check of the option `routes`. */
export const ROUTES: Check<readonly ReadRoute[]> = anArray(
  'routes',
  refined(
    anObject<ReadRoute>('an object with webhookUrl or channel, and match', {
      ...DESTINATION_FIELDS,
      match: MATCH,
      minSeverity: SEVERITY,
      continue: BOOLEAN,
      mention: MENTION,
      quietHours: QUIET_HOURS,
      fallback: FALLBACK,
    }),
    checkDestination,
  ),
  { min: 0, max: MAX_ROUTES },
);
