import type { Clock } from '../clock.js';
import type { ChannelDestination, Outcome, SlackMessage } from '../message.js';
import { errorName, type HttpResponse, outcomeOfError, outcomeOfFailure, outcomeOfStatus } from './outcome.js';
import { messageBody, type Post } from './post.js';

/** Posts a message to a channel with `chat.postMessage`. */
export async function postToChannel(
  { apiUrl, token, channel }: ChannelDestination,
  message: SlackMessage,
  { http, clock, timeoutMillis, signal }: Post,
): Promise<Outcome> {
  const result = await http.post({
    url: `${apiUrl}chat.postMessage`,
    headers: { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${token}` },
    body: JSON.stringify({ channel, ...messageBody(message) }),
    timeoutMillis,
    signal,
  });
  return result.kind === 'failed' ? outcomeOfFailure(result) : outcomeOfAnswer(result, clock);
}

/** The Web API answers JSON, with status 200 even to a refusal. */
function outcomeOfAnswer(response: HttpResponse, clock: Clock): Outcome {
  const trouble = outcomeOfStatus(response, clock);
  if (trouble) return trouble;
  const answer = parseAnswer(response.body);
  if (answer === undefined) return outcomeOfNonsense(response.status);
  if (answer.ok === true) return typeof answer.ts === 'string' ? { kind: 'sent', ts: answer.ts } : { kind: 'sent' };
  return outcomeOfError(errorName(answer.error) ?? 'unnamed_error', response, clock);
}

/** Not Slack's JSON: a 200 was cut off and may have been a success; a 4xx is some proxy's. */
function outcomeOfNonsense(status: number): Outcome {
  if (status < 400) return { kind: 'unknown', reason: 'unreadable_answer' };
  return { kind: 'refused', reason: `http_${status}`, because: 'destination' };
}

function parseAnswer(body: string): { ok?: unknown; error?: unknown; ts?: unknown } | undefined {
  try {
    const answer: unknown = JSON.parse(body);
    return typeof answer === 'object' && answer !== null && 'ok' in answer ? answer : undefined;
  } catch {
    return undefined;
  }
}
