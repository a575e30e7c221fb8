import { decodeNotification, type SavedNotification } from '../groups/index.js';
import type { Heartbeats, KeyValueEntry, Spool } from '../spool/index.js';
import { processGlobal } from '../util/index.js';
import { exists, isRunning, ownIdentity, type ProcessIdentity } from './process-identity.js';

/** The process that wrote an entry, so that no two living processes continue the same message. */
interface Writer extends ProcessIdentity {
  /** The id of its spool. Missing in entries of version 0.1. */
  readonly spool?: string;
}

/** The messages of dead processes: by destination, and by fingerprint. */
export type SavedNotifications = ReadonlyMap<string, ReadonlyMap<string, SavedNotification>>;

type Liveness = 'living' | 'dead' | 'unknown';

/** The spools of this process. */
const ownSpools = processGlobal('own-spools/1', () => new Set<string>());

/** The key of a claim begins with this. The spool does not keep such a key when its process is dead. */
const CLAIM = '!';

/**
 * The notification state of each problem, so that the next process continues the message instead of posting a new one.
 * The entries are in the spool's folder, which several processes may share.
 */
export class NotificationLog {
  readonly #spool: Spool;
  readonly #writer: Writer;
  readonly #recorded = new Set<string>();
  #isComplete = false;

  constructor(spool: Spool) {
    this.#spool = spool;
    this.#writer = { ...ownIdentity(), spool: spool.id };
    ownSpools.add(spool.id);
  }

  /** The last load() found no process that may be dead. Otherwise load again when that can be told. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Saves the notification state of a group; `undefined` deletes it. */
  record(destinationId: string, fingerprint: string, saved: SavedNotification | undefined): void {
    const key = `${destinationId} ${fingerprint}`;
    if (saved === undefined && !this.#recorded.delete(key)) return;
    if (saved !== undefined) this.#recorded.add(key);
    this.#spool.put(key, saved === undefined ? null : { ...saved, writer: this.#writer });
  }

  /**
   * Returns the messages of dead processes. Each process writes a claim first, and skips entries that another living
   * process may have claimed.
   */
  async load(): Promise<SavedNotifications> {
    const ownClaim = `${CLAIM} ${this.#spool.id}`;
    this.#spool.put(ownClaim, { writer: this.#writer });
    await this.#spool.flush();
    const entries = await this.#spool.readAll();
    const heartbeats = entries.some(({ value }) => writerOf(value).spool !== undefined)
      ? await this.#spool.heartbeats()
      : new Map();
    if (heartbeats === undefined) return new Map();
    const liveness = ({ value }: KeyValueEntry): Liveness => livenessOf(writerOf(value), heartbeats);
    const claims = entries.filter((entry) => isClaim(entry) && entry.key !== ownClaim && liveness(entry) !== 'dead');
    const isClaimed = ({ writtenAtMillis }: KeyValueEntry): boolean =>
      claims.some((claim) => claim.writtenAtMillis >= writtenAtMillis);
    const messages = entries.filter((entry) => !isClaim(entry));
    const free = messages.filter((entry) => liveness(entry) === 'dead' && !isClaimed(entry));
    this.#isComplete = !entries.some((entry) => liveness(entry) === 'unknown');
    return byDestination(free);
  }
}

function isClaim({ key }: KeyValueEntry): boolean {
  return key.startsWith(CLAIM);
}

function byDestination(entries: readonly KeyValueEntry[]): SavedNotifications {
  const found = new Map<string, Map<string, SavedNotification>>();
  for (const { key, value } of entries) {
    const saved = decodeNotification(value);
    if (saved === undefined) continue;
    const at = key.indexOf(' ');
    const destinationId = key.slice(0, at);
    const byFingerprint = found.get(destinationId) ?? new Map<string, SavedNotification>();
    byFingerprint.set(key.slice(at + 1), saved);
    found.set(destinationId, byFingerprint);
  }
  return found;
}

function writerOf(value: unknown): Partial<Writer> {
  return (value as { readonly writer?: Partial<Writer> } | null)?.writer ?? {};
}

/**
 * Whether the writer of an entry lives, as far as this process can tell. Its heartbeat decides where the pid cannot, for
 * example in another container. Processes of other hosts count as living.
 */
function livenessOf({ spool, ...process }: Partial<Writer>, heartbeats: Heartbeats): Liveness {
  const { host, pid } = process;
  if (typeof host !== 'string' || typeof pid !== 'number') return 'living';
  if (spool === undefined) return livenessOfOldWriter(host, pid);
  // A process removes its heartbeat when it ends, and another one removes that of a dead process.
  const heartbeat = heartbeats.get(spool);
  if (heartbeat === undefined) return 'dead';
  if (ownSpools.has(spool)) return 'living';
  const runs = isRunning({ ...process, host, pid });
  if (runs !== undefined) return runs ? 'living' : 'dead';
  if (host !== ownIdentity().host) return 'living';
  return heartbeat === 'silent' ? 'dead' : 'unknown';
}

/** For entries of version 0.1, which name the pid only. */
function livenessOfOldWriter(host: string, pid: number): Liveness {
  const own = ownIdentity();
  if (host !== own.host) return 'living';
  // In a container the next process often has the same pid.
  return pid === own.pid || !exists(pid) ? 'dead' : 'living';
}
