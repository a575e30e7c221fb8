import { isForeign, isTick } from './frame.js';

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
  return readParts(stack.length > LONGEST_STACK ? stack.slice(0, LONGEST_STACK) : stack)
    .map(({ type, own, foreign }) => [type, ...(own.length > 0 ? own : foreign)].join('\n'))
    .join('\n')
    .trim();
}

function readParts(stack: string): readonly Part[] {
  let part: Part = { type: '', own: [], foreign: [] };
  const parts = [part];
  for (let at = 0; at < stack.length; ) {
    const next = stack.indexOf('\n', at);
    const end = next < 0 ? stack.length : next;
    const frame = frameAt(stack, at);
    if (frame > 0) {
      if (part.own.length < DECISIVE_FRAMES) addFrame(part, stack.slice(frame, end));
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
  const cause = CAUSE.exec(stack.slice(at, Math.min(end, at + LONGEST_CAUSE)));
  return cause === null ? undefined : (cause[1] ?? '');
}

function addFrame({ own, foreign }: Part, frame: string): void {
  if (isPlumbing(frame)) return;
  const frames = isForeign(frame) ? foreign : own;
  if (frames.length >= DECISIVE_FRAMES) return;
  const place = placeOf(frame);
  // Direct recursion: how deep it went differs from time to time.
  if (frames.at(-1) !== place) frames.push(place);
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

/** The file below the innermost source folder, without extension, query, hash and version; else its bare name. */
function filePath(location: string): string {
  const path = withoutPosition(location).replaceAll('\\', '/');
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

/** Without `:41:13` and what stands behind a `?` or a `#`. */
function withoutPosition(location: string): string {
  let end = location.length;
  for (let colons = 0; colons < 2; colons++) {
    let from = end;
    while (isDigit(location.charCodeAt(from - 1))) from--;
    if (from === end || location[from - 1] !== ':') break;
    end = from - 1;
  }
  const query = location.search(/[?#]/);
  return location.slice(0, query < 0 ? end : Math.min(query, end));
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

/** `main.3f2a1b9c.js` and `chunk-Q7XK2L.mjs` change their names with each build; `pay.ts` is built into `pay.js`. */
function stableName(segment: string): string {
  const name = segment.replace(EXTENSION, '');
  return WITH_DIGIT.test(name) ? name.replace(HASH_OR_VERSION, '') : name;
}

const EXTENSION = /\.[cm]?[jt]sx?$/;
const WITH_DIGIT = /\d/;
const HASH_OR_VERSION = /[._-](?=\w{6,}$)(?=\w*\d)\w+$|@[\d.]+$/;
