const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Returns a word of letters, unique for each number. Texts that differ in such a word are different problems. */
export function word(number: number): string {
  let text = '';
  for (let rest = number; rest >= 0; rest = Math.floor(rest / 26) - 1) text = LETTERS[rest % 26] + text;
  return `q${text}`;
}
