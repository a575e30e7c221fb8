import type { ServerResponse } from 'node:http';
import { apiError, type Reply, rateLimited, textReply, webhookError } from '../http/index.js';
import type { DripFault, Fault, GarbageFault, SlowFault } from '../model/index.js';

/** What a fault makes of a request: another answer, or something done to the connection. */
export type FaultyAnswer =
  | { readonly reply: Reply }
  | {
      /** Status that goes out, if any does. */
      readonly status?: number;
      readonly disturb: (response: ServerResponse) => void;
    };

/** Who asked: webhooks and the Web API have different words. */
interface Asker {
  readonly via: 'webhook' | 'api';
  /** Of every refusal of Slack's. */
  readonly headers: Readonly<Record<string, string>>;
}

/** @param honest the true answer, when the request was carried out before */
export function answerFault(fault: Fault, asker: Asker, honest: Reply = textReply(200, 'ok')): FaultyAnswer {
  const { via } = asker;
  switch (fault.kind) {
    case 'rate_limited':
      return { reply: refused(asker, rateLimited(via, fault.retryAfter === undefined ? 1 : fault.retryAfter)) };
    case 'status':
      return { reply: { ...textReply(fault.status, fault.body ?? ''), error: `http_${fault.status}` } };
    case 'error':
      return { reply: refused(asker, via === 'webhook' ? webhookError(fault.error) : apiError(fault.error)) };
    case 'redirect':
      return { reply: { ...textReply(fault.status ?? 302, ''), headers: { location: fault.location } } };
    case 'garbage':
      return { reply: garbage(fault, honest) };
    case 'hang_before_headers':
      return { disturb: () => {} };
    case 'reset':
    case 'reset_after_accept':
      return { disturb: (response) => response.socket?.resetAndDestroy() };
    case 'hang_in_body':
      return { status: honest.status, disturb: (response) => hangInBody(response, honest) };
    case 'drip':
      return { status: honest.status, disturb: (response) => drip(response, honest, fault) };
    case 'slow':
      return { status: honest.status, disturb: (response) => answerLate(response, honest, fault) };
    case 'truncate':
      return { status: honest.status, disturb: (response) => truncate(response, honest) };
  }
}

function refused({ headers }: Asker, reply: Reply): Reply {
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

function garbage({ body = '{"ok":tru' }: GarbageFault, honest: Reply): Reply {
  return { ...honest, status: 200, contentType: 'application/json', body };
}

function writeHead(response: ServerResponse, { status, contentType, headers, body }: Reply): void {
  const length = Buffer.byteLength(body);
  response.writeHead(status, { 'content-type': contentType, 'content-length': length, ...headers });
}

function hangInBody(response: ServerResponse, honest: Reply): void {
  writeHead(response, honest);
  response.write(honest.body.slice(0, 1));
}

function drip(response: ServerResponse, honest: Reply, { intervalMillis = 1_000 }: DripFault): void {
  writeHead(response, honest);
  const bytes = Buffer.from(honest.body);
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

function answerLate(response: ServerResponse, honest: Reply, { delayMillis = 3_000 }: SlowFault): void {
  const timer = setTimeout(() => {
    writeHead(response, honest);
    response.end(honest.body);
  }, delayMillis);
  response.once('close', () => clearTimeout(timer));
}

function truncate(response: ServerResponse, honest: Reply): void {
  writeHead(response, honest);
  // The bytes must be out before the end, or the poster sees a reset and not a short body.
  response.write(honest.body.slice(0, 1), () => response.socket?.end());
}
