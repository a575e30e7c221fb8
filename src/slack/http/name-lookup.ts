import dns, { type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { type Clock, processGlobal, systemClock, waitAtMost } from '../../util/index.js';
import { isLocalName, probe } from './probe-names.js';
import { SystemLookup } from './system-lookup.js';

type Addresses = readonly LookupAddress[];

/** Replacements for the system, for tests. */
export interface NameLookupParts {
  readonly clock: Clock;
  readonly lookup: (host: string) => Promise<Addresses>;
  readonly probe: typeof probe;
  readonly isLocalName: typeof isLocalName;
}

/** How long found addresses are used without another lookup, in milliseconds. Slack's own records live for a minute. */
const FRESH_MILLIS = 60_000;
/** Nobody waits longer for a lookup when the host had an address before, in milliseconds. */
const MAX_WAIT_MILLIS = 1_000;
/** The name servers have to be silent for this long before the system is asked without them, in milliseconds. */
const MIN_SILENCE_MILLIS = 20_000;
/** The system is asked in spite of silent name servers no more often than this, in milliseconds. */
const ANYWAY_INTERVAL_MILLIS = 5 * 60_000;
/** An app has few destinations. */
const MAX_HOSTS = 100;

interface Known {
  addresses: Addresses;
  freshUntilMillis: number;
}

/**
 * Looks up names for all connections of the process. `dns.lookup()` occupies a thread of libuv until the system answers, and
 * with a name server that does not answer this takes ten seconds and longer: the app's own lookups wait, and so does the end
 * of the process. So the name servers are asked first in a way that needs no thread, and the system only when they answer.
 * The system has one lookup at a time. The last good addresses are used when there is no answer.
 */
export class NameLookup {
  readonly #parts: NameLookupParts;
  readonly #system: SystemLookup;
  readonly #known = new Map<string, Known>();
  readonly #running = new Map<string, Promise<Addresses>>();
  /** Since when the name servers are silent, in monotonic milliseconds. */
  #silentSinceMillis: number | undefined;
  #askedAnywayAtMillis = Number.NEGATIVE_INFINITY;
  /** The system answers although the name servers do not: it has other sources. */
  #needsNoServers = false;

  constructor(parts: NameLookupParts) {
    this.#parts = parts;
    this.#system = new SystemLookup(parts);
  }

  /** For the option `lookup` of a connection. */
  readonly lookup: LookupFunction = (host, { all, family }, callback) => {
    const wanted = family === 'IPv4' ? 4 : family === 'IPv6' ? 6 : family;
    this.resolve(host).then(
      (addresses) => {
        const found = wanted ? addresses.filter((each) => each.family === wanted) : addresses;
        const [first] = found;
        if (first === undefined) callback(errorOf('ENOTFOUND'), '');
        else if (all) callback(null, [...found]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };

  /** Resolves with the addresses of a host. Rejects with an error that has a code, at the latest after a few seconds. */
  async resolve(host: string): Promise<Addresses> {
    const { clock } = this.#parts;
    const known = this.#known.get(host);
    if (known !== undefined && clock.monotonic() < known.freshUntilMillis) return known.addresses;
    const running = this.#running.get(host) ?? this.#start(host);
    if (known === undefined) return running;
    await waitAtMost(clock, clock.monotonic() + MAX_WAIT_MILLIS, () => running, { ref: false });
    return (this.#known.get(host) ?? known).addresses;
  }

  /** Returns the last good addresses of a host. */
  known(host: string): Addresses | undefined {
    return this.#known.get(host)?.addresses;
  }

  /** Stores addresses that another lookup has found. */
  remember(host: string, addresses: Addresses): void {
    if (this.#known.size >= MAX_HOSTS) this.#known.delete(this.#known.keys().next().value ?? '');
    this.#known.set(host, { addresses, freshUntilMillis: this.#parts.clock.monotonic() + FRESH_MILLIS });
  }

  /** No address of the host could be reached: the next connection needs another lookup. */
  doubt(host: string): void {
    const known = this.#known.get(host);
    if (known !== undefined) known.freshUntilMillis = Number.NEGATIVE_INFINITY;
  }

  #start(host: string): Promise<Addresses> {
    const running = this.#find(host).finally(() => this.#running.delete(host));
    this.#running.set(host, running);
    // Nobody may be waiting any more.
    running.then(
      (addresses) => this.remember(host, addresses),
      () => {},
    );
    return running;
  }

  async #find(host: string): Promise<Addresses> {
    const { clock } = this.#parts;
    if (this.#needsNoServers || (await this.#parts.isLocalName(host))) return this.#askSystem(host, []);
    const { isQuick, addresses } = await this.#parts.probe(host, clock);
    if (isQuick || addresses.length > 0) this.#silentSinceMillis = undefined;
    if (isQuick) return this.#askSystem(host, addresses);
    if (addresses.length > 0) return addresses;
    if (!this.#mayAskAnyway()) throw errorOf('EAI_AGAIN');
    const found = await this.#askSystem(host, []);
    this.#needsNoServers = true;
    return found;
  }

  /** Some systems have other sources than the name servers in their configuration, so they are asked from time to time. */
  #mayAskAnyway(): boolean {
    const nowMillis = this.#parts.clock.monotonic();
    this.#silentSinceMillis ??= nowMillis;
    const isSilent = nowMillis - this.#silentSinceMillis >= MIN_SILENCE_MILLIS;
    if (!isSilent || nowMillis - this.#askedAnywayAtMillis < ANYWAY_INTERVAL_MILLIS) return false;
    this.#askedAnywayAtMillis = nowMillis;
    return true;
  }

  async #askSystem(host: string, otherwise: Addresses): Promise<Addresses> {
    const found = await this.#system.ask(host);
    if (found === 'no answer') this.#needsNoServers = false;
    else if (!('code' in found)) return found;
    if (otherwise.length > 0) return otherwise;
    throw errorOf(found === 'no answer' ? 'EAI_AGAIN' : found.code);
  }
}

/** Without the host: the message of Node's error contains it. */
function errorOf(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`the name lookup failed: ${code}`), { code });
}

/** Creates a {@link NameLookup} that asks this machine. */
function createNameLookup(clock: Clock = systemClock): NameLookup {
  // Through `dns`, because an app may have replaced its function.
  const lookup = (host: string): Promise<Addresses> =>
    new Promise((resolve, reject) => {
      dns.lookup(host, { all: true }, (error, found) => (error ? reject(error) : resolve(found)));
    });
  return new NameLookup({ clock, lookup, probe, isLocalName });
}

/** The lookup of all connections of this process. */
export function processNameLookup(): NameLookup {
  return processGlobal('names/1', createNameLookup);
}

/** For the option `lookup` of a connection. */
export const lookup: LookupFunction = (...given) => processNameLookup().lookup(...given);

/** Returns the last good addresses of a host. */
export function knownAddresses(host: string): Addresses | undefined {
  return processNameLookup().known(host);
}

/** Resolves with the addresses of a host. Rejects with an error that has a code. */
export function resolveHost(host: string): Promise<Addresses> {
  return processNameLookup().resolve(host);
}
