import type { Partners } from './partners.js';

/** What a storm is made of. */
export interface StormParts {
  readonly partners: Partners;
  readonly signal: AbortSignal;
  /** A customer at the checkout; resolves with the answer, whatever it is. */
  readonly buy: () => Promise<void>;
  readonly pause: (millis: number, signal: AbortSignal) => Promise<void>;
}

export const STORM = {
  calmBeforeMillis: 2_500,
  /** What the provider says, and for how long: first that it is down, after a while also why. */
  acts: [
    { millis: 11_000, reason: 'no healthy upstream' },
    { millis: 14_000, reason: 'the ledger database is read-only' },
  ],
  customersASecond: 300,
  /** A slow computer has slower customers, and not ever more of them. */
  mostAtOnce: 150,
} as const;

const TICK_MILLIS = 50;

/** The payment provider goes down on a busy day: every checkout of every customer fails, for the same reason. */
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

/** Customers come, until it is ended; then the last of them are waited for. */
function startRush({ buy }: StormParts): { end(): Promise<void> } {
  const buying = new Set<Promise<void>>();
  const timer = setInterval(() => {
    for (let come = (STORM.customersASecond * TICK_MILLIS) / 1_000; come > 0; come--) {
      if (buying.size >= STORM.mostAtOnce) return;
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
