import { fingerprint } from '../../src/classify/fingerprint.js';
import { resolveOptions } from '../../src/config/resolve.js';
import type { Mention } from '../../src/config/settings.js';
import { Place } from '../../src/deliver/endpoint.js';
import { createPace, createPaceBook } from '../../src/deliver/rate-limiter.js';
import { startSender } from '../../src/deliver/send-loop.js';
import type { Sender } from '../../src/deliver/sender.js';
import { POLICY } from '../../src/groups/lifecycle.js';
import { createOutbox, type Outbox } from '../../src/groups/outbox.js';
import { Mentions } from '../../src/plan/mention-limiter.js';
import type { ReadableLogRecord } from '../../src/record/otel.js';
import { readRecord } from '../../src/record/read-record.js';
import { createCompose } from '../../src/render/compose.js';
import type { Destination, Outcome, SlackRequest } from '../../src/slack/types.js';
import { createDiagnostics } from '../../src/telemetry/diagnostics.js';
import { type Counts, createLedger } from '../../src/telemetry/ledger.js';
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

/** A sender with everything it is made of, on a clock that a test moves. */
export interface TestLine {
  readonly clock: ManualClock;
  readonly sender: Sender;
  readonly outbox: Outbox;
  readonly channel: SimulatedChannel;
  readonly second: SimulatedChannel;
  /** Records with these bodies; one that begins with `fatal` is FATAL. */
  accept(...bodies: readonly string[]): void;
  acceptRecord(overrides: Partial<ReadableLogRecord>, count?: number): void;
  counts(): Counts;
}

/** Options of {@link testLine}. */
export interface TestLineOptions {
  readonly destination?: Destination;
  /** Instead of the simulated channel. */
  readonly ask?: (request: SlackRequest, atMillis: number) => Promise<Outcome>;
  readonly scopes?: readonly string[];
  readonly mention?: Mention;
  readonly quietHoursMillis?: (nowMillis: number) => number;
  readonly hasFallback?: boolean;
  readonly maxGroups?: number;
}

/** Starts a {@link TestLine}. */
export function testLine(options: TestLineOptions = {}): TestLine {
  const { destination = WEBHOOK, scopes, mention, quietHoursMillis = () => 0, hasFallback = false } = options;
  const clock = manualClock();
  const channel = simulatedChannel(clock, scopes);
  const second = simulatedChannel(clock, scopes);
  const { settings } = resolveOptions({ webhookUrl: 'https://hooks.slack.com/services/T0/B0/x' }, {});
  const diagnostics = createDiagnostics(clock);
  const canUpdate = destination.kind === 'channel';
  const book = createPaceBook();
  const common = { clock, random: () => 0.5, diagnostics };
  const ask = options.ask ?? channel.ask;
  const place = new Place({
    label: 'C0ALERTS',
    canUpdate,
    destination,
    pace: createPace(destination, book, clock),
    ask: (request) => ask(request, clock.monotonic()),
    ...common,
  });
  const fallback = new Place({
    label: 'C0SPARE',
    canUpdate: true,
    destination: CHANNEL,
    pace: createPace({ ...CHANNEL, channel: 'C0SPARE' } as Destination, book, clock),
    ask: second.ask,
    ...common,
  });
  let ids = 0;
  const newId = (): string => (ids++).toString(16).padStart(8, '0');
  const outbox = createOutbox({
    clock,
    policy: POLICY,
    maxGroups: options.maxGroups ?? 1_000,
    hasThreads: canUpdate,
    newId,
    redactor: REDACTOR,
  });
  const ledger = createLedger();
  const sender = startSender({
    label: 'C0ALERTS',
    policy: POLICY,
    place,
    fallback: hasFallback ? fallback : undefined,
    compose: createCompose(settings, diagnostics),
    mentions: new Mentions(mention),
    quietHoursMillis: () => quietHoursMillis(clock.monotonic()),
    outbox,
    ledger,
    clock,
    diagnostics,
  });
  const acceptRecord: TestLine['acceptRecord'] = (overrides, count = 1) => {
    const nowSeconds = clock.now() / 1_000;
    const view = readRecord(
      record({ hrTime: [Math.floor(nowSeconds), (clock.now() % 1_000) * 1_000_000], ...overrides }),
    );
    sender.accept(view, fingerprint(view), count);
  };
  return {
    clock,
    sender,
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
    counts: () => ledger.counts(outbox.pending()),
  };
}
