/** Stands for anything, and for nothing. */
const STAR = '*';

/** Whether a text has a place in it for anything. */
export function isGlob(text: string): boolean {
  return text.includes(STAR);
}

/** Makes the question whether a text is one that the glob stands for. Case counts; there is no way to write a star. */
export function createGlob(glob: string): (text: string) => boolean {
  const [start = '', ...rest] = glob.split(STAR);
  const end = rest.pop();
  if (end === undefined) return (text) => text === glob;
  const between = rest.filter((part) => part !== '');
  return (text) => {
    if (text.length < start.length + end.length || !text.startsWith(start) || !text.endsWith(end)) return false;
    return holdsInOrder(text, between, { from: start.length, to: text.length - end.length });
  };
}

/** Each part at the first place where it can be: nothing is ever tried twice, so a text cannot make it slow. */
function holdsInOrder(text: string, parts: readonly string[], { from, to }: { from: number; to: number }): boolean {
  let at = from;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > to) return false;
    at = found + part.length;
  }
  return true;
}
