import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The companies that the shop depends on. All of them have problems. */
export interface Partners {
  readonly url: string;
  /** The payment provider declines all payments with this reason; `undefined`: it works again. */
  breakPayments(reason: string | undefined): void;
  close(): void;
}

/** The provider's test cards: the number decides the outcome. */
const DECLINED: Readonly<Record<string, string>> = {
  '4000000000009995': 'insufficient funds',
  '4000000000000069': 'card expired',
};
const PAYMENT_MILLIS = 20;

/** The carrier accepts every request for a quote and never answers. The supplier of stock figures is overloaded. */
export async function startPartners(): Promise<Partners> {
  let outageReason: string | undefined;
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/stock/')) response.writeHead(503).end('overloaded');
    if (request.url === '/charges') void charge(request, response, outageReason);
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/`,
    breakPayments(reason) {
      outageReason = reason;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function charge(
  request: IncomingMessage,
  response: ServerResponse,
  outageReason: string | undefined,
): Promise<void> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  const { card = '' } = JSON.parse(body) as { card?: string };
  const declined = DECLINED[card];
  if (outageReason !== undefined) response.writeHead(503).end(outageReason);
  else setTimeout(() => response.writeHead(declined ? 402 : 200).end(declined ?? 'charged'), PAYMENT_MILLIS);
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
