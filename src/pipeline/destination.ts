import type { DestinationSettings, Settings } from '../config/index.js';
import { createRateLimiter, Endpoint, type RateLimits, SendLoop } from '../deliver/index.js';
import { encodeNotification, Outbox, POLICY, type SavedGroup, type SavedNotification } from '../groups/index.js';
import { MentionLimiter, quietForMillis } from '../plan/index.js';
import type { RecordView } from '../record/index.js';
import type { Redactor } from '../redact/index.js';
import { createCompose } from '../render/index.js';
import {
  type Connect,
  type Connection,
  type Destination,
  destinationId,
  destinationLabel,
  knownAddresses,
  type LastWord,
  urlOf,
} from '../slack/index.js';
import type { Spool, SpoolOptions } from '../spool/index.js';
import { type Counts, type Diagnostics, type DropReason, type ExporterMetrics, Ledger } from '../telemetry/index.js';
import { type Clock, isLoopback } from '../util/index.js';
import type { NotificationLog } from './notification-log.js';

/** The external dependencies of the stages. Tests replace them. */
export interface Dependencies {
  readonly clock: Clock;
  readonly random: () => number;
  readonly newId: () => string;
  readonly rateLimits: RateLimits;
  readonly diagnostics: Diagnostics;
  readonly openSpool: (options: SpoolOptions) => Spool;
  readonly connect: Connect;
}

/** What the pipelines of all destinations share. */
export interface SharedDependencies extends Dependencies {
  readonly redactor: Redactor;
  readonly metrics: ExporterMetrics;
  /** `undefined`: records are in memory only. */
  readonly spool: Spool | undefined;
  readonly notificationLog: NotificationLog | undefined;
}

/** The highest number of groups. Records of further problems are counted in one group, by severity and service. */
const MAX_GROUPS = 1_000;

/** An endpoint and its connection. */
interface Connected {
  readonly endpoint: Endpoint;
  readonly connection: Connection;
}

/** The pipeline of one destination: its groups, its counts, and its send loop. */
export class DestinationPipeline {
  /** Names the destination for people; holds no secret. */
  readonly label: string;
  /** Equal in every process that has this destination; holds no secret. */
  readonly id: string;
  readonly outbox: Outbox;
  readonly ledger: Ledger = new Ledger();
  readonly loop: SendLoop;
  readonly #settings: Settings;
  readonly #connections: readonly Connection[];

  constructor(destinationSettings: DestinationSettings, settings: Settings, shared: SharedDependencies) {
    const { destination, fallback, mention, quietHours } = destinationSettings;
    const { clock, diagnostics, spool } = shared;
    const first = connect(destination, settings, shared);
    const second = fallback && connect(fallback, settings, shared, first.endpoint.label);
    const canThread = first.endpoint.canUpdate || second?.endpoint.canUpdate === true;
    this.id = destinationId(destination);
    this.label = first.endpoint.label;
    this.#settings = settings;
    this.#connections = second ? [first.connection, second.connection] : [first.connection];
    this.outbox = createOutbox(this.id, canThread, shared);
    this.#watch(urlOf(destination), shared.metrics);
    this.loop = new SendLoop({
      ...{ clock, diagnostics, label: this.label, policy: POLICY },
      ...{ endpoint: first.endpoint, fallback: second?.endpoint, outbox: this.outbox, ledger: this.ledger },
      compose: createCompose(settings, diagnostics),
      mentions: new MentionLimiter(mention),
      quietHoursMillis: () => (quietHours === undefined ? 0 : quietForMillis(clock.now(), quietHours)),
      verify: spool && (() => spool.verify()),
    });
  }

  /** Folds a record into its group, together with `count - 1` equal ones. Never throws. */
  accept(view: RecordView, fingerprint: string, count: number): void {
    this.ledger.accept(count);
    if (this.loop.isStopped) {
      this.ledger.drop(count, 'shutdown');
      return;
    }
    try {
      this.ledger.drop(this.outbox.fold(view, fingerprint, count), 'silenced');
      this.loop.wake();
    } catch {
      // A record that cannot be folded is counted as dropped; the others of its batch are folded.
      this.ledger.drop(count, 'rejected');
    }
  }

  /** Counts wanted records that cannot be accepted: they came too late, or cannot be read. */
  refuse(records: number, reason: DropReason): void {
    this.ledger.accept(records);
    this.ledger.drop(records, reason);
  }

