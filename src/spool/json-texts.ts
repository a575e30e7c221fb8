import { type Clock, inSlices } from '../util/index.js';
import { toJson } from './key-value-log.js';

/** The size of a frame without its JSON, rounded up. */
const FRAME_BYTES = 64;

/** Encodes values as JSON. Returns undefined when one of them cannot be encoded. */
export function toTexts(values: readonly unknown[]): readonly string[] | undefined {
  return allOf(values.map(toJson));
}

/** The asynchronous form of {@link toTexts}. Yields to the event loop between slices. */
export async function toTextsInSlices(
  values: readonly unknown[],
  clock: Clock,
): Promise<readonly string[] | undefined> {
  const texts: (string | undefined)[] = [];
  await inSlices(values, clock, (some) => texts.push(...some.map(toJson)))?.done;
  return allOf(texts);
}

function allOf(texts: readonly (string | undefined)[]): readonly string[] | undefined {
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

/** Returns about how many bytes the texts need on the disk. */
export function sizeOf(texts: readonly string[]): number {
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text) + FRAME_BYTES, 0);
}

/** Splits texts into runs that need at most `maxBytes` each. A larger text is a run of its own. */
export function piecesOf(texts: readonly string[], maxBytes: number): readonly (readonly string[])[] {
  const pieces: string[][] = [];
  let room = 0;
  for (const text of texts) {
    const bytes = sizeOf([text]);
    if (bytes > room || pieces.length === 0) {
      pieces.push([]);
      room = maxBytes;
    }
    pieces.at(-1)?.push(text);
    room -= bytes;
  }
  return pieces;
}
