import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The companies that the shop depends on. Both have a bad day. */
export interface Partners {
  readonly url: string;
  close(): void;
}

/** The carrier takes every request for a quote and never answers; the supplier of stock figures is overloaded. */
export async function startPartners(): Promise<Partners> {
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/stock/')) response.writeHead(503).end('overloaded');
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
