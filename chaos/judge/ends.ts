import type { Ended, Life } from '../life.js';
import type { End } from '../scenario.js';
import type { Facts, Violation } from './facts.js';

/** How long each end may take: `flushTimeoutMillis` or the last words, and five seconds for a busy machine. */
const MOST_MILLIS: Readonly<Record<End, number>> = {
  SIGTERM: 5_000 + 5_000,
  SIGKILL: 5_000,
  exit: 2_000 + 5_000,
  throw: 2_000 + 5_000,
  'run out': 2_000 + 5_000,
};

const CODES: Readonly<Record<End, number | null>> = { SIGTERM: 0, SIGKILL: null, exit: 0, throw: 1, 'run out': 0 };

/** Each process ends when and how it was told, and not before: an unhandled rejection would end it. */
export function wrongEnds({ lives, baseline }: Facts): readonly Violation[] {
  return [...lives, baseline].flatMap((life) => {
    const problem = problemWith(life.ended);
    if (problem === undefined) return [];
    return [{ invariant: 'ends as told', ...problem, got: `${life.name}: ${problem.got}${lastLines(life)}` }];
  });
}

function problemWith(ended: Ended | undefined): Pick<Violation, 'expected' | 'got'> | undefined {
  if (ended === undefined) return { expected: 'an end', got: 'it still runs' };
  const { how, code, signal, tookMillis } = ended;
  const got = `${signal ?? `code ${code}`} after ${Math.round(tookMillis)} ms`;
  if (how === 'unasked') return { expected: 'no end, because nothing asked for it', got };
  if (tookMillis > MOST_MILLIS[how]) return { expected: `${how} takes at most ${MOST_MILLIS[how]} ms`, got };
  if (code !== CODES[how] || (how === 'SIGKILL' && signal !== how)) return { expected: `${how}: ${CODES[how]}`, got };
  return undefined;
}

function lastLines({ stderr }: Life): string {
  const lines = stderr.trim().split('\n').slice(-8);
  return lines.join('') === '' ? '' : `; it wrote\n      ${lines.join('\n      ')}`;
}
