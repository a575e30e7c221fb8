/** What Slack was shown, read from the lines that the app's `render` adds to each message. */
export interface Shown {
  /** Reads the body of a request that Slack accepted. */
  read(body: string): void;
  /** Returns the largest total that was shown for each id of a problem. */
  totals(problem: string): ReadonlyMap<string, number>;
  /**
   * When a problem was first shown, in milliseconds of the parent's monotonic clock; infinite when it was not. A message
   * that does not name all its problems may show each problem that was emitted before it.
   */
  firstAtMillis(problem: string, emittedAtMillis: number): number;
  /** Records of messages that do not name all their problems, such as plain text. At most this many more were shown. */
  unnamed(): number;
}

const LINE = /^chaos\|(q[a-z]+)\|([0-9a-f]+)\|(\d+)$/gm;
const UNNAMED = /^chaos-unnamed\|(\d+)$/m;

/** Creates a {@link Shown}. A message carries totals, so the largest total of an id counts. */
export function createShown(): Shown {
  const totals = new Map<string, Map<string, number>>();
  const firstAt = new Map<string, number>();
  const unnamedAt: number[] = [];
  let unnamed = 0;
  return {
    read(body) {
      const { text = '', thread_ts: thread } = JSON.parse(body) as { text?: string; thread_ts?: string };
      const lines = [...text.matchAll(LINE)];
      for (const [, problem = '', id = '', count] of lines) {
        const ids = totals.get(problem) ?? new Map<string, number>();
        totals.set(problem, ids.set(id, Math.max(ids.get(id) ?? 0, Number(count))));
        if (!firstAt.has(problem)) firstAt.set(problem, performance.now());
      }
      for (const [, problem = ''] of text.matchAll(/\bproblem (q[a-z]+)\b/g))
        if (!firstAt.has(problem)) firstAt.set(problem, performance.now());
      // A reply in a thread has no count.
      const more = thread === undefined ? unnamedIn(text, lines.length > 0) : 0;
      unnamed += more;
      if (more > 0) unnamedAt.push(performance.now());
    },
    totals: (problem) => totals.get(problem) ?? new Map(),
    firstAtMillis: (problem, emittedAtMillis) =>
      Math.min(
        firstAt.get(problem) ?? Number.POSITIVE_INFINITY,
        unnamedAt.find((atMillis) => atMillis > emittedAtMillis) ?? Number.POSITIVE_INFINITY,
      ),
    unnamed: () => unnamed,
  };
}

function unnamedIn(text: string, hasLines: boolean): number {
  const [, given] = UNNAMED.exec(text) ?? [];
  if (given !== undefined) return Number(given);
  if (hasLines) return 0;
  const [, count = '1'] = /×([\d,]+)|([\d,]+) (?:more )?records?/.exec(text) ?? [];
  return Number(count.replaceAll(',', ''));
}
