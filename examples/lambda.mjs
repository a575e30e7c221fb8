// An AWS Lambda function. Between two invocations it is frozen, timers and sockets included: what is to be delivered has
// to be delivered before the handler returns.
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';

// Once for all invocations. A flush may take three seconds of the function's time, and not the default of ten.
const slack = createSlackLogRecordProcessor({ flushTimeoutMillis: 3_000 });
const provider = new LoggerProvider({ processors: [slack] });
const logger = provider.getLogger('orders');

export async function handler(event, context) {
  try {
    return await order(event);
  } catch (exception) {
    const attributes = { 'faas.invocation_id': context.awsRequestId };
    logger.emit({ severityNumber: 17, body: 'order failed', exception, attributes });
    throw exception; // Lambda shall know of it, and try again.
  } finally {
    // Returns at once when there is nothing to deliver, and never rejects.
    await provider.forceFlush();
  }
}

async function order({ quantity }) {
  if (!(quantity > 0)) throw new RangeError('the quantity is not positive');
  return { ordered: quantity };
}
