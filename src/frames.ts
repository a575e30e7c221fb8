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

/** How Node gets from one tick to the next, and what names no place. */
const PLUMBING =
  /processTicksAndRejections|runMicrotasks|runNextTicks|listOnTimeout|processTimers|\(index \d|^Promise\.|^new Promise /;
const FOREIGN = /[\\/]node_modules[\\/]|(?:^|\()(?:node:|internal\/|native\)|<anonymous>)/;
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
  for (const line of stack.split('\n')) {
    const frame = frameOf(line);
    if (frame !== undefined) addFrame(part, frame);
    else {
      const cause = CAUSE.exec(line);
      if (cause === null) continue;
      if (parts.length > DECISIVE_CAUSES) break;
      part = { type: cause[1] ?? '', own: [], foreign: [] };
      parts.push(part);
    }
  }
  return parts;
}

/** What stands behind `at ` and `async `; undefined when the line is no frame. */
function frameOf(line: string): string | undefined {
  const at = line.indexOf('at ');
  if (at < 0 || at > 20 || line.slice(0, at).trim() !== '') return undefined;
  const from = line.startsWith('async ', at + 3) ? at + 9 : at + 3;
  return line.slice(from);
}

function addFrame({ own, foreign }: Part, frame: string): void {
  const frames = FOREIGN.test(frame) ? foreign : own;
  if (frames.length >= DECISIVE_FRAMES || PLUMBING.test(frame)) return;
  const place = placeOf(frame);
  // Direct recursion: how deep it went differs from time to time.
  if (frames.at(-1) !== place) frames.push(place);
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
  const segments = withoutPosition(location).split(/[\\/]+/);
  const root = segments.findLastIndex((segment, at) => at < segments.length - 1 && SOURCE_FOLDERS.has(segment));
  const below = root < 0 ? segments.slice(-1) : segments.slice(root + 1);
  return below.map(stableName).join('/');
}

function withoutPosition(location: string): string {
  return location.replace(/(?::\d+){1,2}$/, '').replace(/[?#].*$/, '');
}

/** `main.3f2a1b9c.js` and `chunk-Q7XK2L.mjs` change their names with each build; `pay.ts` is built into `pay.js`. */
function stableName(segment: string): string {
  return segment.replace(/\.[cm]?[jt]sx?$/, '').replace(/[._-](?=[\w]{6,}$)(?=\w*\d)\w+$|@[\d.]+$/, '');
}
