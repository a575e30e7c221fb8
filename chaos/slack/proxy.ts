import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A request on its way to Slack. */
export interface ProxiedRequest {
  /** The path, such as `/api/chat.update`. */
  readonly path: string;
  readonly body: string;
}

/** Slack's own answer. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** A way in which the network or Slack fails. */
export interface BrokenAnswer {
  /** The requests that it applies to. Default: all. */
  readonly appliesTo?: (request: ProxiedRequest) => boolean;
  /** Slack gets the request first, and `answer` is Slack's own answer. */
  readonly isForwarded: boolean;
  /** Answers the request, or breaks its connection, or does nothing: then the request hangs. */
  readonly give: (response: ServerResponse, request: ProxiedRequest, answer: Answer | undefined) => void;
}

/** A proxy in front of a local Slack. */
export interface SlackProxy {
  /** Its origin, by a name that needs a lookup: `http://localhost:PORT`. */
  readonly origin: string;
  /** The first of them that applies to a request decides about it. */
  readonly broken: Set<BrokenAnswer>;
  /** Refuses connections until the returned function is called. */
  refuse(): () => Promise<void>;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Starts a proxy. `onForwarded` gets each request that Slack has answered. */
export async function startProxy(
  target: string,
  onForwarded: (request: ProxiedRequest, answer: Answer) => void,
): Promise<SlackProxy> {
  const broken = new Set<BrokenAnswer>();
  const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, response) => {
    response.on('error', () => {});
    handle(incoming, response).catch(() => response.destroy());
  });
  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const proxied = { path: incoming.url ?? '', body: await textOf(incoming) };
    const fault = [...broken].find(({ appliesTo }) => appliesTo?.(proxied) ?? true);
    if (fault !== undefined && !fault.isForwarded) return fault.give(response, proxied, undefined);
    const answer = await forward(target, incoming, proxied);
    onForwarded(proxied, answer);
    if (fault) fault.give(response, proxied, answer);
    else give(response, answer);
  };
  const port = await listen(server, 0);
  let isClosed = false;
  return {
    origin: `http://localhost:${port}`,
    broken,
    refuse() {
      close(server);
      return async () => {
        while (!isClosed && !server.listening) await listen(server, port).catch(() => sleep(50));
      };
    },
    async close() {
      isClosed = true;
      close(server);
    },
  };
}

/** Sends an answer. */
export function give(response: ServerResponse, { status, contentType, body }: Answer, headers = {}): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body), ...headers });
  response.end(body);
}

function close(server: ReturnType<typeof createServer>): void {
  server.close();
  server.closeAllConnections();
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function forward(target: string, { method, headers }: IncomingMessage, { path, body }: ProxiedRequest) {
  const { host: _, ...passed } = headers;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(new URL(path, target), { method, headers: passed }, resolve).on('error', reject).end(body);
  });
  const { statusCode = 0, headers: answered } = response;
  return { status: statusCode, contentType: answered['content-type'] ?? '', body: await textOf(response) };
}

async function textOf(stream: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += chunk;
  return text;
}
