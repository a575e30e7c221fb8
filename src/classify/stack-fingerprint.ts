import { isForeign, isTick } from '../record/stack-frame.js';

/**
 * What of a stack is the same in every process, on every host and after every deploy: the functions and files of the
 * app's own code, without roots, versions, bundle hashes, lines and columns.
 */

/** Frames that decide for one error; those below say how one got there, and differ from caller to caller. */
const DECISIVE_FRAMES = 6;
/** Errors of a cause chain that decide. */
const DECISIVE_CAUSES = 5;
/** A stack is not read beyond this: the frames that decide stand at its beginning. */
const LONGEST_STACK = 8_000;

const LONGEST_CAUSE = 200;
const CAUSE = /^\s*(?:\[cause\]|caused by): ?([\w$.]{1,100})?/i;

interface Part {
  /** The type of a cause; empty for the error itself, whose type is known apart from its stack. */
  readonly type: string;
  readonly own: string[];
  readonly foreign: string[];
}

/** The places that a stack names, one a line; empty when it names none. */
export function stackPlaces(stack: string): string {
  const parts = readParts(stack.length > LONGEST_STACK ? stack.slice(0, LONGEST_STACK) : stack);
  const [first] = parts;
  // Most stacks have one part, and each join makes a copy.
  if (first !== undefined && parts.length === 1) return placesIn(first).join('\n').trim();
  return parts
    .map((part) => [part.type, ...placesIn(part)].join('\n'))
    .join('\n')
    .trim();
}

function placesIn({ own, foreign }: Part): readonly string[] {
  return own.length > 0 ? own : foreign;
}

/** Where the first line ends that names no place and no cause: `TypeError: …`. The places are those of the text behind it. */
export function titleEnd(stack: string): number {
  const end = stack.indexOf('\n') + 1;
  return end === 0 || frameAt(stack, 0) > 0 || causeOf(stack, 0, end - 1) !== undefined ? 0 : end;
}

function readParts(stack: string): readonly Part[] {
  let part: Part = { type: '', own: [], foreign: [] };
  const parts = [part];
  for (let at = 0; at < stack.length; ) {
    const next = stack.indexOf('\n', at);
    const end = next < 0 ? stack.length : next;
    const frame = frameAt(stack, at);
    if (frame > 0) {
      if (part.own.length < DECISIVE_FRAMES) addFrame(part, readFrame(stack, frame, end));
    } else {
      const cause = causeOf(stack, at, end);
      if (cause !== undefined && parts.length > DECISIVE_CAUSES) break;
      if (cause !== undefined) {
        part = { type: cause, own: [], foreign: [] };
        parts.push(part);
      }
    }
    at = end + 1;
  }
  return parts;
}

const SPACE = 32;

/** Where the text of a frame begins in the line at `at`, behind `at ` and `async `; 0 when the line is no frame. */
function frameAt(stack: string, at: number): number {
  let from = at;
  while (stack.charCodeAt(from) === SPACE) from++;
  if (!stack.startsWith('at ', from)) return 0;
  return stack.startsWith('async ', from + 3) ? from + 9 : from + 3;
}

/** The type of a cause, when the line introduces one. */
function causeOf(stack: string, at: number, end: number): string | undefined {
  // Titles of causes are rare, messages of a thousand lines are not: the pattern sees the beginning of a line only.
  if (!mayBeCause(stack, at, end)) return undefined;
  const cause = CAUSE.exec(stack.slice(at, Math.min(end, at + LONGEST_CAUSE)));
  return cause === null ? undefined : (cause[1] ?? '');
}

const OPENING_BRACKET = 91;
const SMALL_C = 99;
const LAST_ASCII = 127;

/** Whether the line begins as {@link CAUSE} does. White space beyond ASCII is left to the pattern. */
function mayBeCause(stack: string, at: number, end: number): boolean {
  let from = at;
  while (from < end && stack.charCodeAt(from) <= SPACE) from++;
  const unit = stack.charCodeAt(from);
  return unit === OPENING_BRACKET || (unit | 32) === SMALL_C || unit > LAST_ASCII;
}

