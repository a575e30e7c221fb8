import { fingerprint } from '../../src/classify/fingerprint.js';
import { resolveOptions } from '../../src/config/resolve.js';
import type { Mention } from '../../src/config/settings.js';
import { Endpoint } from '../../src/deliver/endpoint.js';
import { createRateLimiter, createRateLimits, type RateLimits } from '../../src/deliver/rate-limiter.js';
import { SendLoop } from '../../src/deliver/send-loop.js';
import { Outbox } from '../../src/groups/outbox.js';
import { POLICY } from '../../src/groups/policy.js';
import { MentionLimiter } from '../../src/plan/mention-limiter.js';
import type { ReadableLogRecord } from '../../src/record/otel.js';
import { readRecord } from '../../src/record/read-record.js';
import { createCompose } from '../../src/render/compose.js';
import type { Destination, Outcome, SlackRequest } from '../../src/slack/types.js';
import { createDiagnostics } from '../../src/telemetry/diagnostics.js';
import { type Counts, Ledger } from '../../src/telemetry/ledger.js';
import { type SimulatedChannel, simulatedChannel } from './channel.js';
import { type ManualClock, manualClock } from './clock.js';
import { ERROR, FATAL, record } from './records.js';
import { REDACTOR } from './redactor.js';

export const WEBHOOK: Destination = { kind: 'webhook', url: 'https://hooks.slack.com/services/T0/B0/x' };
export const CHANNEL: Destination = {
  kind: 'channel',
  token: 'xoxb-1',
  channel: 'C0ALERTS',
  apiUrl: 'https://slack.com/api/',
};

/** A send loop with all its parts, on a clock that the test advances. */
export interface TestDestination {
  readonly clock: ManualClock;
  readonly loop: SendLoop;
  readonly outbox: Outbox;
  readonly channel: SimulatedChannel;
  readonly second: SimulatedChannel;
  /** Accepts records with these bodies. A body that begins with `fatal` makes a FATAL record. */
  accept(...bodies: readonly string[]): void;
  acceptRecord(overrides: Partial<ReadableLogRecord>, count?: number): void;
  counts(): Counts;
}

/** Options of {@link testDestination}. */
export interface TestDestinationOptions {
  readonly destination?: Destination;
  /** Replaces the simulated channel. */
  readonly ask?: (request: SlackRequest, atMillis: number) => Promise<Outcome>;
  readonly scopes?: readonly string[];
  readonly mention?: Mention;
  readonly quietHoursMillis?: (nowMillis: number) => number;
  readonly hasFallback?: boolean;
  readonly maxGroups?: number;
  /** Default: rate limits of its own. */
  readonly rateLimits?: RateLimits;
}

/** Starts a {@link TestDestination}. */
export function testDestination(options: TestDestinationOptions = {}): TestDestination {
  const { destination = WEBHOOK, scopes, mention, quietHoursMillis = () => 0, hasFallback = false } = options;
  const clock = manualClock();
  const channel = simulatedChannel(clock, scopes);
  const second = simulatedChannel(clock, scopes);
  const { settings } = resolveOptions({ webhookUrl: 'https://hooks.slack.com/services/T0/B0/x' }, {});
  const diagnostics = createDiagnostics(clock);
  const canUpdate = destination.kind === 'channel';
  const book = options.rateLimits ?? createRateLimits();
  const common = { clock, random: () => 0.5, diagnostics };
  const ask = options.ask ?? channel.ask;
  const endpoint = new Endpoint({
    label: 'C0ALERTS',
    canUpdate,
    destination,
    rateLimiter: createRateLimiter(destination, book, clock),
    ask: (request) => ask(request, clock.monotonic()),
    ...common,
  });
  const fallback = new Endpoint({
    label: 'C0SPARE',
    canUpdate: true,
    destination: CHANNEL,
    rateLimiter: createRateLimiter({ ...CHANNEL, channel: 'C0SPARE' } as Destination, book, clock),
    ask: second.ask,
    ...common,
  });
  let ids = 0;
  const newId = (): string => (ids++).toString(16).padStart(8, '0');
  const outbox = new Outbox({
    clock,
    policy: POLICY,
    maxGroups: options.maxGroups ?? 1_000,
    hasThreads: canUpdate,
    newId,
    redactor: REDACTOR,
  });
  const ledger = new Ledger();
  const loop = new SendLoop({
    label: 'C0ALERTS',
    policy: POLICY,
    endpoint,
    fallback: hasFallback ? fallback : undefined,
    compose: createCompose(settings, diagnostics),
    mentions: new MentionLimiter(mention),
    quietHoursMillis: () => quietHoursMillis(clock.monotonic()),
    outbox,
    ledger,
    clock,
    diagnostics,
  });
  const acceptRecord: TestDestination['acceptRecord'] = (overrides, count = 1) => {
    const nowSeconds = clock.now() / 1_000;
    const view = readRecord(
      record({ hrTime: [Math.floor(nowSeconds), (clock.now() % 1_000) * 1_000_000], ...overrides }),
    );
    ledger.accept(count);
    if (loop.isStopped) return ledger.drop(count, 'shutdown');
    ledger.drop(outbox.fold(view, fingerprint(view), count), 'silenced');
    loop.wake();
  };
  return {
    clock,
    loop,
    outbox,
    channel,
    second,
    accept(...bodies) {
      for (const body of bodies) {
        const isFatal = body.startsWith('fatal');
        acceptRecord({ body, severityNumber: isFatal ? FATAL : ERROR, severityText: isFatal ? 'FATAL' : 'ERROR' });
      }
    },
    acceptRecord,
    counts: () => ledger.counts(outbox.groups.pending),
  };
}
