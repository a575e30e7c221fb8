import type { ServerResponse } from 'node:http';
import type { Place } from '../slack/place.js';
import { type BrokenAnswer, give, type ProxiedRequest } from '../slack/proxy.js';
import { type Fault, type FaultKind, selected, type Target } from './fault.js';

/** Faults of Slack and of the network in front of it, which affect every request to a place. */

const HTML = '<!doctype html><title>Sign in</title><p>Please sign in to use this network.';

/** Errors of Slack's, of each class and of none. */
const ERRORS: readonly string[] = [
  ...['service_unavailable', 'request_timeout', 'internal_error', 'fatal_error'],
  ...['token_revoked', 'invalid_auth', 'is_archived', 'channel_not_found', 'no_service', 'missing_scope'],
  ...['invalid_blocks', 'msg_too_long', 'invalid_attachments', 'message_not_found', 'edit_window_closed'],
  ...['block_mismatch', 'invalid_arguments', 'an_error_of_next_year'],
];

/** Gives each request of a place a broken answer. */
export function answering({ proxy }: Place, broken: BrokenAnswer): Fault {
  return { start: () => void proxy.broken.add(broken), stop: () => void proxy.broken.delete(broken) };
}

function kind(broken: (target: Target) => BrokenAnswer): FaultKind {
  return { disturbs: 'place', create: (target) => answering(target.place, broken(target)) };
}

function status(code: number, body = '', headers = {}): BrokenAnswer {
  return { isForwarded: false, give: (response) => text(response, code, body, headers) };
}

/** Answers with a plain text. */
export function text(response: ServerResponse, code: number, body: string, headers = {}): void {
  give(response, { status: code, contentType: body.startsWith('<') ? 'text/html' : 'text/plain', body }, headers);
}

/** Answers with an error of Slack's. A webhook says it in plain text. */
export function slackError(response: ServerResponse, { path }: ProxiedRequest, error: string): void {
  if (path.startsWith('/services/')) text(response, 400, error);
  else give(response, { status: 200, contentType: 'application/json', body: JSON.stringify({ ok: false, error }) });
}

function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

/** Sends the headers and the first byte, and then one byte at a time. */
function drip(response: ServerResponse, body: string, everyMillis: number): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  let sent = 0;
  const timer = setInterval(() => {
    response.write(body.slice(sent, ++sent));
    if (sent >= body.length) response.end();
  }, everyMillis);
  response.once('close', () => clearInterval(timer));
}

export const SLACK_FAULTS: Readonly<Record<string, FaultKind>> = {
  refuse: { disturbs: 'place', create: ({ place }) => refusing(place) },
  'hang before the headers': kind(() => ({ isForwarded: false, give: () => {} })),
  'hang after Slack accepted': kind(() => ({ isForwarded: true, give: () => {} })),
  'hang in the body': kind(() => ({ isForwarded: true, give: (response) => hangInBody(response) })),
  'slow bytes': kind(({ variant }) => ({
    isForwarded: true,
    give: (response, _, answer) => drip(response, answer?.body ?? '', variant),
  })),
  'reset before Slack accepted': kind(() => ({ isForwarded: false, give: reset })),
  'reset after Slack accepted': kind(() => ({ isForwarded: true, give: reset })),
  'short body': kind(() => ({ isForwarded: true, give: (response) => shortBody(response) })),
  '429 with a time': kind(({ variant }) => status(429, '', { 'retry-after': String(1 + (variant % 20)) })),
  '429 without a time': kind(() => status(429)),
  '429 with garbage': kind(() => status(429, '', { 'retry-after': 'soon' })),
  '500, 502 or 503': kind(({ variant }) => status(selected([500, 502, 503], variant), selected(['', HTML], variant))),
  'a status of a proxy': kind(({ variant }) => status(selected([403, 404, 406, 407, 413, 418], variant), HTML)),
  redirect: kind(() => status(302, '', { location: 'http://localhost:9/' })),
  'broken JSON': kind(() => status(200, '{"ok":tru')),
  'HTML with 200': kind(() => status(200, HTML)),
  'an error of Slack': kind(({ variant }) => ({
    isForwarded: false,
    give: (response, request) => slackError(response, request, selected(ERRORS, variant)),
  })),
  'every second request fails': kind(() => everySecond()),
};

function refusing({ proxy }: Place): Fault {
  let accept = async (): Promise<void> => {};
  return {
    start() {
      accept = proxy.refuse();
    },
    stop: () => accept(),
  };
}

function hangInBody(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
  response.write('{');
}

function shortBody(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
  response.write('{', () => response.socket?.end());
}

function everySecond(): BrokenAnswer {
  let requests = 0;
  return { ...status(500), appliesTo: () => requests++ % 2 === 0 };
}
