import { sep } from 'node:path';
import { countedOf } from '../util/text.js';
import { isForeign, isTick } from './stack-frame.js';

/** A stack trace that is read: one part for the error and one for each of its causes. */
export interface StackPart {
  /** The line above the frames, `TypeError: …` or `[cause]: Error: …`; empty when there is none. */
  readonly title: string;
  readonly frames: readonly StackFrame[];
}

/** One `at …` line, or a property of the error as `util.inspect` prints it behind the frames. */
export interface StackFrame {
  /** Without indentation and without `file://`. */
  readonly text: string;
  /** The app's own code: not Node's, not from `node_modules`. */
  readonly isOwn: boolean;
}

/** A line of a frame; what it holds stands behind `at ` and `async `. */
const FRAME = /^\s*at (?:async )?(?=\S)/;
/** The line above the frames of a cause, as `util.inspect`, pino and the JVM write it. */
const CAUSE = /^\s*(?:\[cause\]|caused by): ?/i;

/** Reads a V8 stack trace, the parts of its `[cause]` chain included. Text that is no stack gives parts without frames. */
export function parseStack(stack: string): readonly StackPart[] {
  let part: { title: string; readonly frames: StackFrame[] } = { title: '', frames: [] };
  // `util.inspect` prints the properties of an error in braces behind its last frame.
  let isInBraces = false;
  const parts = [part];
  for (const line of stack.split('\n')) {
    if (isTick(line.replace(FRAME, ''))) continue;
    if (line.trim() === '[errors]: [') {
      // Of an AggregateError: what follows are errors again, each with its title.
      isInBraces = false;
      continue;
    }
    const isCause = CAUSE.test(line) && (part.title !== '' || part.frames.length > 0);
    if (FRAME.test(line)) {
      part.frames.push(readFrame(line));
      isInBraces = line.endsWith(' {');
    } else if (isCause || (part.frames.length > 0 && saysSomething(line) && !isInBraces)) {
      part = { title: line.trim(), frames: [] };
      parts.push(part);
    } else if (part.frames.length === 0) part.title = part.title === '' ? line.trim() : `${part.title}\n${line}`;
    else if (saysSomething(line)) part.frames.push({ text: line.trim(), isOwn: false });
  }
  return parts;
}

/** A line between frames that only closes a brace or says `... 4 lines matching cause stack trace ...` says nothing. */
function saysSomething(line: string): boolean {
  return /[\p{L}\p{N}]/u.test(line) && !/^\s*\.\.\. \d+ (?:lines matching|more)/.test(line);
}

function readFrame(line: string): StackFrame {
  const text = line
    .trim()
    .replace(/file:\/\/(?:\/(?=[A-Za-z]:\/))?/, '')
    .replace(/ \{$/, '');
  return { text: withoutRoot(text), isOwn: !isForeign(text.replace(FRAME, '')) };
}

/** The folder in which the app was started. What is in it is told apart without it, and a phone is narrow. */
const ROOT = workingDirectory();

function withoutRoot(text: string): string {
  return text.replace(`(${ROOT}`, '(').replace(` ${ROOT}`, ' ');
}

function workingDirectory(): string {
  try {
    return process.cwd() + sep;
  } catch {
    // Somebody removed the folder under us.
    return sep;
  }
}

/** The first frame of the app's own code, else the first frame: where a person looks first. */
export function topFrame(parts: readonly StackPart[]): StackFrame | undefined {
  const frames = parts.flatMap((part) => part.frames);
  return frames.find((frame) => frame.isOwn) ?? frames[0];
}

/** Options of {@link stackLines}. */
export interface StackLinesLimits {
  /** All lines together, line ends included. */
  readonly maxLength: number;
  /** Length of a line as it will be sent. */
  readonly measure: (line: string) => number;
  /** Lines that were left out before. Default: 0. */
  readonly alreadyMissing?: number;
}

/**
 * The lines to show: part by part, in each the app's own frames before the others, whole lines only, and at the end how
 * many did not fit.
 */
export function stackLines(parts: readonly StackPart[], limits: StackLinesLimits): readonly string[] {
  const { maxLength, measure, alreadyMissing = 0 } = limits;
  const hasFrames = parts.some((part) => part.frames.length > 0);
  const wanted = hasFrames ? parts.flatMap((part, index) => partLines(part, index > 0)) : foreignLines(parts);
  const room = maxLength - measure(missingLines(999_999));
  const lines: string[] = [];
  let length = 0;
  for (const line of wanted) {
    length += measure(line) + 1;
    if (length > room) break;
    lines.push(line);
  }
  const missing = wanted.length - lines.length + alreadyMissing;
  return missing > 0 ? [...lines, missingLines(missing)] : lines;
}

function missingLines(count: number): string {
  return `… ${countedOf(count, 'more line')}`;
}

function partLines(part: StackPart, isCause: boolean): readonly string[] {
  const own = part.frames.filter((frame) => frame.isOwn);
  const others = part.frames.filter((frame) => !frame.isOwn);
  const frames = [...own, ...others].map((frame) => `  ${frame.text}`);
  // The title of the error itself is the headline of the message already.
  return isCause ? [causeTitle(part.title), ...frames] : frames;
}

/** A stack that is not V8's (a Python worker's, say) is shown as it came; a single line is the headline already. */
function foreignLines(parts: readonly StackPart[]): readonly string[] {
  const lines = parts.flatMap((part) => part.title.split('\n'));
  return lines.length < 2 ? [] : lines;
}

function causeTitle(title: string): string {
  const firstLine = title.split('\n', 1)[0] ?? '';
  return `caused by ${firstLine.replace(CAUSE, '')}`;
}
