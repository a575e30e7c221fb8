/**
 * Names of fields whose values are secret. A secret allows its reader to act, decrypt or pay as somebody else. Personal
 * data (an email address, an IBAN, a birthday) is not redacted by default; an app adds such names with `redact.keys`.
 */

/** Names of one kind, in lower case and without separators (`x-api-key` is `xapikey`), and the reason for their row. */
export interface NameRow {
  readonly names: readonly string[];
  readonly because: string;
  /** The value, as text, must match this pattern. */
  readonly only?: RegExp;
}

const names = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Redacted when the last word of a name ends with one of these: `dbpassword`, `csrf_token`, `PGPASSWORD`. */
export const SECRET_ENDINGS: readonly NameRow[] = [
  { names: names('password passwd passphrase passcode'), because: 'these words name nothing but a password' },
  {
    names: names('secret'),
    because: 'the app calls the value a secret; `secretary` and `secret_name` do not end with it',
  },
  { names: names('token'), because: 'grants access to its holder; `token_count` and `tokenizer` do not end with it' },
  { names: names('authorization'), because: 'the HTTP header' },
  { names: names('cookie'), because: 'contains the session; `cookie_banner` does not end with it' },
  { names: names('credential'), because: 'the app calls the value a credential' },
  {
    names: names('apikey secretkey privatekey accesskey'),
    because: 'keys that grant access; `monkey`, `primary_key` and `public_key` do not end with them',
  },
];

/** Redacted when the last one, two or three words of a name, joined, are one of these. */
export const SECRET_NAMES: readonly NameRow[] = [
  {
    names: names('pwd cred'),
    because: 'short for password and credential; `pwd` may be a folder, which is rarely needed',
  },
  { names: names('pass'), because: 'short for password; a number is a count of passed tests', only: /[^\d.,\s]/ },
  { names: names('bearer jwt psk'), because: 'kinds of tokens and keys' },
  {
    names: names(`
      accountkey adminkey apikey appkey applicationkey accesskey authkey clientkey deploykey encryptionkey functionkey
      functionskey hmackey insertkey licensekey querykey rapidapikey saskey masterkey privatekey secretkey
      servicekey sessionkey sharedkey sharedaccesskey signingkey sshkey storagekey subscriptionkey`),
    because: 'keys that grant access, sign or decrypt; `key` alone is often the key of a cache or a table',
  },
  {
    names: names('sessionid jsessionid phpsessid sessid connectsid'),
    because: 'the value of a session cookie; for `session.id` see HARMLESS_KEYS',
  },
  { names: names('authheader basicauth proxyauth httpauth xauth'), because: 'a header, or `user:password`' },
  {
    names: names('sharedaccesssignature amzsignature googsignature'),
    because: 'the signature of a URL grants access to its holder',
  },
  { names: names('honeycombteam'), because: 'the header X-Honeycomb-Team contains a key' },
  {
    names: names('otp totp mfacode authcode authorizationcode verificationcode recoverycode backupcode'),
    because: 'one-time passwords',
  },
  { names: names('seedphrase recoveryphrase mnemonic'), because: 'grants access to a wallet' },
  {
    names: names('cardnumber cardno ccnumber creditcard creditcardnumber debitcard cvv cvc cardcode securitycode'),
    because: 'allow payments',
  },
  { names: names('pin'), because: 'unlocks a card or a phone; a short number is a pin of a chip', only: /^\d{4,12}$/ },
  { names: names('ssn socialsecuritynumber'), because: 'identifies a person to banks in the United States' },
];

/** Exceptions: shown although the rows above match them. */
export const HARMLESS_NAMES: readonly NameRow[] = [
  {
    names: names('pagetoken nextpagetoken nexttoken continuationtoken synctoken'),
    because: 'a position in a paginated list',
  },
  { names: names('unexpectedtoken canceltoken cancellationtoken'), because: 'terms of parsers and of programming' },
];

/** In OpenTelemetry's semantic conventions these identify a visit and grant no access. Messages show `session.id`. */
const HARMLESS_KEYS: ReadonlySet<string> = new Set(['session.id', 'session.previous_id']);

/** Words that may follow the word that decides: `password_hash`, `token_value`. */
export const QUALIFIERS: ReadonlySet<string> = new Set(
  names(`
    base confirm confirmation confirmed current enc encoded encrypted hash hashed header hex input md new old pem plain
    plaintext previous raw repeat sha string text value`),
);

