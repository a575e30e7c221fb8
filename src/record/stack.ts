import { sep } from 'node:path';
import { countedOf } from '../util/index.js';
import { isEventLoopFrame, isLibraryFrame } from './stack-frame.js';

/** A part of a parsed stack trace: the error, or one of its causes. */
export interface StackPart {
  /** The line above the frames, `TypeError: …` or `[cause]: Error: …`; empty when there is none. */
  readonly title: string;
  readonly frames: readonly StackFrame[];
}

/** One `at …` line, or a property of the error as `util.inspect` prints it after the frames. */
export interface StackFrame {
  /** Without indentation and without `file://`. */
  readonly text: string;
  /** Whether the frame is code of the app: neither Node's nor from `node_modules`. */
  readonly isAppCode: boolean;
}

/** The beginning of a frame's line, up to the frame's text. */
const FRAME = /^\s*at (?:async )?(?=\S)/;
/** The beginning of a cause's title, as `util.inspect`, pino and the JVM write it. */
const CAUSE = /^\s*(?:\[cause\]|caused by): ?/i;

/** Parses a V8 stack trace with its `[cause]` chain. For a text that is not a stack, returns parts without frames. */
export function parseStack(stack: string): readonly StackPart[] {
  let part: { title: string; readonly frames: StackFrame[] } = { title: '', frames: [] };
  // `util.inspect` prints the properties of an error in braces after its last frame.
  let isInBraces = false;
  const parts = [part];
  for (const line of stack.split('\n')) {
    if (isEventLoopFrame(line.replace(FRAME, ''))) continue;
    if (line.trim() === '[errors]: [') {
      // The errors of an AggregateError follow, each with its own title.
      isInBraces = false;
      continue;
    }
    const isCause = CAUSE.test(line) && (part.title !== '' || part.frames.length > 0);
    if (FRAME.test(line)) {
      part.frames.push(readFrame(line));
      isInBraces = line.endsWith(' {');
    } else if (isCause || (part.frames.length > 0 && hasContent(line) && !isInBraces)) {
      part = { title: line.trim(), frames: [] };
      parts.push(part);
    } else if (part.frames.length === 0) part.title = part.title === '' ? line.trim() : `${part.title}\n${line}`;
    else if (hasContent(line)) part.frames.push({ text: line.trim(), isAppCode: false });
  }
  return parts;
}

/**
 * Whether a line between frames has content: not just a closing brace or `... 4 lines matching cause stack trace ...`.
 */
function hasContent(line: string): boolean {
  return /[\p{L}\p{N}]/u.test(line) && !/^\s*\.\.\. \d+ (?:lines matching|more)/.test(line);
}

function readFrame(line: string): StackFrame {
  const text = line
    .trim()
    .replace(/file:\/\/(?:\/(?=[A-Za-z]:\/))?/, '')
    .replace(/ \{$/, '');
  return { text: withoutRoot(text), isAppCode: !isLibraryFrame(text.replace(FRAME, '')) };
}

/** The working directory with a separator. Frames are shown without it, because a phone screen is narrow. */
const WORKING_DIRECTORY = workingDirectory();

function withoutRoot(text: string): string {
  return text.replace(`(${WORKING_DIRECTORY}`, '(').replace(` ${WORKING_DIRECTORY}`, ' ');
}

function workingDirectory(): string {
  try {
    return process.cwd() + sep;
  } catch {
    // The working directory was deleted.
    return sep;
  }
}

/** Returns the first frame of the app's own code, else the first frame. */
export function topFrame(parts: readonly StackPart[]): StackFrame | undefined {
  const frames = parts.flatMap((part) => part.frames);
  return frames.find((frame) => frame.isAppCode) ?? frames[0];
}

/** Options of {@link stackLines}. */
export interface StackLinesLimits {
  /** The length of all lines together, with their line ends. */
  readonly maxLength: number;
  /** Returns the length of a line as it is sent, after escaping. */
  readonly measure: (line: string) => number;
  /** The number of lines that were cut off earlier. Default: 0. */
  readonly alreadyMissing?: number;
}

/**
 * Returns the lines to show: part by part, the app's own frames before the others, whole lines only. The last line
 * counts the lines that did not fit.
 */
export function stackLines(parts: readonly StackPart[], limits: StackLinesLimits): readonly string[] {
  const { maxLength, measure, alreadyMissing = 0 } = limits;
  const hasFrames = parts.some((part) => part.frames.length > 0);
  const allLines = hasFrames ? parts.flatMap((part, index) => partLines(part, index > 0)) : textLines(parts);
  const room = maxLength - measure(missingLines(999_999));
  const lines: string[] = [];
  let length = 0;
  for (const line of allLines) {
    length += measure(line) + 1;
    if (length > room) break;
    lines.push(line);
  }
  const missing = allLines.length - lines.length + alreadyMissing;
  return missing > 0 ? [...lines, missingLines(missing)] : lines;
}

function missingLines(count: number): string {
  return `… ${countedOf(count, 'more line')}`;
}

function partLines(part: StackPart, isCause: boolean): readonly string[] {
  const own = part.frames.filter((frame) => frame.isAppCode);
  const others = part.frames.filter((frame) => !frame.isAppCode);
  const frames = [...own, ...others].map((frame) => `  ${frame.text}`);
  // The title of the error itself is already the headline of the message.
  return isCause ? [`caused by ${causeTitle(part.title)}`, ...frames] : frames;
}

/**
 * A stack of another runtime, such as Python, is shown unchanged. A single line is already the headline of the message.
 */
function textLines(parts: readonly StackPart[]): readonly string[] {
  const lines = parts.flatMap((part) => part.title.split('\n'));
  return lines.length < 2 ? [] : lines;
}

/** Returns the title of a cause without the words before it: `Error: x` for `[cause]: Error: x`. */
export function causeTitle(title: string): string {
  const firstLine = title.split('\n', 1)[0] ?? '';
  return firstLine.replace(CAUSE, '');
}
