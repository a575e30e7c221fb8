import type { Logger } from '@opentelemetry/api-logs';
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from '../src/index.js';

/** Measures the cost of one record for its caller: the time of `logger.emit()`. */

/** The records of a burst. They fit into the queue, so that no record is dropped. */
const BURST = 500;
const ERROR = 17;
const INFO = 9;

/** One provider under measurement. */
export interface Arm {
  readonly name: string;
  /** Emits a burst. Returns nanoseconds per record. */
  readonly burst: () => number;
  /** Empties the queue. Not measured. */
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

/** An exporter that does nothing. */
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

/** Enables every record, so that our `enabled()` cannot hide the cost of a filtered record. */
const enablingProcessor: LogRecordProcessor = { ...idleProcessor, enabled: () => true };

function ours(webhookUrl: string): LogRecordProcessor {
  // The flush only has to empty the queue. A longer one would wait for Slack's limit of one message a second.
  return createSlackLogRecordProcessor({ webhookUrl, flushTimeoutMillis: 5 });
}

/** Two arms to compare: ours and the floor. */
export interface Comparison {
  readonly name: string;
  readonly floor: Arm;
  readonly ours: Arm;
  /** The maximum of the ratio ours / floor. */
  readonly target: number;
}

/** Returns the comparisons. Ours posts to this webhook. */
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
      floor: arm('idle processor', [enablingProcessor, idleProcessor], INFO),
      ours: arm('ours', [enablingProcessor, ours(webhookUrl)], INFO),
      target: 1.1,
    },
  ];
}
