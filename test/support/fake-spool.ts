import type { Appended, RecoveredEntry, Spool, SpoolStats } from '../../src/spool/types.js';

/** A spool without a disk that records its calls. */
export function fakeSpool() {
  let ids = 0;
  let recovered: (entries: readonly RecoveredEntry[]) => void = () => {};
  let expired: (values: readonly unknown[]) => void = () => {};
  let taken: (ids: readonly string[]) => void = () => {};
  let vanished: (ids: readonly string[]) => void = () => {};
  let retry = (): void => {};
  const appends: unknown[][] = [];
  const acknowledged: string[] = [];
  const left: unknown[] = [];
  const fake = {
    appends,
    acknowledged,
    left,
    stats: {} as Partial<SpoolStats>,
    verified: 0,
    /** The result of the next append. */
    answer: async (values: readonly unknown[]): Promise<Appended> => ({
      ids: values.map(() => `id${ids++}`),
      isDurable: true,
    }),
    recover: (...entries: readonly RecoveredEntry[]) => recovered(entries),
    expire: (...values: readonly unknown[]) => expired(values),
    take: (...lost: readonly string[]) => taken(lost),
    vanish: (...lost: readonly string[]) => vanished(lost),
    retry: () => retry(),
    /** Called by check() and checkSync(). */
    checked: () => {},
    /** Whether the disk takes the values of closeSync(). */
    takesLast: true,
  };
  const spool: Spool = {
    id: 'fake',
    heartbeats: async () => new Map(),
    append(values) {
      if (values.length > 0) appends.push([...values]);
      return fake.answer(values);
    },
    appendSync: () => true,
    acknowledge: (over) => void acknowledged.push(...over),
    onRecovered(listener) {
      recovered = listener;
    },
    onExpired(listener) {
      expired = listener;
    },
    onTaken(listener) {
      taken = listener;
    },
    onVanished(listener) {
      vanished = listener;
    },
    onRetry(listener) {
      retry = listener;
    },
    async verify() {
      fake.verified++;
    },
    async check() {
      fake.checked();
    },
    checkSync() {
      fake.checked();
    },
    put() {},
    readAll: async () => [],
    stats: () => ({
      ...{ bytes: 0, pending: 0, recovered: 0, damaged: 0, expired: 0, taken: 0, vanished: 0, failure: undefined },
      ...fake.stats,
    }),
    flush: async () => {},
    close: async () => {},
    closeSync(values = []) {
      if (fake.takesLast) left.push(...values);
      return fake.takesLast;
    },
  };
  return { fake, spool };
}
