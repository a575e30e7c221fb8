import type { ServerResponse } from 'node:http';
import { apiError, type Reply, rateLimited, textReply, webhookError } from '../http/index.js';
import type { DripFault, Fault, GarbageFault, SlowFault } from '../model/index.js';

/** The effect of a fault on a request: another answer, or an interrupted connection. */
export type FaultyAnswer =
  | { readonly reply: Reply }
  | {
      /** The status that is sent; absent when nothing is sent. */
      readonly status?: number;
      readonly interrupt: (response: ServerResponse) => void;
    };

/** The API that the request used. Webhooks and the Web API answer the same error differently. */
interface Caller {
  readonly via: 'webhook' | 'api';
  /** The headers that every answer to this request has. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Returns the effect of a fault. @param normalReply the reply to the request, when the request was carried out */
export function answerFault(fault: Fault, caller: Caller, normalReply: Reply = textReply(200, 'ok')): FaultyAnswer {
  const { via } = caller;
  switch (fault.kind) {
    case 'rate_limited':
      return { reply: withHeaders(caller, rateLimited(via, fault.retryAfter === undefined ? 1 : fault.retryAfter)) };
    case 'status':
      return { reply: { ...textReply(fault.status, fault.body ?? ''), error: `http_${fault.status}` } };
    case 'error':
      return { reply: withHeaders(caller, via === 'webhook' ? webhookError(fault.error) : apiError(fault.error)) };
    case 'redirect':
      return { reply: { ...textReply(fault.status ?? 302, ''), headers: { location: fault.location } } };
    case 'garbage':
      return { reply: garbage(fault, normalReply) };
    case 'hang_before_headers':
      return { interrupt: () => {} };
    case 'reset':
    case 'reset_after_accept':
      return { interrupt: (response) => response.socket?.resetAndDestroy() };
    case 'hang_in_body':
      return { status: normalReply.status, interrupt: (response) => hangInBody(response, normalReply) };
    case 'drip':
      return { status: normalReply.status, interrupt: (response) => drip(response, normalReply, fault) };
    case 'slow':
      return { status: normalReply.status, interrupt: (response) => answerLate(response, normalReply, fault) };
    case 'truncate':
      return { status: normalReply.status, interrupt: (response) => truncate(response, normalReply) };
  }
}

function withHeaders({ headers }: Caller, reply: Reply): Reply {
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

function garbage({ body = '{"ok":tru' }: GarbageFault, normalReply: Reply): Reply {
  return { ...normalReply, status: 200, contentType: 'application/json', body };
}

function writeHead(response: ServerResponse, { status, contentType, headers, body }: Reply): void {
  const length = Buffer.byteLength(body);
  response.writeHead(status, { 'content-type': contentType, 'content-length': length, ...headers });
}

function hangInBody(response: ServerResponse, normalReply: Reply): void {
  writeHead(response, normalReply);
  response.write(normalReply.body.slice(0, 1));
}

function drip(response: ServerResponse, normalReply: Reply, { intervalMillis = 1_000 }: DripFault): void {
  writeHead(response, normalReply);
  const bytes = Buffer.from(normalReply.body);
  let sent = 0;
  const timer = setInterval(() => {
    response.write(bytes.subarray(sent, sent + 1));
    sent += 1;
    if (sent < bytes.length) return;
    clearInterval(timer);
    response.end();
  }, intervalMillis);
  response.once('close', () => clearInterval(timer));
}

function answerLate(response: ServerResponse, normalReply: Reply, { delayMillis = 3_000 }: SlowFault): void {
  const timer = setTimeout(() => {
    writeHead(response, normalReply);
    response.end(normalReply.body);
  }, delayMillis);
  response.once('close', () => clearTimeout(timer));
}

function truncate(response: ServerResponse, normalReply: Reply): void {
  writeHead(response, normalReply);
  // Ends after the bytes are sent. Otherwise the client sees a reset instead of a short body.
  response.write(normalReply.body.slice(0, 1), () => response.socket?.end());
}
