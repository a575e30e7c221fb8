import type { SlackMessage } from '../../src/slack/types.js';
import type { ChannelRequest } from './channel.js';
import { CHANNEL, type TestDestination, type TestDestinationOptions, testDestination } from './destination.js';
import { ERROR, FATAL, WARN } from './records.js';
import { word } from './words.js';

/** A problem whose records are counted, and how old its changes became before a message showed them. */
export interface WatchedProblem {
  readonly severity: 'FATAL' | 'ERROR' | 'WARN';
  readonly severityNumber: number;
  readonly body: string;
  /** The records so far. */
  count: number;
  /** The highest count that a message showed. */
  shown: number;
  /** Changes that no message shows yet, oldest first. */
  readonly waiting: { readonly count: number; readonly atMillis: number }[];
}

/** The ages of all changes of one severity, in seconds. */
export interface Staleness {
  readonly severity: string;
  readonly problems: number;
  readonly changes: number;
  readonly medianSeconds: number;
  readonly worstSeconds: number;
}

const SEVERITIES = [
  { severity: 'FATAL', severityNumber: FATAL },
  { severity: 'ERROR', severityNumber: ERROR },
  { severity: 'WARN', severityNumber: WARN },
] as const;

/** Measures the seconds between a change of a problem and the message that shows its count. */
export class StalenessMeter {
  readonly problems: readonly WatchedProblem[];
  readonly #byBody: ReadonlyMap<string, WatchedProblem>;
  readonly #ages = new Map<string, number[]>();

  /** @param fatal - how many of the problems are FATAL; of the others, one half is ERROR and one half WARN */
  constructor(problems: number, fatal = Math.ceil(problems / 3)) {
    this.problems = Array.from({ length: problems }, (_, at) => {
      const kind = SEVERITIES[at < fatal ? 0 : 1 + (at % 2)] as (typeof SEVERITIES)[number];
      return { ...kind, body: `problem ${word(at)}`, count: 0, shown: 0, waiting: [] };
    });
    this.#byBody = new Map(this.problems.map((problem) => [problem.body, problem]));
  }

  changed(problem: WatchedProblem, atMillis: number, records = 1): void {
    problem.count += records;
    problem.waiting.push({ count: problem.count, atMillis });
  }

  /** A message was posted or updated. */
  shown(message: SlackMessage, atMillis: number): void {
    for (const { body, count } of countsIn(message)) {
      const problem = this.#byBody.get(body);
      if (problem === undefined || count <= problem.shown) continue;
      problem.shown = count;
      while ((problem.waiting[0]?.count ?? Number.POSITIVE_INFINITY) <= count) {
        const { atMillis: since } = problem.waiting.shift() as { atMillis: number };
        this.#ageOf(problem).push(atMillis - since);
      }
    }
  }

  /** Returns the ages by severity. A change that is not shown yet has the age of now. */
  result(nowMillis: number): readonly Staleness[] {
    for (const problem of this.problems) {
      for (const { atMillis } of problem.waiting.splice(0)) this.#ageOf(problem).push(nowMillis - atMillis);
    }
    return SEVERITIES.map(({ severity }) => {
      const ages = (this.#ages.get(severity) ?? []).sort((a, b) => a - b);
      const seconds = (at: number): number => Math.round((ages[at] ?? 0) / 100) / 10;
      return {
        severity,
        problems: this.problems.filter((problem) => problem.severity === severity).length,
        changes: ages.length,
        medianSeconds: seconds(Math.floor(ages.length / 2)),
        worstSeconds: seconds(ages.length - 1),
      };
    }).filter(({ problems }) => problems > 0);
  }

  #ageOf({ severity }: WatchedProblem): number[] {
    const ages = this.#ages.get(severity) ?? [];
    this.#ages.set(severity, ages);
    return ages;
  }
}

/** A headline or a line of a digest: `ERROR ×40 · problem ab`, `ERROR ×40 (+3) problem ab`. A moved row does not match. */
const COUNTED =
  /(?:FATAL|ERROR|WARN)(?: ×([\d,]+))?(?: \(\+[\d,]+\))?(?: ·)? (?:ten times as often as usual · )?(problem [a-z]+)/g;

function countsIn(message: SlackMessage): { readonly body: string; readonly count: number }[] {
  return [...JSON.stringify(message).matchAll(COUNTED)].map(([, count = '1', body]) => ({
    body: body as string,
    count: Number(count.replaceAll(',', '')),
  }));
}

/** A simulated period in which problems change. */
export interface Simulation extends TestDestinationOptions {
  readonly problems: number;
  readonly fatal?: number;
  readonly seconds: number;
  /** Returns the records of a problem in a second. */
  readonly recordsIn: (second: number, problem: number) => number;
  /** Runs before each second. */
  readonly before?: (destination: TestDestination, second: number) => void;
}

/** The result of a simulation. */
export interface Simulated {
  readonly staleness: readonly Staleness[];
  readonly posts: number;
  readonly updates: number;
  readonly mostUpdatesInAMinute: number;
  readonly destination: TestDestination;
}

/** Runs the real outbox, plan, rate limiter and send loop against a simulated channel, second by second. */
export async function simulate(options: Simulation): Promise<Simulated> {
  const { problems, fatal, seconds, recordsIn, before } = options;
  const meter = new StalenessMeter(problems, fatal);
  const destination = testDestination({ destination: CHANNEL, ...options });
  const { clock, channel } = destination;
  const updatedAtMillis: number[] = [];
  let posts = 0;
  for (let second = 0; second < seconds; second++) {
    before?.(destination, second);
    for (const [at, problem] of meter.problems.entries()) {
      const records = recordsIn(second, at);
      if (records === 0) continue;
      const { body, severityNumber, severity: severityText } = problem;
      destination.acceptRecord({ body, severityNumber, severityText }, records);
      meter.changed(problem, clock.monotonic(), records);
    }
    await clock.advance(1_000);
    // A day of messages does not fit into memory.
    for (const { request, atMillis } of (channel.requests as ChannelRequest[]).splice(0)) {
      if (request.act === 'reactions') continue;
      if (request.act === 'post') posts++;
      else updatedAtMillis.push(atMillis);
      meter.shown(request.message, atMillis);
    }
  }
  const staleness = meter.result(clock.monotonic());
  await destination.loop.close(clock.monotonic());
  const mostUpdatesInAMinute = mostWithin(updatedAtMillis, 60_000);
  return { staleness, posts, updates: updatedAtMillis.length, mostUpdatesInAMinute, destination };
}

function mostWithin(times: readonly number[], millis: number): number {
  let first = 0;
  return times.reduce((most, time, at) => {
    while ((times[first] as number) <= time - millis) first++;
    return Math.max(most, at - first + 1);
  }, 0);
}
