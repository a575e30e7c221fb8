import type { Clock } from '../util/clock.js';
import { messageBody, type Post } from './message-body.js';
import { errorName, type HttpResponse, outcomeOfError, outcomeOfFailure, outcomeOfStatus } from './outcome.js';
import type { ChannelDestination, MessageRef, Outcome, SlackRequest } from './types.js';

/** Asks the Web API for something in a channel. */
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

/** A method of Slack's and what is given to it. */
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

/** The Web API answers JSON, with status 200 even to a refusal. */
function outcomeOfAnswer(response: HttpResponse, clock: Clock): Outcome {
  const trouble = outcomeOfStatus(response, clock);
  if (trouble) return trouble;
  const answer = parseAnswer(response.body);
  if (answer === undefined) return outcomeOfNonsense(response.status);
  if (answer.ok !== true) return outcomeOfError(errorName(answer.error) ?? 'unnamed_error', response, clock);
  const ref = refOf(answer);
  const scopes = scopesOf(response);
  return { kind: 'sent', reactions: reactionsOf(answer), ...(ref && { ref }), ...(scopes && { scopes }) };
}

/** Source: https://docs.slack.dev/authentication/installing-with-oauth (the header `x-oauth-scopes` of each answer) */
function scopesOf({ headers }: HttpResponse): readonly string[] | undefined {
  const header = headers['x-oauth-scopes'];
  return typeof header === 'string' ? header.split(',').map((scope) => scope.trim()) : undefined;
}

/** Not Slack's JSON: a 200 was cut off and may have been a success; a 4xx is some proxy's. */
function outcomeOfNonsense(status: number): Outcome {
  if (status < 400) return { kind: 'unknown', reason: 'unreadable_answer' };
  return { kind: 'refused', reason: `http_${status}`, because: 'destination' };
}

/** What of an answer is read. Nothing is taken for granted: it comes from outside. */
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

/** An update needs the channel's id, which only the answer tells when the channel was given by its name. */
function refOf({ ts, channel }: Answer): MessageRef | undefined {
  return typeof ts === 'string' && typeof channel === 'string' ? { ts, channel } : undefined;
}

/** The names of the reactions: of skin tones (`+1::skin-tone-2`) only the emoji. */
function reactionsOf({ message }: Answer): ReadonlySet<string> {
  const { reactions } = (typeof message === 'object' && message !== null ? message : {}) as { reactions?: unknown };
  const names = Array.isArray(reactions) ? reactions.map((reaction: { name?: unknown } | null) => reaction?.name) : [];
  return new Set(names.filter((name) => typeof name === 'string').map((name) => name.split('::', 1)[0] ?? name));
}