function addFrame({ own, foreign }: Part, { place, isForeign }: Frame): void {
  if (place === undefined) return;
  const frames = isForeign ? foreign : own;
  // Direct recursion: how deep it went differs from time to time.
  if (frames.length < DECISIVE_FRAMES && frames.at(-1) !== place) frames.push(place);
}

/** What is to know of a frame. */
interface Frame {
  /** Absent where the frame stands between two places and is none. */
  readonly place: string | undefined;
  readonly isForeign: boolean;
  /** Whether its text ends in a parenthesis: `f (/a.js:1:1` is not `f (/a.js:1:1)`. */
  readonly isClosed: boolean;
}

/**
 * Frames that were read lately, by what stands before their line and column: an app fails in many ways, but in few
 * functions. The map holds copies, so that none keeps the app's stack in memory; together at most half a megabyte.
 */
const remembered = new Map<string, Frame>();
const MOST_REMEMBERED = 500;
const LONGEST_REMEMBERED = 250;
const CLOSING_PARENTHESIS = 41;

/** Sums of frames that were seen lately: a frame that comes once is not worth a copy. */
const SEEN = 1_024;
const seenSums = new Int32Array(SEEN);

/** Reads the frame that stands between two indices of a stack. */
function readFrame(stack: string, from: number, end: number): Frame {
  const isClosed = stack.charCodeAt(end - 1) === CLOSING_PARENTHESIS;
  const last = isClosed ? end - 1 : end;
  const position = positionBefore(stack, last);
  if (position === last || end - from > LONGEST_REMEMBERED) return parseFrame(stack.slice(from, end), isClosed);
  const known = remembered.get(stack.slice(from, position));
  if (known?.isClosed === isClosed) return known;
  if (!isSeen(stack, from, position)) return parseFrame(stack.slice(from, end), isClosed);
  return remember(copyOf(stack.slice(from, end)), position - from, isClosed);
}

/** Whether the text between two indices was probably seen before. */
function isSeen(stack: string, from: number, end: number): boolean {
  let sum = end - from;
  for (let at = from; at < end; at++) sum = (sum * 31 + stack.charCodeAt(at)) | 0;
  const slot = sum & (SEEN - 1);
  const isKnown = seenSums[slot] === sum;
  seenSums[slot] = sum;
  return isKnown;
}

function remember(text: string, position: number, isClosed: boolean): Frame {
  const frame = parseFrame(text, isClosed);
  // Of a frame with parentheses that do not match, the position is not where it seems to be.
  if (text.includes(' (') !== isClosed) return frame;
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(text.slice(0, position), frame);
  return frame;
}

/** The same as a string of its own. A slice would keep all of the string in memory that it is a slice of. */
export function copyOf(text: string): string {
  // V8 puts the two together in a new string before it takes a slice.
  return ` ${text}`.slice(1);
}

function parseFrame(text: string, isClosed: boolean): Frame {
  return { place: isPlumbing(text) ? undefined : placeOf(text), isForeign: isForeign(text), isClosed };
}

/** What stands between two places and is none. */
function isPlumbing(frame: string): boolean {
  return isTick(frame) || frame.startsWith('Promise.') || frame.startsWith('new Promise ');
}

/** `charge handlers/pay` of `Object.charge [as run] (file:///srv/app-1.2/src/handlers/pay.js?v=3:41:13)`. */
function placeOf(frame: string): string {
  const open = frame.lastIndexOf(' (');
  const location = open < 0 ? frame : frame.slice(open + 2, frame.lastIndexOf(')'));
  const name = open < 0 ? '' : functionName(frame.slice(0, open));
  return `${name} ${filePath(location)}`;
}

