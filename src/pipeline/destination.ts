import { createHash } from 'node:crypto';
import type { LineSettings, Settings } from '../config/settings.js';
import { Place } from '../deliver/endpoint.js';
import { createPace, type PaceBook } from '../deliver/rate-limiter.js';
import { startSender } from '../deliver/send-loop.js';
import { POLICY } from '../groups/lifecycle.js';
import { createOutbox, type Outbox } from '../groups/outbox.js';
import type { KeptRecords } from '../groups/saved/group-codec.js';
import { type Said, saidOf } from '../groups/saved/notification-codec.js';
import type { Unspooled } from '../groups/saved/unsaved.js';
import { Mentions } from '../plan/mention-limiter.js';
import { quietForMillis } from '../plan/quiet-hours.js';
import type { RecordView } from '../record/read-record.js';
import type { Redactor } from '../redact/redactor.js';
import { createCompose } from '../render/compose.js';
import { type Connect, type Connection, urlOf } from '../slack/client.js';
import type { Destination, LastWord } from '../slack/types.js';
import type { Spool, SpoolOptions } from '../spool/types.js';
import type { Diagnostics } from '../telemetry/diagnostics.js';
import type { DropReason } from '../telemetry/ledger.js';
import { type Counts, createLedger, type Ledger } from '../telemetry/ledger.js';
import type { ExporterMetrics } from '../telemetry/metrics.js';
import type { Clock } from '../util/clock.js';
import { isLoopback } from '../util/url.js';

/** What the stages need from outside, so that a test can hand in its own. */
export interface Dependencies {
  readonly clock: Clock;
  readonly random: () => number;
  readonly newId: () => string;
  readonly paceBook: PaceBook;
  readonly diagnostics: Diagnostics;
  readonly openSpool: (options: SpoolOptions) => Spool;
  readonly connect: Connect;
}

/** One destination and all that belongs to it: from a record that it wants to what became of it. */
export interface Line {
  /** A name that tells the destination from others and holds no secret. */
  readonly label: string;
  /** Tells the destination from others in every process, and holds no secret. */
  readonly key: string;
  /** Takes a record into its group, for as many equal ones as `count` says. Never throws. */
  accept(view: RecordView, fingerprint: string, count: number): void;
  /** Tells in the channel of records that never arrived here. */
  lose(records: number): void;
  /** Counts records that it wants and cannot take: they came too late, or cannot be read. */
  refuse(records: number, reason: DropReason): void;
  hold(): () => void;
  /** See {@link Outbox.takeUnspooled}. */
  takeUnspooled(): readonly Unspooled[];
  /** See {@link Outbox.spooled}. */
  spooled(unspooled: readonly Unspooled[], ids: readonly string[] | undefined): void;
  /** Takes what an earlier process had. */
  restore(records: KeptRecords, id: string, writtenAtMillis: number): void;
  /** What an earlier process said, by fingerprint. */
  recall(said: ReadonlyMap<string, Said>): void;
  /** Entries on the disk that belong to another process now. */
  handOver(ids: readonly string[]): void;
  hurry(): () => void;
  /** All that is still to be said, in one message, for a process that ends; undefined when there is nothing. */
  lastWord(): LastWord | undefined;
  /** Slack has confirmed it. */
  lastWordSent(): void;
  /** True when nothing is left that is due. */
  flush(deadlineMillis: number): Promise<boolean>;
  /** @param keep - keeps what came in the end, before what is not kept is dropped */
  close(deadlineMillis: number, keep?: () => Promise<void>): Promise<void>;
  counts(): Counts;
}

/** Groups that are told apart; the records of more are counted in one, by severity and service. */
const MAX_GROUPS = 1_000;

/** What all lines share. */
export interface Shared extends Dependencies {
  readonly redactor: Redactor;
  readonly metrics: ExporterMetrics;
  /** Where what waits is kept; undefined: in memory only. */
  readonly spool: Spool | undefined;
  /** Is to be remembered when it is said; undefined: no message of its own stands any more. */
  readonly remember: (line: string, fingerprint: string, said: Said | undefined) => void;
}

