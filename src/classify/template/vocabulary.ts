/** The words that `messageTemplate` knows: formats and plain English, never names of products. */

/** The replacement for a value. */
export type Placeholder =
  | '<email>'
  | '<host>'
  | '<mac>'
  | '<num>'
  | '<path>'
  | '<size>'
  | '<time>'
  | '<url>'
  | '<user>'
  | '<uuid>'
  | '<value>';

const words = (text: string): string[] => text.trim().split(/\s+/);

export const PLACEHOLDERS: ReadonlySet<string> = new Set<Placeholder>([
  '<email>',
  '<host>',
  '<mac>',
  '<num>',
  '<path>',
  '<size>',
  '<time>',
  '<url>',
  '<user>',
  '<uuid>',
  '<value>',
]);

const TIMES = words(`
  ns nanos nanosecond nanoseconds us µs μs micros microsecond microseconds ms msec msecs millis millisecond milliseconds
  MS MILLISECONDS SECONDS s sec secs second seconds m min mins minute minutes h hr hrs hour hours d day days week weeks
  month months year years`);
const SIZES = words(`
  b B bytes byte Bytes kb kB KB Kb KiB mb MB Mb MiB gb GB Gb GiB tb TB TiB pb PB PiB k K M G T
  kilobytes megabytes gigabytes`);
/** Units after a number, with the placeholder of both. See {@link UNITS_WITHOUT_SPACE} for ambiguous units. */
export const UNITS: ReadonlyMap<string, Placeholder> = new Map([
  ...TIMES.map((unit) => [unit, '<time>'] as const),
  ...SIZES.map((unit) => [unit, '<size>'] as const),
]);
export const MAX_UNIT_LENGTH: number = Math.max(...[...UNITS.keys()].map((unit) => unit.length));
/** Units that count only without a space before them: `5 m` may mean anything. */
export const UNITS_WITHOUT_SPACE: ReadonlySet<string> = new Set(words('b k K M G T m d h'));

/** Top-level domains, besides the two-letter ones of countries. */
export const TOP_DOMAINS: ReadonlySet<string> = new Set(
  words('com net org edu gov mil int info biz io dev app cloud local internal lan corp localdomain arpa'),
);

/** Country domains that are also words of English or of code: `req.body.id` is not a host. */
export const NOT_COUNTRIES: ReadonlySet<string> = new Set(words('as at be by do id in is it me my no so to us'));

/** File name extensions. */
export const FILE_ENDINGS: ReadonlySet<string> = new Set(
  words(`
  avi bak bat bin bmp c cc cfg cjs class conf config cpp crt cs css csv dat db dll dmg doc docx env exe gif go gz h hpp
  html ico ini jar java jpeg jpg js json jsx kt lock log md mjs mov mp3 mp4 pdf pem php pid png ppt properties py rb rs
  sh so sock sql sqlite svg swp tar tgz tmp toml ts tsv tsx ttf txt vue war wasm webp woff xls xlsx xml yaml yml zip`),
);

/** Keys whose values describe the problem. Their values are read as text and not replaced. */
export const DESCRIPTIVE_KEYS: ReadonlySet<string> = new Set(
  words(`
  action cause code desc description detail details err errmsg errno error errorcode errormessage event exception kind
  level lvl message method msg op operation reason severity state status type`),
);

export const METHODS: ReadonlySet<string> = new Set(words('GET HEAD POST PUT PATCH DELETE OPTIONS TRACE CONNECT'));

export const MONTHS = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec';
export const WEEKDAYS = 'Mon|Tue|Wed|Thu|Fri|Sat|Sun';

/** Words before a name: `invalid user bob from …`. */
export const BEFORE_NAMES: ReadonlySet<string> = new Set(words('user User USER username Username login account'));

/** Words before a name if `from` or `by` and a host follow it: `password for bob from 10.0.0.3`. */
export const BEFORE_SENDERS: ReadonlySet<string> = new Set(words('for'));

/** The first letters of both. Comparing one letter saves most words the lookup in a set. */
export const BEFORE_NAMES_STARTS: string = [
  ...new Set([...BEFORE_NAMES, ...BEFORE_SENDERS].map((word) => word[0])),
].join('');

/** Words that may follow a name: `user bob is …`, but not `user lookup failed`. */
export const AFTER_NAMES: ReadonlySet<string> = new Set(
  words(`
  already and as at by can cannot could did do does doesn't exists for from had has have in is isn't logged may must no
  not of on or signed successfully to tried using via was wasn't who will with`),
);

/** Words that may follow `user` and are not names. */
export const NOT_NAMES: ReadonlySet<string> = new Set(
  words(`
  a access account action agent already and api are at be by cache can cannot count data database did does email error
  event failed failure for from group had has have id in info input interface is it level limit list logged login logout
  lookup may message mode model must name no not object of on or page password pool profile query quota record report
  request requests response role service session sessions settings space state status store sync table that the to token type
  unknown update upload validation was were who will with`),
);
/** Abstract nouns: `user creation`, `user management`. */
export const ABSTRACT_NOUN: RegExp = /(?:tion|sion|ment|ing|ness|ity|ance|ence|ture)s?$/;
