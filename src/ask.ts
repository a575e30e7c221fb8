import type { Clock } from './clock.js';
import type { Destination, Outcome, SlackRequest } from './message.js';
import type { ExporterMetrics, Operation } from './metrics.js';
import type { HttpClient } from './slack/http.js';
import type { Post } from './slack/post.js';
import { callWebApi } from './slack/web-api.js';
import { postToWebhook } from './slack/webhook.js';

/** Asks Slack for something. Never rejects. */
export type Ask = (request: SlackRequest, signal: AbortSignal) => Promise<Outcome>;

/** What asking needs. */
export interface AskParts {
  readonly destination: Destination;
  /** Of the server that is asked. */
  readonly url: URL;
  readonly http: HttpClient;
  readonly timeoutMillis: number;
  readonly clock: Clock;
  readonly metrics: ExporterMetrics;
}

/** Makes the {@link Ask} of one destination, by the way that leads there. */
export function createAsk({ destination, url, http, timeoutMillis, clock, metrics }: AskParts): Ask {
  return async (request, signal) => {
    const post = { http, clock, timeoutMillis, signal };
    // To look at reactions exports nothing.
    if (request.act === 'look') return ask(destination, request, post);
    const operation = metrics.begin(url);
    const begunMillis = clock.monotonic();
    const outcome = await ask(destination, request, { ...post, http: watched(http, operation) });
    operation.end(outcome, clock.monotonic() - begunMillis);
    return outcome;
  };
}

function ask(destination: Destination, request: SlackRequest, post: Post): Promise<Outcome> {
  if (destination.kind === 'channel') return callWebApi(destination, request, post);
  // A webhook does not say where its messages stand, so nothing but posting is ever asked of it.
  if (request.act !== 'post') throw new TypeError(`a webhook cannot ${request.act}`);
  return postToWebhook(destination, request.message, post);
}

function watched(http: HttpClient, operation: Operation): HttpClient {
  return {
    ...http,
    async post(request) {
      const result = await http.post(request);
      if (result.kind === 'response') operation.answered(result.status);
      return result;
    },
  };
}
