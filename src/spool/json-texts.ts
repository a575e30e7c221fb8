import type { Clock } from '../util/clock.js';
import { inSlices } from '../util/time-slicing.js';
import { toJson } from './key-value-log.js';

/** What a frame adds to its JSON. */
const FRAME_BYTES = 64;

/** Undefined when JSON cannot say one of them. */
export function toTexts(values: readonly unknown[]): readonly string[] | undefined {
  return allOf(values.map(toJson));
}

/** The same for somebody who can wait: the event loop is the app's in between. */
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

/** What they take on the disk, about. */
export function sizeOf(texts: readonly string[]): number {
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text) + FRAME_BYTES, 0);
}
