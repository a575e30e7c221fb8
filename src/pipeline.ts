import { createHash } from 'node:crypto';
import { isLoopback } from './checks.js';
import { type Clock, sleepUntil } from './clock.js';
import { createCompose } from './compose.js';
import { startSender } from './deliver.js';
import type { Diagnostics } from './diagnostics.js';
import { fingerprint } from './fingerprint.js';
import { createLedger, NO_COUNTS, type SlackExporterStats } from './ledger.js';
import type { Destination } from './message.js';
import type { ReadableLogRecord } from './otel.js';
import { createOutbox } from './outbox.js';
import { createPace, type PaceBook } from './pace.js';
import { readRecord } from './record.js';
import { createSelect, type Select } from './select.js';
import type { Settings } from './settings.js';
import { createSignal } from './signal.js';
import { createHttpClient } from './slack/http.js';
import { postToChannel } from './slack/web-api.js';
import { postToWebhook } from './slack/webhook.js';

/** What the stages need from outside, so that a test can hand in its own. */
export interface Dependencies {
  readonly clock: Clock;
  readonly random: () => number;
  readonly newId: () => string;
  readonly paceBook: PaceBook;
  readonly diagnostics: Diagnostics;
}

/**
 * The way of a record from the exporter's door to Slack: select → fingerprint → fold, and behind it one sender loop for
 * each destination: choose → render → pace → send → settle.
 */
export interface Pipeline {
  /** No destination: everything is taken, nothing happens. */
  readonly isOff: boolean;
  readonly select: Select;
  /** Takes records that are selected already. Synchronous; false when the pipeline is closed. */
  take(records: readonly ReadableLogRecord[]): boolean;
  /** Waits for delivery, at most until the deadline (monotonic milliseconds). Never rejects. */
  flush(deadlineMillis: number): Promise<void>;
  /** Delivers what it can until the deadline and ends. Never rejects. */
  close(options: CloseOptions): Promise<void>;
  stats(): SlackExporterStats;
}

/** Options of {@link Pipeline.close}. */
export interface CloseOptions {
  readonly deadlineMillis: number;
  /** Waits until no batch has come for so long: the SDK's processor goes on exporting during its own shutdown. */
  readonly graceMillis: number;
}

/** Groups that are told apart for one destination. */
const MAX_GROUPS = 1_000;

/** Composes the stages. */
export function createPipeline(settings: Settings, dependencies: Dependencies): Pipeline {
  const select = createSelect(settings, dependencies.diagnostics);
  if (settings.destination === undefined) return offPipeline(select);
  const { clock } = dependencies;
  const line = createLine(settings, settings.destination, dependencies);
  const closing = createSignal();
  const closed = closing.next();
  let phase: 'open' | 'closing' | 'closed' = 'open';
  let lastTakenMillis = Number.NEGATIVE_INFINITY;

  return {
    isOff: false,
    select,
    take(records) {
      if (phase === 'closed') {
        line.refuse(records.length);
        return false;
      }
      lastTakenMillis = clock.monotonic();
      records.forEach(line.fold);
      return true;
    },
    async flush(deadlineMillis) {
      if (phase === 'open') await Promise.race([line.sender.flush(deadlineMillis), closed]);
    },
    async close({ deadlineMillis, graceMillis }) {
      phase = 'closing';
      closing.fire();
      const graceEndMillis = (): number =>
        Math.min(deadlineMillis, Math.max(begunMillis, lastTakenMillis) + graceMillis);
      const begunMillis = clock.monotonic();
      while (clock.monotonic() < graceEndMillis()) await sleepUntil(clock, graceEndMillis(), { ref: true });
      await line.sender.close(deadlineMillis);
      phase = 'closed';
      await line.end();
    },
    stats: () => ({ ...line.counts(), destinations: { [line.label]: line.counts() } }),
  };
}

/** One destination with all that belongs to it. */
function createLine(settings: Settings, destination: Destination, dependencies: Dependencies) {
  const { clock, diagnostics, newId, paceBook, random } = dependencies;
  const label = labelOf(destination);
  const outbox = createOutbox({ clock, maxGroups: MAX_GROUPS, newId });
  const ledger = createLedger();
  const isLocal = isLoopback(urlOf(destination));
  const http = createHttpClient({ clock, isLocal, warn: (message) => diagnostics.warn('proxy', message) });
  const { timeoutMillis } = settings;
  const sender = startSender({
    label,
    outbox,
    ledger,
    pace: createPace(destination, paceBook, clock),
    compose: createCompose(settings, diagnostics),
    post: (message, signal) =>
      destination.kind === 'webhook'
        ? postToWebhook(destination, message, { http, clock, timeoutMillis, signal })
        : postToChannel(destination, message, { http, clock, timeoutMillis, signal }),
    clock,
    random,
    diagnostics,
  });
  return {
    label,
    sender,
    counts: () => ledger.counts(outbox.pending()),
    fold(record: ReadableLogRecord) {
      try {
        const view = readRecord(record);
        sender.accept(view, fingerprint(view));
      } catch {
        // A record that even the guarded reading cannot bear is counted; the others of its batch go on.
        ledger.accept(1);
        ledger.drop(1, 'rejected');
      }
    },
    refuse(records: number) {
      ledger.accept(records);
      ledger.drop(records, 'shutdown');
    },
    end: () => http.close(),
  };
}

function urlOf(destination: Destination): URL {
  return new URL(destination.kind === 'channel' ? destination.apiUrl : destination.url);
}

/** A name for a destination that tells it from others and holds no secret. */
function labelOf(destination: Destination): string {
  if (destination.kind === 'channel') return destination.channel;
  const mark = createHash('sha256').update(destination.url).digest('hex').slice(0, 6);
  return `webhook ${urlOf(destination).host} ${mark}`;
}

function offPipeline(select: Select): Pipeline {
  return {
    isOff: true,
    select,
    take: () => true,
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
    stats: () => ({ ...NO_COUNTS, destinations: {} }),
  };
}
