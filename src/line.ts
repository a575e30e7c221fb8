import { createHash } from 'node:crypto';
import { isLoopback } from './checks.js';
import type { Clock } from './clock.js';
import { createCompose } from './compose.js';
import { startSender } from './deliver.js';
import type { Diagnostics } from './diagnostics.js';
import { type Counts, createLedger } from './ledger.js';
import type { Destination, DropReason, Outcome, SlackMessage } from './message.js';
import { createOutbox } from './outbox.js';
import { createPace, type PaceBook } from './pace.js';
import type { RecordView } from './record.js';
import type { LineSettings, Settings } from './settings.js';
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
  /** Folds a record, and as many equal ones as `count` says, into the group of its fingerprint. Never throws. */
  accept(view: RecordView, fingerprint: string, count: number): void;
  /** Counts records that it wants and cannot take: they came too late, or cannot be read. */
  refuse(records: number, reason: DropReason): void;
  hurry(): () => void;
  flush(deadlineMillis: number): Promise<void>;
  close(deadlineMillis: number): Promise<void>;
  counts(): Counts;
}

/** Groups that are told apart; see `Rest` for what becomes of more. */
const MAX_GROUPS = 1_000;

/** Makes the line to a destination and starts its sender. */
export function createLine({ destination }: LineSettings, settings: Settings, dependencies: Dependencies): Line {
  const { clock, diagnostics, newId, paceBook, random } = dependencies;
  const label = labelOf(destination);
  const outbox = createOutbox({ clock, maxGroups: MAX_GROUPS, newId });
  const ledger = createLedger();
  const pace = createPace(destination, paceBook, clock);
  const compose = createCompose(settings, diagnostics);
  const isLocal = isLoopback(urlOf(destination));
  const http = createHttpClient({ clock, isLocal, warn: (message) => diagnostics.warn('proxy', message) });
  const post = (message: SlackMessage, signal: AbortSignal): Promise<Outcome> =>
    postTo(destination, message, { http, clock, timeoutMillis: settings.timeoutMillis, signal });
  const sender = startSender({ label, outbox, ledger, pace, compose, post, clock, random, diagnostics });
  const refuse = (records: number, reason: DropReason): void => {
    ledger.accept(records);
    ledger.drop(records, reason);
  };
  return {
    label,
    accept(view, fingerprint, count) {
      try {
        sender.accept(view, fingerprint, count);
      } catch {
        // What cannot be folded is counted; the others of its batch go on.
        refuse(count, 'rejected');
      }
    },
    refuse,
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
