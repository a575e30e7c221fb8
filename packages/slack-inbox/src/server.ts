import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ApiCall, answerApi, answerWebhook, messageAsked, scopeHeaders } from './api/index.js';
import { accepts, answerFault, type FaultyAnswer } from './faults/index.js';
import {
  apiError,
  contentTypeOf,
  isLoopback,
  isNotFromElsewhere,
  parseForm,
  parseJsonBody,
  parseWebhookBody,
  type Reply,
  readBody,
  textReply,
} from './http/index.js';
import { type Fault, isObject, type JsonObject, stringOf } from './model/index.js';
import type { PageParts } from './page/parts.js';
import { answerPage } from './page/routes.js';
import type { OpenRequest, RequestLog } from './state/index.js';

/** What the server needs beside what the page does. */
export interface ServerParts extends PageParts {
  readonly log: RequestLog;
}

/** A request to Slack whose body was read. */
interface SlackRequest {
  readonly via: 'webhook' | 'api';
  /** As the log calls it. */
  readonly method: string;
  readonly url: URL;
  readonly http: IncomingMessage;
  readonly body: string;
}

/** The handler of all requests. It never rejects. */
export async function handle(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!isLoopback(request.headers.host)) return send(response, textReply(403, 'host_not_allowed'));
  const url = urlOf(request, parts.state.url);
  const route = slackRoute(url);
  if (route) return slackRequest(parts, { ...route, url }, request, response);
  if (request.method === 'GET' && url.pathname === '/page/events') return listen(parts, request, response);
  try {
    send(response, await answerPage(parts, request, url));
  } catch {
    // The page went away.
    response.destroy();
  }
}

function listen({ events }: ServerParts, request: IncomingMessage, response: ServerResponse): void {
  if (!isNotFromElsewhere(request)) send(response, textReply(403, 'origin_not_allowed'));
  else events.add(response, String(request.headers['last-event-id'] ?? ''));
}

/** `//` and the like are no path of ours: they are as good as a path that does not exist. */
function urlOf({ url = '' }: IncomingMessage, base: string): URL {
  return URL.canParse(url, base) ? new URL(url, base) : new URL('/invalid', base);
}

function slackRoute({ pathname }: URL): Pick<SlackRequest, 'via' | 'method'> | undefined {
  if (pathname.startsWith('/services/')) return { via: 'webhook', method: 'webhook' };
  if (pathname.startsWith('/api/')) return { via: 'api', method: pathname.slice('/api/'.length) };
  return undefined;
}

async function slackRequest(
  parts: ServerParts,
  route: Pick<SlackRequest, 'via' | 'method' | 'url'>,
  http: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const entry = parts.log.open(route.method);
  try {
    const body = await readBody(http);
    const tooLarge = { ...textReply(413, 'request_too_large'), error: 'request_too_large' };
    if (body === undefined) return settle(parts, entry, response, { reply: tooLarge });
    settle(parts, entry, response, answer(parts, { ...route, http, body }, entry));
  } catch {
    // Either the poster went away, and nobody reads this, or a body was odd beyond all checks.
    if (response.headersSent || response.destroyed) response.destroy();
    else settle(parts, entry, response, { reply: { ...apiError('internal_error'), status: 500 } });
  }
}

/** A request that was read and not carried out yet. */
interface ReadyCall {
  readonly carryOut: () => Reply;
  /** Of Slack's answer, whatever it is. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The one place that decides between the honest answer and a fault. */
function answer(parts: ServerParts, request: SlackRequest, entry: OpenRequest): FaultyAnswer {
  const { carryOut, headers } =
    request.via === 'webhook' ? webhookCall(parts, request, entry) : apiCall(parts, request, entry);
  const found = parts.faults.find(request.method);
  if (!found) return { reply: carryOut() };
  const { fault } = found;
  const honest = accepts(fault) ? carryOut() : undefined;
  if (honest?.error !== undefined) return { reply: honest };
  found.use();
  noteFault(entry, fault, honest);
  return answerFault(fault, { via: request.via, headers }, honest);
}

function noteFault(entry: OpenRequest, fault: Fault, honest: Reply | undefined): void {
  entry.fault = fault.kind;
  if (honest?.channel !== undefined) entry.channel = honest.channel;
  if (honest?.messageTs !== undefined) entry.messageTs = honest.messageTs;
}

function webhookCall({ state, log }: ServerParts, { url, http, body }: SlackRequest, entry: OpenRequest): ReadyCall {
  const payload = parseWebhookBody(body, contentTypeOf(http));
  const channel = state.webhooks.get(url.pathname)?.id;
  if (payload) log.noteBody(entry, payload, body.length);
  if (channel !== undefined) entry.channel = channel;
  const call = { httpMethod: http.method ?? '', path: url.pathname, payload, bytes: body.length };
  return { carryOut: () => answerWebhook(state, call), headers: {} };
}

function apiCall({ state, log }: ServerParts, request: SlackRequest, entry: OpenRequest): ReadyCall {
  const { args, token } = apiArguments(request);
  const wanted = isObject(args) ? stringOf(args.channel) : '';
  if (isObject(args)) log.noteBody(entry, args, request.body.length);
  if (wanted !== '') entry.channel = state.store.channel(wanted)?.id ?? wanted;
  const call = { method: request.method, token, args, bytes: request.body.length };
  const about = messageAsked(call);
  if (about !== '') entry.messageTs = about;
  return { carryOut: () => answerApi(state, call), headers: scopeHeaders(state, token) };
}

/** Slack takes the token from the header or a form, never from JSON and no longer from the query. */
function apiArguments({ url, http, body }: SlackRequest): Pick<ApiCall, 'args' | 'token'> {
  const bearer = /^Bearer\s+(\S+)$/i.exec(http.headers.authorization ?? '')?.[1];
  const query = withoutToken(parseForm(url.search.slice(1)));
  if (http.method === 'GET' || body === '') return { args: query, token: bearer };
  const type = contentTypeOf(http);
  if (type === 'application/json') {
    const json = parseJsonBody(body);
    return { args: json ? { ...query, ...withoutToken(json) } : 'invalid_json', token: bearer };
  }
  if (type !== 'application/x-www-form-urlencoded') {
    return { args: type === '' ? 'missing_post_type' : 'invalid_post_type', token: bearer };
  }
  const form = parseForm(body);
  return { args: { ...query, ...withoutToken(form) }, token: bearer ?? (stringOf(form.token) || undefined) };
}

function withoutToken({ token: _token, ...args }: JsonObject): JsonObject {
  return args;
}

function settle(parts: ServerParts, entry: OpenRequest, response: ServerResponse, answer: FaultyAnswer): void {
  if ('reply' in answer) {
    parts.log.settle(entry, answer.reply);
    send(response, answer.reply);
    return;
  }
  parts.log.disturb(entry, answer.status);
  answer.disturb(response);
}

function send(response: ServerResponse, { status, contentType, headers, body }: Reply): void {
  response.writeHead(status, { 'content-type': `${contentType}; charset=utf-8`, ...headers });
  response.end(body);
}
