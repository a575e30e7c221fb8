/** Matches any text, also an empty one. */
const STAR = '*';

/** Whether a text contains a `*`. */
export function isGlob(text: string): boolean {
  return text.includes(STAR);
}

/**
 * Returns a function that tests whether a text matches the glob. Matching is case-sensitive. A `*` cannot be escaped.
 */
export function createGlob(glob: string): (text: string) => boolean {
  const [start = '', ...rest] = glob.split(STAR);
  const end = rest.pop();
  if (end === undefined) return (text) => text === glob;
  const middleParts = rest.filter((part) => part !== '');
  return (text) => {
    if (text.length < start.length + end.length || !text.startsWith(start) || !text.endsWith(end)) return false;
    return containsInOrder(text, middleParts, { from: start.length, to: text.length - end.length });
  };
}

/** Takes the first occurrence of each part and never backtracks, so that the time is linear for every text. */
function containsInOrder(text: string, parts: readonly string[], { from, to }: { from: number; to: number }): boolean {
  let at = from;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > to) return false;
    at = found + part.length;
  }
  return true;
}
