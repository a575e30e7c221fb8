import type { Facts, Violation } from './facts.js';

/** No secret is in what the app writes, in a message, or in a file. */
export function leaks({ lives, places, files, secrets }: Facts): readonly Violation[] {
  const sources: readonly [string, readonly string[]][] = [
    ['stdout', lives.map(({ stdout }) => stdout)],
    ['stderr', lives.map(({ stderr }) => stderr)],
    ['a message', places.flatMap(({ bodies }) => bodies)],
    ['a file of the spool', files],
  ];
  return sources.flatMap(([where, texts]) =>
    secrets
      .filter((secret) => texts.some((text) => text.includes(secret)))
      .map((secret) => ({
        invariant: 'no secret leaks',
        expected: 'no secret in any output',
        got: `secret number ${secrets.indexOf(secret) + 1} in ${where}`,
      })),
  );
}
