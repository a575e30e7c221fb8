import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { Counts, SlackExporterStats } from '../../src/telemetry/ledger.js';

/** Checks the invariants of all fault tests: no secret leaks, the counts add up, nothing is thrown. */
export interface Judge {
  /** Registers secrets that must never appear. */
  keepSecret(...secrets: readonly string[]): void;
  /** Registers output of the exporter: `diag` lines, errors, messages, counts. */
  heard(...things: readonly unknown[]): void;
  /** Checks that the counts add up. */
  books(stats: SlackExporterStats): void;
  /** Ends the test. Throws when an invariant was violated. */
  verdict(): Promise<void>;
}

/** Creates a {@link Judge}. It listens to the process until the verdict. */
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
      // Node reports an unhandled rejection after the promises of this turn.
      await new Promise((resolve) => setImmediate(resolve));
      process.off('unhandledRejection', onThrown);
      process.off('uncaughtExceptionMonitor', onThrown);
      process.off('warning', onWarning);
      assert.deepEqual(thrown, [], 'there is no unhandled rejection and no uncaught exception');
      assert.ok(secrets.size > 0 && seen.length > 0, 'secrets and output were registered');
      const all = seen.join('\n');
      for (const secret of secrets) assert.ok(!all.includes(secret), `a secret leaked: ${lineWith(all, secret)}`);
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
    assert.equal(
      accepted,
      delivered + pending + lost,
      `accepted is not delivered + pending + dropped, ${name}: ${text(counts)}`,
    );
  }
}

function text(thing: unknown): string {
  return typeof thing === 'string' ? thing : inspect(thing, { depth: 20, maxStringLength: null, maxArrayLength: null });
}

function lineWith(all: string, secret: string): string {
  return all.split('\n').find((line) => line.includes(secret)) ?? '';
}
