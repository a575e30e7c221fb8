import { crc32 } from 'node:zlib';

/**
 * The format of the spool's files. A file is a list of frames. A frame is one line:
 *
 *     RS  crc-32 (8 hex)  kind (1 letter)  length (8 hex)  JSON  LF
 *
 * The checksum covers everything after it except the line feed. The length is the length of the JSON in bytes. JSON has no
 * control characters, so a record separator (RS, 0x1e, as in RFC 7464) occurs only at the start of a frame. After damage
 * the reader continues at the next one, so damage costs only the frames that it touches.
 */
export type FrameKind = 'entry' | 'acknowledged' | 'adopted' | 'memory';

/** A frame that could be read. */
export interface Frame {
  readonly kind: FrameKind;
  readonly body: unknown;
  /** The position after its last byte. */
  readonly end: number;
}

/** Bytes that are no frame. */
export interface Damage {
  readonly kind: 'damage';
  /** The kind of the damaged frame, as far as it can be read; undefined when it is unknown. */
  readonly was: FrameKind | undefined;
  /** The position after its last byte. */
  readonly end: number;
}

/**
 * The letter of an entry differs from each other letter in at least two bits. So one flipped bit never makes a damaged entry,
 * which is counted, look like another kind of frame.
 */
const LETTERS: Readonly<Record<FrameKind, string>> = { entry: 'e', acknowledged: 'k', adopted: 'o', memory: 'v' };
const KINDS = new Map(Object.entries(LETTERS).map(([kind, letter]) => [letter.charCodeAt(0), kind as FrameKind]));
const START = 0x1e;
const END = 0x0a;
const KIND_AT = 9;
const JSON_AT = 18;

/** Encodes a JSON text as a frame. */
export function encodeFrame(kind: FrameKind, json: string): Buffer {
  const bytes = Buffer.from(`\x1e00000000${LETTERS[kind]}${hex(Buffer.byteLength(json))}${json}\n`);
  bytes.write(hex(crc32(bytes.subarray(KIND_AT, -1))), 1, 'latin1');
  return bytes;
}

/** Returns all frames in `bytes`, and the damage between them, in order. Never throws. */
export function* readFrames(bytes: Buffer): Generator<Frame | Damage, void, void> {
  let at = 0;
  while (at < bytes.length) {
    const end = endOfFrame(bytes, at);
    const frame = end === undefined ? undefined : parse(bytes, at, end);
    if (frame !== undefined && end !== undefined) {
      yield frame;
      // The line feed is only for people, so a damaged one does not matter.
      at = bytes[end] === START ? end : end + 1;
    } else {
      const next = bytes.indexOf(START, at + 1);
      const until = next === -1 ? bytes.length : next;
      // If the damage ends before its kind, the byte at that position belongs to the next frame.
      const was = at + KIND_AT < until ? kindAt(bytes, at) : undefined;
      if (until - at > 1) yield { kind: 'damage', was, end: until };
      at = until;
    }
  }
}

/** Returns the end of the frame that starts at `at`; undefined when there is no frame with a correct checksum. */
function endOfFrame(bytes: Buffer, at: number): number | undefined {
  if (bytes[at] !== START) return undefined;
  const end = at + JSON_AT + hexAt(bytes, at + KIND_AT + 1);
  // `end` is NaN when the length is not a hex number.
  if (!(end <= bytes.length)) return undefined;
  return crc32(bytes.subarray(at + KIND_AT, end)) === hexAt(bytes, at + 1) ? end : undefined;
}

function parse(bytes: Buffer, at: number, end: number): Frame | undefined {
  const kind = kindAt(bytes, at);
  if (kind === undefined) return undefined;
  try {
    return { kind, body: JSON.parse(bytes.toString('utf8', at + JSON_AT, end)), end };
  } catch {
    // The checksum is correct and the JSON is not, so another program wrote this.
    return undefined;
  }
}

function kindAt(bytes: Buffer, at: number): FrameKind | undefined {
  return bytes[at] === START ? KINDS.get(bytes[at + KIND_AT] ?? END) : undefined;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}

/** Returns the number of eight hex digits; NaN when they are not hex digits. */
function hexAt(bytes: Buffer, at: number): number {
  const text = bytes.toString('latin1', at, at + 8);
  return /^[0-9a-f]{8}$/.test(text) ? Number.parseInt(text, 16) : Number.NaN;
}
