import type { BatchObservableResult, MeterProvider } from '@opentelemetry/api';
import { componentAttributes, createMetrics, type Diagnostics, OWN_NAMESPACE } from '../telemetry/index.js';
import { guarded } from '../util/index.js';
import type { Gate } from './gate.js';

/** The gate values that the metrics show. */
export interface MeasuredGate {
  readonly gate: Pick<Gate, 'accepted' | 'dropped' | 'inFlight' | 'coalesced'>;
  readonly maxQueueSize: number;
}

/**
 * Registers the metrics of one processor, under the names of the SDK's own processor metrics. The SDK's values would be
 * wrong: its processor sees neither the records that the gate drops nor those that it coalesces.
 */
export function measureProcessor(
  provider: MeterProvider | undefined,
  diagnostics: Diagnostics,
  measured: MeasuredGate,
): void {
  createMetrics(provider, diagnostics, (given) => observe(given, measured));
}

function observe(provider: MeterProvider, { gate, maxQueueSize }: MeasuredGate): void {
  const component = componentAttributes('SlackLogRecordProcessor');
  const { capacity, processed, size } = instruments(provider);
  const read = (result: BatchObservableResult): void => {
    const { accepted, dropped, inFlight, coalesced } = gate;
    result.observe(size, inFlight.size, component);
    result.observe(capacity, maxQueueSize, component);
    let lost = 0;
    for (const [reason, records] of Object.entries(dropped)) {
      result.observe(processed, records, { ...component, 'error.type': reason });
      lost += records;
    }
    // A record is processed once the exporter has it. The exporter's own metrics show whether it is sent.
    result.observe(processed, accepted - inFlight.size - coalesced - lost, component);
  };
  const callback = (result: BatchObservableResult): void => guarded(() => read(result));
  provider.getMeter(OWN_NAMESPACE).addBatchObservableCallback(callback, [size, capacity, processed]);
}

function instruments(provider: MeterProvider) {
  const meter = provider.getMeter(OWN_NAMESPACE);
  const unit = '{log_record}';
  return {
    size: meter.createObservableUpDownCounter('otel.sdk.processor.log.queue.size', {
      unit,
      description: 'The number of log records in the queue of a given instance of an SDK log processor.',
    }),
    capacity: meter.createObservableUpDownCounter('otel.sdk.processor.log.queue.capacity', {
      unit,
      description: 'The maximum number of log records the queue of a given instance of an SDK log processor can hold.',
    }),
    processed: meter.createObservableCounter('otel.sdk.processor.log.processed', {
      unit,
      description: 'The number of log records for which the processing has finished, either successful or failed.',
    }),
  };
}
