import { createHash } from 'node:crypto';
import { isLoopback } from './checks.js';
import type { Clock } from './clock.js';
import { createCompose } from './compose.js';
import { startSender } from './deliver.js';
import type { Diagnostics } from './diagnostics.js';
import { createFingerprint } from './fingerprint.js';
import { type Counts, createLedger } from './ledger.js';
import type { Destination, Outcome, SlackMessage } from './message.js';
import type { ReadableLogRecord } from './otel.js';
import { createOutbox } from './outbox.js';
import { createPace, type PaceBook } from './pace.js';
import { readRecord } from './record.js';
import type { Settings } from './settings.js';
import { createHttpClient } from './slack/http.js';
import type { Post } from './slack/post.js';
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

/** One destination and all that belongs to it: from a record that it wants to what became of it. */
export interface Line {
  /** A name that tells the destination from others and holds no secret. */
  readonly label: string;
  /** fingerprint → fold. Never throws. */
  accept(record: ReadableLogRecord, count: number): void;
  /** Counts records that came too late. */
  refuse(records: number): void;
  hurry(): () => void;
  flush(deadlineMillis: number): Promise<void>;
  close(deadlineMillis: number): Promise<void>;
  counts(): Counts;
}

/** Groups that are told apart; see `Rest` for what becomes of more. */
const MAX_GROUPS = 1_000;

/** Makes the line to a destination and starts its sender. */
export function createLine(destination: Destination, settings: Settings, dependencies: Dependencies): Line {
  const { clock, diagnostics, newId, paceBook, random } = dependencies;
  const label = labelOf(destination);
  const outbox = createOutbox({ clock, maxGroups: MAX_GROUPS, newId });
  const ledger = createLedger();
  const pace = createPace(destination, paceBook, clock);
  const fingerprint = createFingerprint(settings, diagnostics);
  const compose = createCompose(settings, diagnostics);
  const isLocal = isLoopback(urlOf(destination));
  const http = createHttpClient({ clock, isLocal, warn: (message) => diagnostics.warn('proxy', message) });
  const post = (message: SlackMessage, signal: AbortSignal): Promise<Outcome> =>
    postTo(destination, message, { http, clock, timeoutMillis: settings.timeoutMillis, signal });
  const sender = startSender({ label, outbox, ledger, pace, compose, post, clock, random, diagnostics });
  return {
    label,
    accept(record, count) {
      try {
        const view = readRecord(record);
        sender.accept(view, fingerprint(record, view), count);
      } catch {
        // A record that even the guarded reading cannot bear is counted; the others of its batch go on.
        ledger.accept(count);
        ledger.drop(count, 'rejected');
      }
    },
    refuse(records) {
      ledger.accept(records);
      ledger.drop(records, 'shutdown');
    },
    hurry: () => sender.hurry(),
    flush: (deadlineMillis) => sender.flush(deadlineMillis),
    async close(deadlineMillis) {
      await sender.close(deadlineMillis);
      await http.close();
    },
    counts: () => ledger.counts(outbox.pending()),
  };
}

function postTo(destination: Destination, message: SlackMessage, post: Post): Promise<Outcome> {
  return destination.kind === 'webhook'
    ? postToWebhook(destination, message, post)
    : postToChannel(destination, message, post);
}

function urlOf(destination: Destination): URL {
  return new URL(destination.kind === 'channel' ? destination.apiUrl : destination.url);
}

function labelOf(destination: Destination): string {
  if (destination.kind === 'channel') return destination.channel;
  const mark = createHash('sha256').update(destination.url).digest('hex').slice(0, 6);
  return `webhook ${urlOf(destination).host} ${mark}`;
}
