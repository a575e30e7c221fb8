import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { Counts, SlackExporterStats } from '../../src/telemetry/ledger.js';

/** What must hold in every row of the list of faults, whatever else the row is about. */
export interface Judge {
  /** This must never be seen anywhere. */
  keepSecret(...secrets: readonly string[]): void;
  /** Anything that leaves us: a line of `diag`, an error, a message, figures. */
  heard(...things: readonly unknown[]): void;
  /** The books at some moment: they must be right. */
  books(stats: SlackExporterStats): void;
  /** The row is over. Throws when something did not hold. */
  verdict(): Promise<void>;
}

/** Listens to the process until the verdict. */
export function appointJudge(): Judge {
  const secrets = new Set<string>();
  const seen: string[] = [];
  const thrown: unknown[] = [];
  const onThrown = (error: unknown): void => void thrown.push(error);
  const onWarning = (warning: Error): void => void seen.push(text(warning));
  process.on('unhandledRejection', onThrown);
  process.on('uncaughtExceptionMonitor', onThrown);
  process.on('warning', onWarning);
  return {
    keepSecret(...more) {
      for (const secret of more) secrets.add(secret);
    },
    heard(...things) {
      seen.push(...things.map(text));
    },
    books(stats) {
      checkBooks(stats);
      seen.push(text(stats));
    },
    async verdict() {
      // A rejection that nobody handles is told when the promises of this turn have run.
      await new Promise((resolve) => setImmediate(resolve));
      process.off('unhandledRejection', onThrown);
      process.off('uncaughtExceptionMonitor', onThrown);
      process.off('warning', onWarning);
      assert.deepEqual(thrown, [], 'nothing is rejected or thrown that nobody handles');
      assert.ok(secrets.size > 0 && seen.length > 0, 'there is something to judge');
      const all = seen.join('\n');
      for (const secret of secrets) assert.ok(!all.includes(secret), `a secret got out: ${lineWith(all, secret)}`);
    },
  };
}

function checkBooks({ destinations, ...total }: SlackExporterStats): void {
  for (const [name, counts] of [['in all', total], ...Object.entries(destinations)] as [string, Counts][]) {
    const { accepted, delivered, pending, dropped } = counts;
    const lost = Object.values(dropped).reduce((sum, records) => sum + records, 0);
    const all = [accepted, delivered, pending, ...Object.values(dropped)];
    assert.ok(
      all.every((records) => Number.isInteger(records) && records >= 0),
      `${name}: ${text(counts)}`,
    );
    assert.equal(accepted, delivered + pending + lost, `accepted is not all of the others, ${name}: ${text(counts)}`);
  }
}

function text(thing: unknown): string {
  return typeof thing === 'string' ? thing : inspect(thing, { depth: 20, maxStringLength: null, maxArrayLength: null });
}

function lineWith(all: string, secret: string): string {
  return all.split('\n').find((line) => line.includes(secret)) ?? '';
}
