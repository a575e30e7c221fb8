import { toJson } from './memory.js';

/** What a frame adds to its JSON. */
const FRAME_BYTES = 64;

/** Undefined when JSON cannot say one of them. */
export function toTexts(values: readonly unknown[]): readonly string[] | undefined {
  const texts = values.map(toJson);
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

/** What they take on the disk, about. */
export function sizeOf(texts: readonly string[]): number {
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text) + FRAME_BYTES, 0);
}
