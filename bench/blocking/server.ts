// The measured app, in its own process: a shop whose checkouts all fail. It reports the error in one of three ways.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from '../../src/index.js';
import type { Arm } from './measure.js';

const [, , arm, webhookUrl = '', timeout = ''] = process.argv;
const timeoutMillis = Number(timeout);

/** Reports the error, before the handler answers. */
type Report = (error: Error) => Promise<void> | void;

/** The usual first attempt: post, and wait for Slack. This one has a timeout. */
async function postAndWait(error: Error): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMillis);
  const body = JSON.stringify({ text: `checkout failed: ${error.message}` });
  await fetch(webhookUrl, { method: 'POST', body, signal }).catch(() => {});
}

function ours(): { readonly report: Report; readonly end: () => Promise<void> } {
  const slack = createSlackLogRecordProcessor({ webhookUrl, timeoutMillis });
  const provider = new LoggerProvider({ processors: [slack] });
  const logger = provider.getLogger('checkout');
  return {
    report: (exception) => logger.emit({ severityNumber: 17, body: 'checkout failed', exception }),
    end: () => provider.shutdown(),
  };
}

const ARMS: Record<Arm, () => { readonly report: Report; readonly end: () => Promise<void> }> = {
  nothing: () => ({ report: () => {}, end: async () => {} }),
  naive: () => ({ report: postAndWait, end: async () => {} }),
  ours,
};

const { report, end } = ARMS[arm as Arm]();

async function checkOut(response: ServerResponse): Promise<void> {
  const error = new Error('the card was refused');
  await report(error);
  response.writeHead(502).end('try again later\n');
}

const server = createServer((_request, response) => void checkOut(response));
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));

process.once('SIGTERM', async () => {
  await end();
  process.exit();
});
