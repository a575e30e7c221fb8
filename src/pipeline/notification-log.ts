import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { readSaid, type Said } from '../groups/saved/notification-codec.js';
import type { Spool } from '../spool/types.js';
import { processWideStore } from '../util/process-globals.js';

/** Who remembers: so that nobody goes on with a message that a living process goes on with. */
interface Writer {
  readonly host: string;
  readonly pid: number;
  readonly run: string;
}

const writer: Writer = processWideStore('writer/1', () => ({
  host: hostname(),
  pid: process.pid,
  run: randomUUID(),
}));

/** How many in this process have asked. */
const asked = processWideStore('recalls/1', () => ({ count: 0 }));

/** Keeps what was said of a group, for the next start; undefined: there is nothing to go on with. */
export function rememberIn(spool: Spool): (line: string, fingerprint: string, said: Said | undefined) => void {
  const known = new Set<string>();
  return (line, fingerprint, said) => {
    const key = `${line} ${fingerprint}`;
    if (said === undefined && !known.delete(key)) return;
    if (said !== undefined) known.add(key);
    spool.remember(key, said === undefined ? null : { ...said, writer });
  };
}

/**
 * What processes that are dead have said: by line, and by fingerprint. No two processes ever go on with one message: who
 * asks says so first, and what another one that lives may have heard as well is left out.
 */
export async function recallFrom(spool: Spool): Promise<ReadonlyMap<string, ReadonlyMap<string, Said>>> {
  const own = `${ASKING} ${writer.host} ${writer.pid} ${++asked.count}`;
  spool.remember(own, { writer });
  await spool.flush();
  const all = await spool.recall();
  const rivals = all.filter(({ key, value }) => key.startsWith(ASKING) && key !== own && !isDead(value));
  const byLine = new Map<string, Map<string, Said>>();
  for (const { key, value, writtenAtMillis } of all) {
    const said = key.startsWith(ASKING) || !isDead(value) ? undefined : readSaid(value);
    if (said === undefined || rivals.some((rival) => rival.writtenAtMillis >= writtenAtMillis)) continue;
    const at = key.indexOf(' ');
    const line = key.slice(0, at);
    const its = byLine.get(line) ?? new Map<string, Said>();
    its.set(key.slice(at + 1), said);
    byLine.set(line, its);
  }
  return byLine;
}

const ASKING = '!';

/** Of another machine nobody knows. A number of a process that is in use again says nothing, and then there is one message more. */
function isDead(value: unknown): boolean {
  const { host, pid, run } = ((value as { readonly writer?: Partial<Writer> } | null)?.writer ?? {}) as Partial<Writer>;
  if (host !== writer.host || typeof pid !== 'number' || run === writer.run) return false;
  // In a container the next start may well have the same number.
  if (pid === writer.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as { readonly code?: unknown }).code === 'ESRCH';
  }
}
