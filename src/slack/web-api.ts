import type { Clock } from '../util/index.js';
import { messageBody, type Post } from './message-body.js';
import {
  errorName,
  type HttpResponse,
  outcomeOfError,
  outcomeOfFailure,
  outcomeOfStatus,
  UNREADABLE_ANSWER,
} from './outcome.js';
import type { ChannelDestination, MessageRef, Outcome, SlackRequest } from './types.js';

/** Calls the Web API's method for a request to a channel. */
export async function callWebApi(
  destination: ChannelDestination,
  request: SlackRequest,
  { http, clock, timeoutMillis, signal }: Post,
): Promise<Outcome> {
  const { method, args } = METHODS[request.act](destination, request as never);
  const result = await http.post({
    url: `${destination.apiUrl}${method}`,
    headers: { 'content-type': JSON_TYPE, authorization: `Bearer ${destination.token}` },
    body: JSON.stringify(args),
    timeoutMillis,
    signal,
  });
  return result.kind === 'failed' ? outcomeOfFailure(result) : outcomeOfAnswer(result, clock);
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** A method of the Web API and its arguments. */
interface Call {
  readonly method: string;
  readonly args: object;
}

type CallOf<Act extends SlackRequest['act']> = (
  destination: ChannelDestination,
  request: Extract<SlackRequest, { act: Act }>,
) => Call;

const METHODS: { readonly [Act in SlackRequest['act']]: CallOf<Act> } = {
  post: ({ channel }, { message, thread }) => ({
    method: 'chat.postMessage',
    args: {
      channel,
      ...messageBody(message),
      ...(thread && { thread_ts: thread.ts }),
      ...(thread?.isBroadcast && { reply_broadcast: true }),
    },
  }),
  update: (_destination, { message, ref }) => ({
    method: 'chat.update',
    args: { channel: ref.channel, ts: ref.ts, ...messageBody(message) },
  }),
  reactions: (_destination, { ref }) => ({
    method: 'reactions.get',
    args: { channel: ref.channel, timestamp: ref.ts, full: true },
  }),
};

/** The Web API responds with JSON, and with status 200 even when it refuses. */
function outcomeOfAnswer(response: HttpResponse, clock: Clock): Outcome {
  const statusOutcome = outcomeOfStatus(response, clock);
  if (statusOutcome) return statusOutcome;
  const answer = parseAnswer(response.body);
  if (answer === undefined) return outcomeOfInvalidAnswer(response.status);
  if (answer.ok !== true) return outcomeOfError(errorName(answer.error) ?? 'unnamed_error', response, clock);
  const ref = refOf(answer);
  const scopes = scopesOf(response);
  return { kind: 'sent', reactions: reactionsOf(answer), ...(ref && { ref }), ...(scopes && { scopes }) };
}

/**
 * Source: https://docs.slack.dev/authentication/installing-with-oauth (the header `x-oauth-scopes` of each response)
 */
function scopesOf({ headers }: HttpResponse): readonly string[] | undefined {
  const header = headers['x-oauth-scopes'];
  return typeof header === 'string' ? header.split(',').map((scope) => scope.trim()) : undefined;
}

/**
 * The outcome of a response without Slack's JSON. A 200 was cut off and may be a success. A 4xx comes from a proxy, which
 * may refuse the text of this message or all requests.
 */
function outcomeOfInvalidAnswer(status: number): Outcome {
  if (status < 400) return { kind: 'unknown', reason: UNREADABLE_ANSWER };
  return { kind: 'refused', reason: `http_${status}`, because: 'unclear' };
}

/** The fields of an answer that are read. Their types are not trusted. */
interface Answer {
  readonly ok?: unknown;
  readonly error?: unknown;
  readonly ts?: unknown;
  readonly channel?: unknown;
  readonly message?: unknown;
}

function parseAnswer(body: string): Answer | undefined {
  try {
    const answer: unknown = JSON.parse(body);
    return typeof answer === 'object' && answer !== null && 'ok' in answer ? answer : undefined;
  } catch {
    return undefined;
  }
}

/** An update needs the channel's id. When the option has the channel's name, only the answer contains the id. */
function refOf({ ts, channel }: Answer): MessageRef | undefined {
  return typeof ts === 'string' && typeof channel === 'string' ? { ts, channel } : undefined;
}

/** Returns the names of the reactions, without skin tones (`+1::skin-tone-2`). */
function reactionsOf({ message }: Answer): ReadonlySet<string> {
  const { reactions } = (typeof message === 'object' && message !== null ? message : {}) as { reactions?: unknown };
  const names = Array.isArray(reactions) ? reactions.map((reaction: { name?: unknown } | null) => reaction?.name) : [];
  return new Set(names.filter((name) => typeof name === 'string').map((name) => name.split('::', 1)[0] ?? name));
}