  /** Reports records in the channel that were dropped before they reached the exporter. */
  reportLost(records: number): void {
    this.outbox.reportLost(records);
    this.loop.wake();
  }

  /** Adds saved records of an earlier process. `entryId` is their entry in the spool. */
  restore(saved: SavedGroup, entryId: string, writtenAtMillis: number): void {
    // After close() they stay in the spool for the next process.
    if (this.loop.isStopped) return;
    this.ledger.accept(saved.records);
    this.ledger.drop(this.outbox.persistence.restore(saved, entryId, writtenAtMillis), 'silenced');
    this.loop.wake();
  }

  /** @param saved - the notifications of an earlier process, by fingerprint */
  continueNotifications(saved: ReadonlyMap<string, SavedNotification>): void {
    this.ledger.drop(this.outbox.persistence.continueNotifications(saved), 'silenced');
  }

  /** Removes records whose spool entries another process has adopted. */
  releaseToOwner(entryIds: readonly string[]): void {
    this.ledger.releaseToOwner(this.outbox.persistence.releaseToOwner(entryIds));
  }

  /** Drops pending records that are not saved, because the process ends now. Returns their number. */
  dropUnsaved(): number {
    const records = this.outbox.persistence.dropUnsaved();
    this.ledger.drop(records, 'shutdown');
    return records;
  }

  /** Returns everything pending as one message, for a process that ends; `undefined` when nothing is pending. */
  readonly lastWord = (): LastWord | undefined => {
    const last = this.loop.lastMessage();
    if (last === undefined) return undefined;
    const { timeoutMillis } = this.#settings;
    const url = urlOf(last.destination);
    return { ...last, timeoutMillis, isLocal: isLoopback(url), addresses: knownAddresses(url.hostname) };
  };

  /**
   * Sends what it can until the deadline (monotonic milliseconds) and ends.
   * @param save - saves the last records to the spool, before what is not saved is dropped
   */
  async close(deadlineMillis: number, save?: () => Promise<void>): Promise<void> {
    await this.loop.close(deadlineMillis, save);
    await Promise.all(this.#connections.map((connection) => connection.close()));
  }

  counts(): Counts {
    return this.ledger.counts(this.outbox.groups.pending);
  }

  #watch(server: URL, metrics: ExporterMetrics): void {
    const { ledger, outbox } = this;
    // After close() the metrics keep only the ledger, which counts records that arrive too late, so the groups can be freed.
    const closed = (): (() => Counts) => {
      const { pending } = outbox.groups;
      return () => ledger.counts(pending);
    };
    metrics.watch(server, { counts: () => this.counts(), closed });
  }
}

/** Creates the outbox. With a spool, shown records are acknowledged, and the notification state is written to the log. */
function createOutbox(id: string, hasThreads: boolean, shared: SharedDependencies): Outbox {
  const { clock, newId, redactor, notificationLog, spool } = shared;
  return new Outbox({
    ...{ clock, policy: POLICY, maxGroups: MAX_GROUPS, hasThreads, newId, redactor },
    onShown: spool && ((ids) => spool.acknowledge(ids)),
    onNotified:
      notificationLog &&
      ((group) => {
        const saved = encodeNotification(group, { wallMillis: clock.now(), atMillis: clock.monotonic() });
        notificationLog.record(id, group.fingerprint, saved);
      }),
  });
}

/** @param taken - the label of the other endpoint of the destination; this one gets another label */
function connect(destination: Destination, settings: Settings, shared: SharedDependencies, taken?: string): Connected {
  const label = destinationLabel(destination);
  const { clock, diagnostics, metrics, rateLimits, random } = shared;
  const { timeoutMillis } = settings;
  const connection = shared.connect(destination, { clock, diagnostics, metrics, timeoutMillis });
  const rateLimiter = createRateLimiter(destination, rateLimits, clock);
  const ask: Connection['ask'] = async (request, signal) => {
    const outcome = await connection.ask(request, signal);
    if (outcome.kind === 'sent' && outcome.ref !== undefined) rateLimiter.channelIs(outcome.ref.channel);
    return outcome;
  };
  const endpoint = new Endpoint({
    label: label === taken ? `${label} (fallback)` : label,
    canUpdate: destination.kind === 'channel',
    ...{ rateLimiter, ask, destination, clock, random, diagnostics },
  });
  return { endpoint, connection };
}