/** Makes the line to a destination and starts its sender. */
export function createLine(lineSettings: LineSettings, settings: Settings, dependencies: Shared): Line {
  const { destination, fallback, mention, quietHours } = lineSettings;
  const { clock, diagnostics, metrics, spool } = dependencies;
  const place = createPlace(destination, settings, dependencies);
  const second = fallback && createPlace(fallback, settings, dependencies, place.place.label);
  const hasThreads = place.place.canUpdate || second?.place.canUpdate === true;
  const outbox = createOutboxFor(destination, hasThreads, dependencies);
  const ledger = createLedger();
  const counts = (): Counts => ledger.counts(outbox.pending());
  metrics.watch(urlOf(destination), { counts, closed: () => closedCounts(ledger, outbox.pending()) });
  const sender = startSender({
    label: place.place.label,
    policy: POLICY,
    place: place.place,
    fallback: second?.place,
    compose: createCompose(settings, diagnostics),
    mentions: new Mentions(mention),
    quietHoursMillis: () => (quietHours === undefined ? 0 : quietForMillis(clock.now(), quietHours)),
    verify: spool && (() => spool.verify()),
    outbox,
    ledger,
    clock,
    diagnostics,
  });
  const refuse = (records: number, reason: DropReason): void => {
    ledger.accept(records);
    ledger.drop(records, reason);
  };
  return {
    label: place.place.label,
    key: keyOf(destination),
    accept(view, fingerprint, count) {
      try {
        sender.accept(view, fingerprint, count);
      } catch {
        // What cannot be folded is counted; the others of its batch go on.
        ledger.drop(count, 'rejected');
      }
    },
    lose: (records) => sender.lose(records),
    refuse,
    hold: () => sender.hold(),
    takeUnspooled: () => outbox.takeUnspooled(),
    spooled: (unspooled, ids) => outbox.spooled(unspooled, ids),
    restore: (records, id, writtenAtMillis) => sender.restore(records, id, writtenAtMillis),
    recall: (said) => sender.recall(said),
    handOver: (ids) => sender.handOver(ids),
    hurry: () => sender.hurry(),
    lastWord: () => {
      const said = sender.lastMessage();
      const { timeoutMillis } = settings;
      return said && { ...said, timeoutMillis, isLocal: isLoopback(urlOf(said.destination)) };
    },
    lastWordSent: () => sender.lastMessageSent(),
    flush: (deadlineMillis) => sender.flush(deadlineMillis),
    async close(deadlineMillis, keep) {
      await sender.close(deadlineMillis, keep);
      await Promise.all([place.connection.close(), second?.connection.close()]);
    },
    counts,
  };
}

/** What comes after the end is counted too. */
function closedCounts(ledger: Ledger, pending: number): () => Counts {
  return () => ledger.counts(pending);
}

/** An outbox that keeps what waits, and remembers what was said, where there is a spool. */
function createOutboxFor(destination: Destination, hasThreads: boolean, dependencies: Shared): Outbox {
  const { clock, newId, redactor, remember, spool } = dependencies;
  const key = keyOf(destination);
  return createOutbox({
    ...{ clock, policy: POLICY, maxGroups: MAX_GROUPS, hasThreads, newId, redactor },
    onShown: spool && ((ids) => spool.acknowledge(ids)),
    onSaid:
      spool &&
      ((group) => {
        const said = saidOf(group, { wallMillis: clock.now(), atMillis: clock.monotonic() });
        remember(key, group.fingerprint, said);
      }),
  });
}

/** A place and the way to it. */
interface Connected {
  readonly place: Place;
  readonly connection: Connection;
}

/** @param taken - the name of the other place, which must be another one */
function createPlace(destination: Destination, settings: Settings, dependencies: Shared, taken?: string): Connected {
  const name = labelOf(destination);
  const { clock, connect, diagnostics, metrics, paceBook, random } = dependencies;
  const connection = connect(destination, { clock, diagnostics, metrics, timeoutMillis: settings.timeoutMillis });
  const place = new Place({
    label: name === taken ? `${name} (fallback)` : name,
    canUpdate: destination.kind === 'channel',
    destination,
    pace: createPace(destination, paceBook, clock),
    ask: connection.ask,
    clock,
    random,
    diagnostics,
  });
  return { place, connection };
}

function keyOf(destination: Destination): string {
  const parts = destination.kind === 'channel' ? [destination.token, destination.channel] : [destination.url];
  return createHash('sha256')
    .update([destination.kind, ...parts].join('\n'))
    .digest('hex')
    .slice(0, 16);
}

/** A name that tells a destination from others and holds no secret. */
export function labelOf(destination: Destination): string {
  if (destination.kind === 'channel') return destination.channel;
  const mark = createHash('sha256').update(destination.url).digest('hex').slice(0, 6);
  return `webhook ${urlOf(destination).host} ${mark}`;
}
