import { isEventLoopFrame, isLibraryFrame } from '../record/index.js';
import { withoutBundleHash } from './bundle-hash.js';
import { copyOf } from './recurring-texts.js';

/**
 * Reduces a stack to the parts that are equal in every process, on every host and after every deploy: the functions and
 * files of the app's own code, without root folders, versions, bundle hashes, lines and columns.
 */

/** The number of frames of one error that are compared. The frames below depend on the caller. */
const DECISIVE_FRAMES = 6;
/** The number of causes that are compared. */
const DECISIVE_CAUSES = 5;
/** In characters. The rest of a longer stack is not read: the decisive frames are at its beginning. */
const MAX_STACK_LENGTH = 8_000;

const MAX_CAUSE_LENGTH = 200;
const CAUSE = /^\s*(?:\[cause\]|caused by): ?([\w$.]{1,100})?/i;

interface Part {
  /** The type of a cause. Empty for the error itself, whose type has its own field in the record. */
  readonly type: string;
  readonly own: string[];
  readonly library: string[];
}

/** The places of a stack. */
export interface StackPlaces {
  /** One place on each line; an empty string when there are none. */
  readonly text: string;
  /**
   * `named`: the first place of the app's own code has a name that a person gave. `unnamed`: it has none, as in an arrow
   * function and in minified code. `foreign`: there is only code of libraries and of Node.
   */
  readonly decisive: 'named' | 'unnamed' | 'foreign';
}

/** Returns the places of a stack. */
export function stackPlaces(stack: string): StackPlaces {
  const parts = readParts(stack.length > MAX_STACK_LENGTH ? stack.slice(0, MAX_STACK_LENGTH) : stack);
  const [first = NO_PART] = parts;
  // Most stacks have one part, and each join makes a copy.
  const text =
    parts.length === 1
      ? placesIn(first).join('\n')
      : parts.map((part) => [part.type, ...placesIn(part)].join('\n')).join('\n');
  return { text: text.trim(), decisive: decisiveKind(first) };
}

const NO_PART: Part = { type: '', own: [], library: [] };

function decisiveKind({ own: [place] }: Part): StackPlaces['decisive'] {
  if (place === undefined) return 'foreign';
  return place.startsWith(' ') ? 'unnamed' : 'named';
}

function placesIn({ own, library }: Part): readonly string[] {
  return own.length > 0 ? own : library;
}

/** Returns where the title ends, such as `TypeError: …\n`, or 0 without one. A title names neither a place nor a cause. */
export function titleEnd(stack: string): number {
  const end = stack.indexOf('\n') + 1;
  return end === 0 || frameAt(stack, 0) > 0 || causeOf(stack, 0, end - 1) !== undefined ? 0 : end;
}

function readParts(stack: string): readonly Part[] {
  let part: Part = { type: '', own: [], library: [] };
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
        part = { type: cause, own: [], library: [] };
        parts.push(part);
      }
    }
    at = end + 1;
  }
  return parts;
}

const SPACE = 32;

/**
 * Returns the index of a frame's text, after `at ` and `async `, in the line that begins at `at`; 0 for any other line.
 */
function frameAt(stack: string, at: number): number {
  let from = at;
  while (stack.charCodeAt(from) === SPACE) from++;
  if (!stack.startsWith('at ', from)) return 0;
  return stack.startsWith('async ', from + 3) ? from + 9 : from + 3;
}

