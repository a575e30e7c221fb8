// An AWS Lambda function. Lambda freezes the process between two invocations, including timers and sockets. So the
// handler delivers its records before it returns.
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';

// Created once for all invocations. A flush takes at most three seconds of billed time, instead of the default of ten.
const slack = createSlackLogRecordProcessor({ flushTimeoutMillis: 3_000 });
const provider = new LoggerProvider({ processors: [slack] });
const logger = provider.getLogger('orders');

export async function handler(event, context) {
  try {
    return await order(event);
  } catch (exception) {
    const attributes = { 'faas.invocation_id': context.awsRequestId };
    logger.emit({ severityNumber: 17, body: 'order failed', exception, attributes });
    throw exception; // so that Lambda marks the invocation as failed, and retries it
  } finally {
    // Returns at once if there is nothing to deliver. Never rejects.
    await provider.forceFlush();
  }
}

async function order({ quantity }) {
  if (!(quantity > 0)) throw new RangeError('the quantity is not positive');
  return { ordered: quantity };
}
