import type { Partners } from './partners.js';

/** The parts of a storm. */
export interface StormParts {
  readonly partners: Partners;
  readonly signal: AbortSignal;
  /** A customer at the checkout. Resolves with any answer. */
  readonly buy: () => Promise<void>;
  readonly pause: (millis: number, signal: AbortSignal) => Promise<void>;
}

export const STORM = {
  calmBeforeMillis: 2_500,
  /** The provider's answers and their durations: first only that it is down, later also the cause. */
  acts: [
    { millis: 11_000, reason: 'no healthy upstream' },
    { millis: 14_000, reason: 'the ledger database is read-only' },
  ],
  customersASecond: 300,
  /** Limits the customers at the same time, so that a slow computer is not overloaded. */
  maxAtOnce: 150,
} as const;

const TICK_MILLIS = 50;

/** The payment provider goes down on a busy day. Every checkout fails with the same error. */
export async function storm(parts: StormParts, onScene: (text: string) => void): Promise<void> {
  const { partners, signal, pause } = parts;
  const seconds = STORM.acts.reduce((sum, { millis }) => sum + millis, 0) / 1_000;
  onScene(
    `the payment provider goes down: some ${STORM.customersASecond} checkouts a second fail, for ${seconds} seconds`,
  );
  const rush = startRush(parts);
  for (const { millis, reason } of STORM.acts) {
    if (signal.aborted) break;
    partners.breakPayments(reason);
    await pause(millis, signal);
  }
  await rush.end();
  partners.breakPayments(undefined);
  if (!signal.aborted) onScene('the payment provider is back');
}

/** Sends customers until the end of the storm, and then waits for the last answers. */
function startRush({ buy }: StormParts): { end(): Promise<void> } {
  const buying = new Set<Promise<void>>();
  const timer = setInterval(() => {
    for (let remaining = (STORM.customersASecond * TICK_MILLIS) / 1_000; remaining > 0; remaining--) {
      if (buying.size >= STORM.maxAtOnce) return;
      const customer = buy().finally(() => buying.delete(customer));
      buying.add(customer);
    }
  }, TICK_MILLIS);
  return {
    async end() {
      clearInterval(timer);
      await Promise.all(buying);
    },
  };
}
