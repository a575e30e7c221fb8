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
import type { Outcome, SlackMessage, WebhookDestination } from './types.js';

/** Posts a message to an incoming webhook. */
export async function postToWebhook(
  destination: WebhookDestination,
  message: SlackMessage,
  { http, clock, timeoutMillis, signal }: Post,
): Promise<Outcome> {
  const result = await http.post({
    url: destination.url,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(messageBody(message)),
    timeoutMillis,
    signal,
  });
  return result.kind === 'failed' ? outcomeOfFailure(result) : outcomeOfAnswer(result, clock);
}

/**
 * A webhook responds in plain text, and with `ok` to a success. An error code in the body wins over the status, which is
 * not reliable.
 */
function outcomeOfAnswer(response: HttpResponse, clock: Clock): Outcome {
  const { status } = response;
  const body = response.body.trim();
  const isSuccess = status >= 200 && status < 300;
  if (isSuccess && body === 'ok') return { kind: 'sent' };
  const name = errorName(body);
  if (name !== undefined && status !== 429) {
    const outcome = outcomeOfError(name, response, clock);
    if (outcome.kind !== 'refused' || outcome.because !== 'unclear') return outcome;
  }
  // A proxy's page, an answer that was cut off: the message may have been posted.
  if (isSuccess) return { kind: 'unknown', reason: UNREADABLE_ANSWER };
  return outcomeOfStatus(response, clock) ?? outcomeOfRefusal(status, name);
}

function outcomeOfRefusal(status: number, name = `http_${status}`): Outcome {
  return { kind: 'refused', reason: name, because: status === 400 || status === 413 ? 'payload' : 'unclear' };
}
