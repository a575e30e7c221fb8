/**
 * Secrets that are named by the text before them in a list: `["password", "…"]`, `rawHeaders`, the arguments of a command.
 */

/** Whether the value of the field `key` is a secret, judged by its name. */
type IsSecret = (key: string, value: unknown) => boolean;

/** An entry of a list. */
export interface ListEntry {
  /** The entry before it. */
  readonly name: unknown;
  readonly value: unknown;
  /** The list has two entries. */
  readonly isPair: boolean;
}

const MAX_NAME_LENGTH = 128;
const NAME = /^-{0,2}[\w.$-]+:?$/;
/** Options of a command that are followed by `user:password`, or by cookies. */
const CREDENTIAL_OPTION = /^(?:-u|-U|--user|--proxy-user)$/;
const COOKIE_OPTION = /^(?:-b|--cookie)$/;

/** Whether an entry of a list is a secret because of the entry before it. */
export function isNamedByNeighbour({ name, value, isPair }: ListEntry, isSecret: IsSecret): boolean {
  if (typeof name !== 'string' || name.length > MAX_NAME_LENGTH || !NAME.test(name)) return false;
  if (CREDENTIAL_OPTION.test(name)) return typeof value === 'string' && isUserAndPassword(value);
  if (COOKIE_OPTION.test(name)) return typeof value === 'string' && value.includes('=');
  const key = name.replace(/^--?|:$/g, '');
  if (!isSecret(key, value)) return false;
  if (typeof value !== 'string') return true;
  if (FIELD_NAMES.has(value.toLowerCase())) return false;
  return isPair || (isHeaderOrOption(name) ? !isHeaderName(value, isSecret) : !PLAIN_WORD.test(value));
}

/** A user and a password, but not ids of a user and a group, as in `docker run -u 1000:1000`. */
function isUserAndPassword(text: string): boolean {
  const [, user, password] = /^([^\s:]{1,128}):(\S{1,256})$/.exec(text) ?? [];
  return password !== undefined && password !== user && isNoGroup(password);
}

/** Whether a text is neither the id nor a usual name of a group of users. */
export function isNoGroup(text: string): boolean {
  const name = text.replace(/[,;.)]+$/, '');
  return !/^\d+$/.test(name) && !GROUPS.has(name);
}

const GROUPS: ReadonlySet<string> = new Set(
  'root wheel staff users user node app nobody nogroup daemon docker www-data nginx postgres mysql redis'.split(' '),
);

/** Names with a hyphen are headers or options. In a list of other words, a plain word is rather the next word of the list. */
function isHeaderOrOption(name: string): boolean {
  return name.includes('-') || /^(?:authorization|cookie)$/i.test(name);
}

const PLAIN_WORD = /^[A-Za-z]+(?:[_-][A-Za-z]+)*$/;

/** Names of fields that stand beside secret ones in lists of names, such as `required: ["password", "email"]`. */
const FIELD_NAMES: ReadonlySet<string> = new Set(
  `accept address age code content-length content-type created_at date description email expires expired host id invalid
   key language login message missing name number origin phone required role status string text title type updated_at url
   user user-agent user_id userid username value version x-request-id x-requested-with accept-language accept-encoding
   cache-control if-none-match range referer`.split(/\s+/),
);

/** Whether a value is the name of a secret header itself: the list has the names of headers. */
function isHeaderName(value: string, isSecret: IsSecret): boolean {
  return /^[a-z]{1,20}(?:-[a-z]{1,20}){0,4}$/i.test(value) && isSecret(value, 'x1y');
}

/** Whether a line of a private key follows: the list has one line of the file in each entry. */
export function beginsPrivateKey(line: unknown): boolean {
  return (
    typeof line === 'string' &&
    line.length < 200 &&
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/.test(line) &&
    !endsPrivateKey(line)
  );
}

/** Whether a line is the last one of a private key. */
export function endsPrivateKey(line: unknown): boolean {
  return typeof line === 'string' && line.includes('-----END ');
}
