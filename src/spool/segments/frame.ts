import { crc32 } from 'node:zlib';

/**
 * What files of the spool are made of. A frame is one line:
 *
 *     RS  crc-32 (8 hex)  kind (1 letter)  length (8 hex)  JSON  LF
 *
 * The checksum covers all that follows it but the line feed; the length is that of the JSON in bytes. JSON has no control
 * characters, so a record separator (RS, 0x1e, as in RFC 7464) stands nowhere but at the start of a frame: after
 * damage the reader goes on at the next one, and no damage costs a frame that it did not touch.
 */
export type FrameKind = 'entry' | 'acknowledged' | 'adopted' | 'memory';

/** A frame as it was written. */
export interface Frame {
  readonly kind: FrameKind;
  readonly body: unknown;
  /** Where it ends. */
  readonly end: number;
}

/** A stretch of bytes that is no frame. */
export interface Damage {
  readonly kind: 'damage';
  /** What it seems to have been; undefined when nothing can be told. */
  readonly was: FrameKind | undefined;
  /** Where it ends. */
  readonly end: number;
}

const LETTERS: Readonly<Record<FrameKind, string>> = { entry: 'e', acknowledged: 'a', adopted: 'o', memory: 'm' };
const KINDS = new Map(Object.entries(LETTERS).map(([kind, letter]) => [letter.charCodeAt(0), kind as FrameKind]));
const START = 0x1e;
const END = 0x0a;
const KIND_AT = 9;
const JSON_AT = 18;

/** The bytes of a frame around `json`, which is one JSON text. */
export function encodeFrame(kind: FrameKind, json: string): Buffer {
  const bytes = Buffer.from(`\x1e00000000${LETTERS[kind]}${hex(Buffer.byteLength(json))}${json}\n`);
  bytes.write(hex(crc32(bytes.subarray(KIND_AT, -1))), 1, 'latin1');
  return bytes;
}

/** All frames in `bytes`, and the damage between them, in order. Never throws. */
export function* readFrames(bytes: Buffer): Generator<Frame | Damage, void, void> {
  let at = 0;
  while (at < bytes.length) {
    const end = endOfFrame(bytes, at);
    const frame = end === undefined ? undefined : parse(bytes, at, end);
    if (frame !== undefined && end !== undefined) {
      yield frame;
      // The line feed is for people; that it is damaged costs nothing.
      at = bytes[end] === START ? end : end + 1;
    } else {
      const next = bytes.indexOf(START, at + 1);
      const until = next === -1 ? bytes.length : next;
      // Of what ends before its kind nobody can say what it was: the next byte there is another frame's.
      const was = at + KIND_AT < until ? kindAt(bytes, at) : undefined;
      if (until - at > 1) yield { kind: 'damage', was, end: until };
      at = until;
    }
  }
}

/** Where the frame that starts `at` ends, if one does whose checksum is right. */
function endOfFrame(bytes: Buffer, at: number): number | undefined {
  if (bytes[at] !== START) return undefined;
  const end = at + JSON_AT + hexAt(bytes, at + KIND_AT + 1);
  // Not a number when the length is none.
  if (!(end <= bytes.length)) return undefined;
  return crc32(bytes.subarray(at + KIND_AT, end)) === hexAt(bytes, at + 1) ? end : undefined;
}

function parse(bytes: Buffer, at: number, end: number): Frame | undefined {
  const kind = kindAt(bytes, at);
  if (kind === undefined) return undefined;
  try {
    return { kind, body: JSON.parse(bytes.toString('utf8', at + JSON_AT, end)), end };
  } catch {
    // The checksum is right and the JSON is not: somebody else wrote it.
    return undefined;
  }
}

function kindAt(bytes: Buffer, at: number): FrameKind | undefined {
  return bytes[at] === START ? KINDS.get(bytes[at + KIND_AT] ?? END) : undefined;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}

/** The number that eight hex digits say, or NaN. */
function hexAt(bytes: Buffer, at: number): number {
  const text = bytes.toString('latin1', at, at + 8);
  return /^[0-9a-f]{8}$/.test(text) ? Number.parseInt(text, 16) : Number.NaN;
}
