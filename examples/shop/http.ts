import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { trace } from '@opentelemetry/api';
import { BadRequest, ShopError } from './errors.js';
import { logger } from './logger.js';

/** The input of a route: the parts of the path after a colon, and the body. */
export interface Request {
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The answer of a route: status and JSON. */
type Answer = readonly [status: number, body: unknown];

/** Routes by method and path, such as `GET /orders/:id`. */
export type Routes = Readonly<Record<string, (request: Request) => Answer | Promise<Answer>>>;

const tracer = trace.getTracer('shop');

/** A small HTTP server: every request is traced and logged, every error becomes a status and a record. */
export function createShopServer(routes: Routes): Server {
  return createServer((request, response) => {
    tracer.startActiveSpan(`${request.method}`, async (span) => {
      await respond(routes, request, response);
      span.end();
    });
  });
}

async function respond(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://shop');
  const found = findRoute(routes, `${request.method} ${pathname}`);
  const requestAttributes = { 'http.request.method': request.method, 'http.route': found?.route, 'url.path': pathname };
  try {
    const answer = found ? await found.run({ ...found, body: await readBody(request) }) : ([404, {}] as const);
    logger.info({ ...requestAttributes, 'http.response.status_code': answer[0] }, 'request');
    send(response, answer);
  } catch (error) {
    send(response, fail(error, requestAttributes));
  }
}

function fail(error: unknown, requestAttributes: Readonly<Record<string, unknown>>): Answer {
  const known = error instanceof ShopError ? error : undefined;
  const status = known?.status ?? 500;
  const record = { err: error, ...requestAttributes, 'http.response.status_code': status, ...known?.attributes };
  if (error instanceof BadRequest) logger.warn(record, 'bad request');
  else logger.error(record, 'request failed');
  return [status, { error: known?.name ?? 'InternalError' }];
}

function findRoute(routes: Routes, requestLine: string) {
  for (const [name, run] of Object.entries(routes)) {
    const pattern = new RegExp(`^${name.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
    const match = pattern.exec(requestLine);
    if (match) return { route: name.slice(name.indexOf('/')), parameters: { ...match.groups }, run };
  }
  return undefined;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, [status, body]: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
