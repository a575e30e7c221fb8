import { type LookupAddress, Resolver } from 'node:dns';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../util/index.js';

/** The answer of the name servers about a host. */
export interface Probe {
  /** Both questions, for IPv4 and for IPv6, were answered soon. So the system's lookup does not hang. */
  readonly isQuick: boolean;
  readonly addresses: readonly LookupAddress[];
}

/** Of one question to one name server, in milliseconds. */
const TIMEOUT_MILLIS = 600;
/** Of all questions together, in milliseconds. A pending question keeps the process alive. */
const MAX_PROBE_MILLIS = 2_000;
/** An answer that takes longer comes from the second server at best, and the system's lookup waits 5 s for the first. */
const QUICK_MILLIS = 1_000;

/** Node's codes of a question without an answer. */
const SILENT: readonly unknown[] = ['ETIMEOUT', 'ECANCELLED', 'EDESTRUCTION'];

/**
 * Asks the name servers directly. Unlike `dns.lookup()`, this needs no thread of libuv and can be cancelled, so a name server
 * that does not answer harms nobody. It does not know the hosts file and other sources of the system.
 */
export async function probe(host: string, clock: Clock): Promise<Probe> {
  const resolver = new Resolver({ timeout: TIMEOUT_MILLIS, tries: 2 });
  const startMillis = clock.monotonic();
  const stop = clock.after(MAX_PROBE_MILLIS, () => resolver.cancel());
  const ask = (family: 4 | 6): Promise<readonly LookupAddress[] | undefined> =>
    new Promise((resolve) => {
      const onAnswer = (error: { readonly code?: unknown } | null, found: readonly string[] = []): void => {
        if (error !== null && SILENT.includes(error.code)) resolve(undefined);
        else resolve(error === null ? found.map((address) => ({ address, family })) : []);
      };
      if (family === 4) resolver.resolve4(host, onAnswer);
      else resolver.resolve6(host, onAnswer);
    });
  const answers = await Promise.all([ask(4), ask(6)]);
  stop();
  const isQuick = !answers.includes(undefined) && clock.monotonic() - startMillis < QUICK_MILLIS;
  return { isQuick, addresses: answers.flatMap((found) => found ?? []) };
}

const HOSTS_FILE =
  process.platform === 'win32'
    ? join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'drivers', 'etc', 'hosts')
    : '/etc/hosts';
/** A longer file blocks advertisements. Searching it would block the event loop. */
const MAX_HOSTS_BYTES = 1_000_000;

/** Whether the system knows the host without a name server. */
export async function isLocalName(host: string): Promise<boolean> {
  if (/(^|\.)localhost\.?$/i.test(host)) return true;
  try {
    const { size } = await stat(HOSTS_FILE);
    return size <= MAX_HOSTS_BYTES && names(await readFile(HOSTS_FILE, 'utf8'), host.toLowerCase());
  } catch {
    return false;
  }
}

function names(hosts: string, host: string): boolean {
  if (!hosts.toLowerCase().includes(host)) return false;
  return hosts.split('\n').some((line) => {
    const [, ...hostsOfLine] = (line.split('#', 1)[0] ?? '').trim().toLowerCase().split(/\s+/);
    return hostsOfLine.includes(host);
  });
}
