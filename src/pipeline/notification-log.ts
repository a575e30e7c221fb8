import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { decodeNotification, type SavedNotification } from '../groups/index.js';
import type { KeyValueEntry, Spool } from '../spool/index.js';
import { processGlobal } from '../util/index.js';

/** The process that wrote an entry, so that no two living processes continue the same message. */
interface Writer {
  readonly host: string;
  readonly pid: number;
  readonly run: string;
}

/** The messages of dead processes: by destination, and by fingerprint. */
export type SavedNotifications = ReadonlyMap<string, ReadonlyMap<string, SavedNotification>>;

const writer: Writer = processGlobal('writer/1', () => ({
  host: hostname(),
  pid: process.pid,
  run: randomUUID(),
}));

/** How often this process has loaded a notification log. */
const loads = processGlobal('recalls/1', () => ({ count: 0 }));

/** The key of a claim begins with this. */
const CLAIM = '!';

/**
 * The notification state of each problem, so that the next process continues the message instead of posting a new one.
 * The entries are in the spool's folder, which several processes may share.
 */
export class NotificationLog {
  readonly #spool: Spool;
  readonly #recorded = new Set<string>();

  constructor(spool: Spool) {
    this.#spool = spool;
  }

  /** Saves the notification state of a group; `undefined` deletes it. */
  record(destinationId: string, fingerprint: string, saved: SavedNotification | undefined): void {
    const key = `${destinationId} ${fingerprint}`;
    if (saved === undefined && !this.#recorded.delete(key)) return;
    if (saved !== undefined) this.#recorded.add(key);
    this.#spool.put(key, saved === undefined ? null : { ...saved, writer });
  }

  /**
   * Returns the messages of dead processes. Each process writes a claim first, and skips entries that another living
   * process may have claimed.
   */
  async load(): Promise<SavedNotifications> {
    const ownClaim = `${CLAIM} ${writer.host} ${writer.pid} ${++loads.count}`;
    this.#spool.put(ownClaim, { writer });
    await this.#spool.flush();
    const entries = await this.#spool.readAll();
    const claims = entries.filter(({ key, value }) => key.startsWith(CLAIM) && key !== ownClaim && !isDead(value));
    const isClaimed = ({ writtenAtMillis }: KeyValueEntry): boolean =>
      claims.some((claim) => claim.writtenAtMillis >= writtenAtMillis);
    const ofDeadProcesses = entries.filter(({ key, value }) => !key.startsWith(CLAIM) && isDead(value));
    return byDestination(ofDeadProcesses.filter((entry) => !isClaimed(entry)));
  }
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

/**
 * Whether the writer of an entry is dead, as far as this process can tell: processes of other hosts count as living. A
 * pid that is in use again counts as living too, which costs one extra message.
 */
function isDead(value: unknown): boolean {
  const { host, pid, run } = ((value as { readonly writer?: Partial<Writer> } | null)?.writer ?? {}) as Partial<Writer>;
  if (host !== writer.host || typeof pid !== 'number' || run === writer.run) return false;
  // In a container the next process often has the same pid.
  if (pid === writer.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as { readonly code?: unknown }).code === 'ESRCH';
  }
}
