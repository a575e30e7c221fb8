import type { Logger } from '@opentelemetry/api-logs';
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from '../src/index.js';

/** What one record costs the code that logs it: everything that `logger.emit()` does before it returns. */

/** Records in a burst: they fit into the queue, so neither side drops. */
const BURST = 500;
const ERROR = 17;
const INFO = 9;

/** One provider under measurement. */
export interface Arm {
  readonly name: string;
  /** Emits a burst; gives nanoseconds a record. */
  readonly burst: () => number;
  /** Empties the queue, outside the measurement. */
  readonly drain: () => Promise<void>;
  readonly shutdown: () => Promise<void>;
}

const exception = new RangeError('amount is out of range');

function arm(name: string, processors: LogRecordProcessor[], severityNumber: number): Arm {
  const provider = new LoggerProvider({ processors });
  const logger = provider.getLogger('bench');
  return {
    name,
    burst: () => emitBurst(logger, severityNumber),
    drain: () => provider.forceFlush(),
    shutdown: () => provider.shutdown(),
  };
}

function emitBurst(logger: Logger, severityNumber: number): number {
  const attributes = { 'http.request.method': 'POST', 'http.route': '/orders/:id', 'user.id': 'u_17' };
  const from = process.hrtime.bigint();
  for (let at = 0; at < BURST; at++) {
    logger.emit({ severityNumber, severityText: 'error', body: 'charge failed', exception, attributes });
  }
  return Number(process.hrtime.bigint() - from) / BURST;
}

/** The SDK's own exporter contract, and nothing behind it. */
const noopExporter = {
  export: (_logs: unknown, done: (result: { code: 0 }) => void): void => done({ code: 0 }),
  forceFlush: (): Promise<void> => Promise.resolve(),
  shutdown: (): Promise<void> => Promise.resolve(),
};

const idleProcessor: LogRecordProcessor = {
  onEmit: () => {},
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

/** Always wants everything, so that our `enabled()` cannot hide what a filtered record costs. */
const wantingProcessor: LogRecordProcessor = { ...idleProcessor, enabled: () => true };

function ours(webhookUrl: string): LogRecordProcessor {
  // A flush here is only to empty the queue: waiting for Slack's one message a second would measure Slack.
  return createSlackLogRecordProcessor({ webhookUrl, flushTimeoutMillis: 5 });
}

/** A pair of arms: ours, and what it is compared with. */
export interface Comparison {
  readonly name: string;
  readonly floor: Arm;
  readonly ours: Arm;
  /** What the ratio of the two must not exceed. */
  readonly target: number;
}

/** The comparisons, against a Slack at that URL. */
export function comparisons(webhookUrl: string): readonly Comparison[] {
  return [
    {
      name: 'accepted record (ERROR with a stack)',
      floor: arm('no-op exporter', [new BatchLogRecordProcessor({ exporter: noopExporter })], ERROR),
      ours: arm('ours', [ours(webhookUrl)], ERROR),
      target: 1.1,
    },
    {
      name: 'filtered record (INFO)',
      floor: arm('idle processor', [wantingProcessor, idleProcessor], INFO),
      ours: arm('ours', [wantingProcessor, ours(webhookUrl)], INFO),
      target: 1.1,
    },
  ];
}
