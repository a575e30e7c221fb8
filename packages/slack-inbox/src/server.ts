import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ApiCall, answerApi, answerWebhook, messageTsArgument, scopeHeaders } from './api/index.js';
import { accepts, answerFault, type FaultyAnswer } from './faults/index.js';
import {
  apiError,
  contentTypeOf,
  isLoopback,
  isSameOrigin,
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

/** The parts of an inbox that its server uses: those of the page, and the log of requests. */
export interface ServerParts extends PageParts {
  readonly log: RequestLog;
}

/** A request to Slack whose body was read. */
interface SlackRequest {
  readonly via: 'webhook' | 'api';
  /** `webhook`, or the name of the Web API method. */
  readonly method: string;
  readonly url: URL;
  readonly http: IncomingMessage;
  readonly body: string;
}

/** Answers every request to the inbox. Never rejects. */
export async function handle(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!isLoopback(request.headers.host)) return send(response, textReply(403, 'host_not_allowed'));
  const url = urlOf(request, parts.state.url);
  const route = slackRoute(url);
  if (route) return slackRequest(parts, { ...route, url }, request, response);
  if (request.method === 'GET' && url.pathname === '/page/events') return addPage(parts, request, response);
  try {
    send(response, await answerPage(parts, request, url));
  } catch {
    // The browser closed the connection.
    response.destroy();
  }
}

function addPage({ events }: ServerParts, request: IncomingMessage, response: ServerResponse): void {
  if (!isSameOrigin(request)) send(response, textReply(403, 'origin_not_allowed'));
  else events.add(response, String(request.headers['last-event-id'] ?? ''));
}

// A path such as `//` cannot be parsed. It gets the answer of a path that does not exist.
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
    // The client closed the connection, or the body caused an exception.
    if (response.headersSent || response.destroyed) response.destroy();
    else settle(parts, entry, response, { reply: { ...apiError('internal_error'), status: 500 } });
  }
}

/** A request that was read and is not carried out yet. */
interface ReadyCall {
  readonly carryOut: () => Reply;
  /** The headers that every answer to this request has. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Decides between the normal answer and a fault. */
function answer(parts: ServerParts, request: SlackRequest, entry: OpenRequest): FaultyAnswer {
  const { carryOut, headers } =
    request.via === 'webhook' ? webhookCall(parts, request, entry) : apiCall(parts, request, entry);
  const activeFault = parts.faults.find(request);
  if (!activeFault) return { reply: carryOut() };
  const { fault } = activeFault;
  const normalReply = accepts(fault) ? carryOut() : undefined;
  if (normalReply?.error !== undefined) return { reply: normalReply };
  activeFault.use();
  recordFault(entry, fault, normalReply);
  return answerFault(fault, { via: request.via, headers }, normalReply);
}

function recordFault(entry: OpenRequest, fault: Fault, normalReply: Reply | undefined): void {
  entry.fault = fault.kind;
  if (normalReply?.channel !== undefined) entry.channel = normalReply.channel;
  if (normalReply?.messageTs !== undefined) entry.messageTs = normalReply.messageTs;
}

function webhookCall({ state, log }: ServerParts, { url, http, body }: SlackRequest, entry: OpenRequest): ReadyCall {
  const payload = parseWebhookBody(body, contentTypeOf(http));
  const channel = state.webhooks.get(url.pathname)?.id;
  if (payload) log.addBody(entry, payload, body.length);
  if (channel !== undefined) entry.channel = channel;
  const call = { httpMethod: http.method ?? '', path: url.pathname, payload, bytes: body.length };
  return { carryOut: () => answerWebhook(state, call), headers: {} };
}

function apiCall({ state, log }: ServerParts, request: SlackRequest, entry: OpenRequest): ReadyCall {
  const { args, token } = apiArguments(request);
  const channelArgument = isObject(args) ? stringOf(args.channel) : '';
  if (isObject(args)) log.addBody(entry, args, request.body.length);
  if (channelArgument !== '') entry.channel = state.store.channel(channelArgument)?.id ?? channelArgument;
  const call = { method: request.method, token, args, bytes: request.body.length };
  const messageTs = messageTsArgument(call);
  if (messageTs !== '') entry.messageTs = messageTs;
  return { carryOut: () => answerApi(state, call), headers: scopeHeaders(state, token) };
}

/** Slack reads the token from the header or a form field, not from JSON or the query. */
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
  parts.log.settleWithoutReply(entry, answer.status);
  answer.interrupt(response);
}

function send(response: ServerResponse, { status, contentType, headers, body }: Reply): void {
  response.writeHead(status, { 'content-type': `${contentType}; charset=utf-8`, ...headers });
  response.end(body);
}
