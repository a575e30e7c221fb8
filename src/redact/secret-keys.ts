/**
 * Which names say that the value is a secret: what lets whoever reads it act, open or pay as somebody else. What is only
 * personal (a mail address, an IBAN, a birthday) is for the app to name, with the option `redact.keys`.
 */

/** Names of one kind, without separators and capitals (`x-api-key` is `xapikey`), and why they are (not) hidden. */
export interface NameRow {
  readonly names: readonly string[];
  readonly because: string;
  /** Only when the value, as text, looks like this. */
  readonly only?: RegExp;
}

const names = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Hidden when the last word ends with it: `dbpassword`, `csrf_token`, `PGPASSWORD`. */
export const SECRET_ENDINGS: readonly NameRow[] = [
  { names: names('password passwd passphrase passcode'), because: 'nobody names anything else so' },
  { names: names('secret'), because: 'the app says so itself; `secretary` and `secret_name` end otherwise' },
  { names: names('token'), because: 'lets in whoever has it; `token_count` and `tokenizer` end otherwise' },
  { names: names('authorization'), because: 'the header' },
  { names: names('cookie'), because: 'holds the session; `cookie_banner` ends otherwise' },
  { names: names('credential'), because: 'the app says so itself' },
  {
    names: names('apikey secretkey privatekey accesskey'),
    because: 'a key that opens; `monkey`, `primary_key` and `public_key` do not',
  },
];

/** Hidden when the last word is it, or the last two or three together. */
export const SECRET_NAMES: readonly NameRow[] = [
  { names: names('pwd cred'), because: 'short for the above; `pwd` is a folder too, which nobody misses' },
  { names: names('pass'), because: 'short for the above; a number is what passed in a test', only: /[^\d.,\s]/ },
  { names: names('bearer jwt psk'), because: 'kinds of tokens and keys' },
  {
    names: names(`
      accountkey apikey appkey accesskey authkey clientkey encryptionkey licensekey masterkey privatekey secretkey
      servicekey sessionkey sharedkey sharedaccesskey signingkey sshkey storagekey subscriptionkey`),
    because: 'opens, signs or decrypts; `key` alone is one of a cache or of a table',
  },
  {
    names: names('sessionid jsessionid phpsessid sessid connectsid'),
    because: 'the same as what stands in the cookie; for `session.id` see below',
  },
  { names: names('authheader basicauth proxyauth httpauth'), because: 'a header, or `user:password`' },
  { names: names('sharedaccesssignature amzsignature googsignature'), because: 'the URL opens for whoever has it' },
  {
    names: names('otp totp mfacode authcode authorizationcode verificationcode recoverycode backupcode'),
    because: 'a password for once',
  },
  { names: names('seedphrase recoveryphrase mnemonic'), because: 'opens a wallet' },
  {
    names: names('cardnumber cardno ccnumber creditcard creditcardnumber debitcard cvv cvc cardcode securitycode'),
    because: 'pays',
  },
  { names: names('pin'), because: 'opens a card or a phone; a chip has a pin 13', only: /^\d{4,12}$/ },
  { names: names('ssn socialsecuritynumber'), because: 'opens accounts in the United States' },
];

/** Shown though the rows above would hide them. */
export const HARMLESS_NAMES: readonly NameRow[] = [
  {
    names: names('pagetoken nextpagetoken nexttoken continuationtoken synctoken'),
    because: 'says where a list goes on',
  },
  { names: names('unexpectedtoken canceltoken cancellationtoken'), because: 'a word of parsers and of code' },
];

/** By OpenTelemetry's conventions these name a visit and do not open it; our messages show the first. */
const HARMLESS_KEYS: ReadonlySet<string> = new Set(['session.id', 'session.previous_id']);

/** What may stand behind the word that says what it is: `password_hash`, `token_value`. */
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
/** Of each name the end, as short as no name of {@link SECRET_NAMES} is shorter: most words have none of them. */
const ENDS = [...new Set([...SECRETS.keys()].map((name) => name.slice(-2)))].join('|');
const MAYBE = new RegExp(`(?:${ENDINGS}|${ENDS})s?$`, 'i');

/** Whether the name says that this value is a secret. */
export function isSecretKey(key: string, value: unknown): boolean {
  const words = wordsOf(key);
  const last = words.at(-1);
  if (last === undefined || !MAYBE.test(last) || saysNothing(value)) return false;
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

/** `http.request.header.x-api-key`, `HTTPApiKey2` → their words, without digits and without what only qualifies. */
function wordsOf(key: string): readonly string[] {
  const words = key.slice(-MAX_KEY_LENGTH).match(WORDS) ?? [];
  while (words.length > 1 && QUALIFIERS.has((words.at(-1) as string).toLowerCase())) words.pop();
  return words;
}

/** No name in the tables is of more words. */
const MAX_WORDS = 3;

/** The last word, the last two together, and so on, in small letters. */
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

const NOTHING: ReadonlySet<unknown> = new Set([undefined, null, '', true, false, 'true', 'false', 'null', 'undefined']);

/** That a secret is missing, or that there is one, may be said. */
function saysNothing(value: unknown): boolean {
  return NOTHING.has(value);
}

const NUMBER = /^\d+([.,]\d+)*$/;

/** `tokens: 1200`, `tokens: { prompt: 900, completion: 300 }` */
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