const ENDINGS = SECRET_ENDINGS.flatMap((row) => row.names).join('|');
const ENDING = new RegExp(`(?:${ENDINGS})s?$`);
const SECRETS: ReadonlyMap<string, NameRow> = new Map(
  SECRET_NAMES.flatMap((row) => row.names.map((name) => [name, row] as const)),
);
const HARMLESS: ReadonlySet<string> = new Set(HARMLESS_NAMES.flatMap((row) => row.names));
/** The last two letters of each name in {@link SECRET_NAMES}. Most words end with none of them. */
const TWO_LETTER_ENDINGS = [...new Set([...SECRETS.keys()].map((name) => name.slice(-2)))].join('|');
const QUICK_ENDINGS = `(?:${ENDINGS}|${TWO_LETTER_ENDINGS})s?`;
const QUICK_CHECK = new RegExp(`${QUICK_ENDINGS}$`, 'i');
/** {@link QUICK_CHECK} of a whole name, with digits and {@link QUALIFIERS} behind the word that decides. */
const MAY_BE_SECRET = new RegExp(`${QUICK_ENDINGS}(?:[^A-Za-z]|${simpleQualifiers().join('|')})*$`, 'i');

/** Without `plaintext`, which is `plain` and `text`: a pattern with two ways to match one word takes exponential time. */
function simpleQualifiers(): readonly string[] {
  return [...QUALIFIERS].filter((word) => word !== 'plaintext');
}

/** Whether a field with this name may have a secret value. False for most names, in a fraction of the time of {@link isSecretKey}. */
export function mayBeSecretKey(key: string): boolean {
  return MAY_BE_SECRET.test(key);
}

/** Whether the value of a field with this name is a secret. */
export function isSecretKey(key: string, value: unknown): boolean {
  const words = wordsOf(key);
  const last = words.at(-1);
  if (last === undefined || !QUICK_CHECK.test(last) || isNoSecret(value)) return false;
  const tails = tailsOf(words);
  if (HARMLESS_KEYS.has(key) || tails.some((tail) => HARMLESS.has(tail))) return false;
  if (isPlural(last) && isCount(value)) return false;
  return tails.some((tail, at) => (at === 0 && ENDING.test(tail)) || isSecretName(tail, value));
}

function isSecretName(name: string, value: unknown): boolean {
  const row = SECRETS.get(name) ?? SECRETS.get(singular(name));
  return row !== undefined && (row.only === undefined || (!isObject(value) && row.only.test(String(value))));
}

const MAX_KEY_LENGTH = 200;
const WORDS = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g;

/**
 * Splits a name (`http.request.header.x-api-key`, `HTTPApiKey2`) into words, without digits and final {@link
 * QUALIFIERS}.
 */
function wordsOf(key: string): readonly string[] {
  const words = key.slice(-MAX_KEY_LENGTH).match(WORDS) ?? [];
  while (words.length > 1 && QUALIFIERS.has((words.at(-1) as string).toLowerCase())) words.pop();
  return words;
}

/** The largest number of words of a name in the tables. */
const MAX_WORDS = 3;

/** Returns the last word, the last two words joined, and so on, in lower case. */
function tailsOf(words: readonly string[]): readonly string[] {
  return Array.from({ length: Math.min(MAX_WORDS, words.length) }, (_, at) =>
    words
      .slice(-1 - at)
      .join('')
      .toLowerCase(),
  );
}

function isPlural(word: string): boolean {
  return /[^s]s$/i.test(word);
}

function singular(word: string): string {
  return isPlural(word) ? word.slice(0, -1) : word;
}

const NO_SECRETS: ReadonlySet<unknown> = new Set([
  undefined,
  null,
  '',
  true,
  false,
  'true',
  'false',
  'null',
  'undefined',
]);

/** Whether a value only shows that a secret is present or missing. */
function isNoSecret(value: unknown): boolean {
  return NO_SECRETS.has(value);
}

const NUMBER = /^\d+([.,]\d+)*$/;

/** Whether a value is a count: `tokens: 1200`, `tokens: { prompt: 900, completion: 300 }`. */
function isCount(value: unknown): boolean {
  if (isObject(value)) {
    const parts = Object.values(value);
    return parts.length > 0 && parts.every((part) => typeof part === 'number');
  }
  return typeof value === 'number' || (typeof value === 'string' && NUMBER.test(value));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