/** Returns the type of a cause when the line is its title, else `undefined`. */
function causeOf(stack: string, at: number, end: number): string | undefined {
  // Titles of causes are rare, and messages of a thousand lines are not: the pattern gets only the beginning of a line.
  if (!mayBeCause(stack, at, end)) return undefined;
  const cause = CAUSE.exec(stack.slice(at, Math.min(end, at + MAX_CAUSE_LENGTH)));
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

function addFrame({ own, library }: Part, { place, isLibrary }: Frame): void {
  if (place === undefined) return;
  const frames = isLibrary ? library : own;
  // Direct recursion counts once, because its depth varies.
  if (frames.length < DECISIVE_FRAMES && frames.at(-1) !== place) frames.push(place);
}

/** A parsed frame. */
interface Frame {
  /** `function file`; `undefined` for a frame without information, such as `Promise.all`. */
  readonly place: string | undefined;
  readonly isLibrary: boolean;
  /** Whether the text ends with a parenthesis: `f (/a.js:1:1` and `f (/a.js:1:1)` are different frames. */
  readonly isClosed: boolean;
}

/**
 * Recently parsed frames, by their text before line and column. An app has many errors, but they occur in few
 * functions. The keys are copies, so that no stack of the app stays in memory. At most half a megabyte.
 */
const frameCache = new Map<string, Frame>();
const MAX_CACHED_FRAMES = 500;
const MAX_CACHED_FRAME_LENGTH = 250;
const CLOSING_PARENTHESIS = 41;

/** Hashes of frames that were seen recently. A frame that occurs once is not worth a copy. */
const HASH_SLOTS = 1_024;
const recentHashes = new Int32Array(HASH_SLOTS);

/** Returns the parsed frame between two indices of a stack, from the cache if possible. */
function readFrame(stack: string, from: number, end: number): Frame {
  const isClosed = stack.charCodeAt(end - 1) === CLOSING_PARENTHESIS;
  const last = isClosed ? end - 1 : end;
  const position = positionBefore(stack, last);
  if (position === last || end - from > MAX_CACHED_FRAME_LENGTH) return parseFrame(stack.slice(from, end), isClosed);
  const cached = frameCache.get(stack.slice(from, position));
  if (cached?.isClosed === isClosed) return cached;
  if (!occursAgain(stack, from, position)) return parseFrame(stack.slice(from, end), isClosed);
  return addToCache(copyOf(stack.slice(from, end)), position - from, isClosed);
}

/** Whether the text between two indices was probably seen recently. */
function occursAgain(stack: string, from: number, end: number): boolean {
  let hashValue = end - from;
  for (let at = from; at < end; at++) hashValue = (hashValue * 31 + stack.charCodeAt(at)) | 0;
  const slot = hashValue & (HASH_SLOTS - 1);
  const isKnown = recentHashes[slot] === hashValue;
  recentHashes[slot] = hashValue;
  return isKnown;
}

function addToCache(text: string, position: number, isClosed: boolean): Frame {
  const frame = parseFrame(text, isClosed);
  // In a frame with unbalanced parentheses the position cannot be located, so it is not cached.
  if (text.includes(' (') !== isClosed) return frame;
  if (frameCache.size >= MAX_CACHED_FRAMES) frameCache.clear();
  frameCache.set(text.slice(0, position), frame);
  return frame;
}

function parseFrame(text: string, isClosed: boolean): Frame {
  return { place: isRuntimeFrame(text) ? undefined : placeOf(text), isLibrary: isLibraryFrame(text), isClosed };
}

/** Whether a frame carries no information: the event loop's and the promises' own frames. */
function isRuntimeFrame(frame: string): boolean {
  return isEventLoopFrame(frame) || frame.startsWith('Promise.') || frame.startsWith('new Promise ');
}

/** Returns `charge handlers/pay` for `Object.charge [as run] (file:///srv/app-1.2/src/handlers/pay.js?v=3:41:13)`. */
function placeOf(frame: string): string {
  const dotNet = frame.includes(') in ') ? DOT_NET.exec(frame) : null;
  if (dotNet !== null) return `${functionName(dotNet[1] as string)} ${filePath(dotNet[2] as string)}`;
  const open = hasOnlyLocation(frame) ? -1 : frame.indexOf(' (');
  if (open < 0) return ` ${filePath(frame)}`;
  const name = functionName(frame.slice(0, open));
  return `${name} ${filePath(withoutEval(frame.slice(open + 2, frame.lastIndexOf(')'))))}`;
}

/** `Acme.Pay.Charge.Run(Order o) in /src/Charge.cs:line 9`. */
const DOT_NET = /^([^()]{1,200})\(.{0,500}\) in (.{1,500}):line \d{1,9}$/;
const ABSOLUTE = /^(?:[A-Za-z]:[\\/]|\/|file:)/;

/** Whether a frame has no function. A folder of Windows may have a blank and a bracket: `C:\\Program Files (x86)\\app`. */
function hasOnlyLocation(frame: string): boolean {
  return ABSOLUTE.test(frame) && !frame.endsWith(')');
}

/** Returns the file that called `eval`: `/app/a.js:1:2` of `eval at run (/app/a.js:1:2), <anonymous>:3:5`. */
function withoutEval(location: string): string {
  if (!location.startsWith('eval at ')) return location;
  const from = location.lastIndexOf(' (') + 2;
  return location.slice(from, location.indexOf(')', from));
}

function functionName(text: string): string {
  const alias = text.indexOf(' [as ');
  const plain = alias < 0 ? text : text.slice(0, alias);
  const name = plain.slice(Math.max(plain.lastIndexOf('.'), plain.lastIndexOf(' ')) + 1);
  // A minifier assigns different short names in each build.
  return name.length <= 2 || name === '<anonymous>' ? '' : name;
}

/** Folders whose content has the same paths in every checkout. Built code counts as its source. */
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

/**
 * Returns the path below the innermost source folder, else the file name; without extension, query, hash and version.
 */
function filePath(location: string): string {
  const path = withSlashes(withoutPosition(location));
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

/** Replaces backslashes of Windows. The test first is cheaper than a replacement without a match. */
function withSlashes(path: string): string {
  return path.includes('\\') ? path.replaceAll('\\', '/') : path;
}

const QUERY = /[?#]/;

/** Removes `:41:13`, and everything after a `?` or a `#`. */
function withoutPosition(location: string): string {
  const end = positionBefore(location, location.length);
  const query = location.search(QUERY);
  return location.slice(0, query < 0 ? end : Math.min(query, end));
}

/** Returns the index where the position that ends at `end` begins (`:41:13` or `:41`), or `end` without a position. */
function positionBefore(text: string, end: number): number {
  return numberBefore(text, numberBefore(text, end));
}

const COLON = 58;

/** Returns the index where the `:41` that ends at `end` begins, or `end` without one. */
function numberBefore(text: string, end: number): number {
  let from = end;
  while (isDigit(text.charCodeAt(from - 1))) from--;
  return from < end && text.charCodeAt(from - 1) === COLON ? from - 1 : end;
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

const EXTENSION = /\.[cm]?[jt]sx?$/;
const VERSION = /@[\d.]+$/;

/** Removes the extension, a version and a bundle hash: `main.3f2a1b9c.js` and `pay@1.2.ts` become `main` and `pay`. */
function stableName(segment: string): string {
  const name = segment.replace(EXTENSION, '');
  return VERSION.test(name) ? name.replace(VERSION, '') : withoutBundleHash(name);
}