function functionName(text: string): string {
  const alias = text.indexOf(' [as ');
  const plain = alias < 0 ? text : text.slice(0, alias);
  const name = plain.slice(Math.max(plain.lastIndexOf('.'), plain.lastIndexOf(' ')) + 1);
  // A minifier gives out its short names anew with each build.
  return name.length <= 2 || name === '<anonymous>' ? '' : name;
}

/** Folders below which the same code lies in every checkout, whatever lies above; built code counts as its source. */
const SOURCE_FOLDERS: ReadonlySet<string> = new Set([
  'src',
  'dist',
  'lib',
  'build',
  'out',
  'app',
  'server',
  'node_modules',
]);

/** The file that was asked for last: often the next frame is in the same file. */
let lastLocation = '';
let lastPath = '';

/** The file below the innermost source folder, without extension, query, hash and version; else its bare name. */
function filePath(location: string): string {
  const place = withoutPosition(location);
  if (place !== lastLocation) {
    lastLocation = copyOf(place);
    lastPath = stablePath(lastLocation);
  }
  return lastPath;
}

function stablePath(location: string): string {
  const path = withSlashes(location);
  let start = path.lastIndexOf('/') + 1;
  const file = stableName(path.slice(start));
  let below = file;
  while (start > 1) {
    const parent = path.lastIndexOf('/', start - 2) + 1;
    const folder = path.slice(parent, start - 1);
    if (SOURCE_FOLDERS.has(folder)) return below;
    below = `${stableName(folder)}/${below}`;
    start = parent;
  }
  return file;
}

/** A path of Windows as one of anywhere else; most are, and to look is cheaper than to replace nothing. */
function withSlashes(path: string): string {
  return path.includes('\\') ? path.replaceAll('\\', '/') : path;
}

const QUERY = /[?#]/;

/** Without `:41:13` and what stands behind a `?` or a `#`. */
function withoutPosition(location: string): string {
  const end = positionBefore(location, location.length);
  const query = location.search(QUERY);
  return location.slice(0, query < 0 ? end : Math.min(query, end));
}

/** Where the `:41:13`, or only a `:41`, begins that ends at `end`; `end` itself when there is none. */
function positionBefore(text: string, end: number): number {
  return numberBefore(text, numberBefore(text, end));
}

const COLON = 58;

/** Where the `:41` begins that ends at `end`; `end` itself when there is none. */
function numberBefore(text: string, end: number): number {
  let from = end;
  while (isDigit(text.charCodeAt(from - 1))) from--;
  return from < end && text.charCodeAt(from - 1) === COLON ? from - 1 : end;
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

const EXTENSION = /\.[cm]?[jt]sx?$/;
const WITH_DIGIT = /\d/;
const VERSION = /@[\d.]+$/;
const SHORTEST_HASH = 6;

/** `main.3f2a1b9c.js` and `chunk-Q7XK2L.mjs` change their names with each build; `pay.ts` is built into `pay.js`. */
function stableName(segment: string): string {
  const name = segment.replace(EXTENSION, '');
  if (!WITH_DIGIT.test(name)) return name;
  return VERSION.test(name) ? name.replace(VERSION, '') : withoutHash(name);
}

/** Without the last word of a name when it looks like a hash. Not a pattern: that would try anew at each underscore. */
function withoutHash(name: string): string {
  let word = name.length;
  while (word > 0 && isWordCharacter(name.charCodeAt(word - 1))) word--;
  const isSeparated = word > 0 && (name[word - 1] === '.' || name[word - 1] === '-');
  const separator = isSeparated ? word - 1 : name.indexOf('_', word);
  const hash = separator < 0 ? '' : name.slice(separator + 1);
  return hash.length >= SHORTEST_HASH && WITH_DIGIT.test(hash) ? name.slice(0, separator) : name;
}

/** What `\w` is in a pattern. */
function isWordCharacter(unit: number): boolean {
  return isDigit(unit) || (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122) || unit === 95;
}
