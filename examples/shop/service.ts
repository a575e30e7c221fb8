import type { AddressInfo } from 'node:net';
import { BadRequest } from './errors.js';
import { createShopServer, type Routes } from './http.js';
import { sdk, slack } from './instrumentation.js';
import { logged, logger } from './logger.js';
import { findOrder, placeOrder } from './orders.js';
import { importPrices } from './prices.js';
import { sendToDemo } from './report.js';
import { quote } from './shipping.js';
import { startSync, stopSync } from './stock-sync.js';

const routes: Routes = {
  'POST /orders': async ({ body }) => [201, await placeOrder(parseJson(body))],
  'GET /orders/:id': ({ parameters }) => [200, findOrder(parameters.id ?? '')],
  'GET /orders/:id/shipping': async ({ parameters }) => [200, await quote(findOrder(parameters.id ?? ''))],
  'PUT /prices': ({ body }) => (importPrices(body) ? [204, {}] : [422, { error: 'PriceListUnreadable' }]),
  'POST /stock-sync/:articles': ({ parameters }) => {
    startSync(Number(parameters.articles));
    return [202, {}];
  },
};

function parseJson(body: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(body) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new BadRequest('the body is not valid JSON', {}, { cause });
  }
}

const server = createShopServer(routes);
server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  logger.info({ port }, 'the shop is open');
  void sendToDemo({ kind: 'listening', port });
});

/** Stops everything that logs first, then the SDK, which delivers the pending records. */
async function stop(): Promise<void> {
  await Promise.all([stopSync(), new Promise((closed) => server.close(closed))]);
  logger.info('the shop is closed');
  await sdk.shutdown();
  await sendToDemo({ kind: 'report', logged, stats: slack.stats() });
  process.exit();
}

process.once('SIGTERM', stop);
// Ctrl-C reaches every process of the terminal. As a child of the demo, the service waits for the demo's order instead.
if (process.send) process.on('SIGINT', () => {});
else process.once('SIGINT', stop);
// The demo has ended, so nobody else will stop this process.
process.once('disconnect', () => process.exit(1));
