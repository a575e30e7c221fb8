import type { Diagnostics, ExporterMetrics, Operation } from '../telemetry/index.js';
import { type Clock, isLoopback } from '../util/index.js';
import { urlOf } from './destination-id.js';
import { createDirectHttpClient, namesProxy } from './http/direct-http.js';
import { createHttpClient, type HttpClient } from './http/http.js';
import type { Post } from './message-body.js';
import type { Destination, Outcome, SlackRequest } from './types.js';
import { callWebApi } from './web-api.js';
import { postToWebhook } from './webhook.js';

/** Sends requests to one destination. */
export interface Connection {
  /** Sends a request and resolves with its outcome. Never rejects. */
  readonly ask: (request: SlackRequest, signal: AbortSignal) => Promise<Outcome>;
  readonly close: () => Promise<void>;
}

/** Options of a {@link Connection}. */
export interface ConnectOptions {
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
  readonly metrics: ExporterMetrics;
  readonly timeoutMillis: number;
}

/** Creates the {@link Connection} to a destination. Nothing is sent before the first request. */
export type Connect = (destination: Destination, options: ConnectOptions) => Connection;

/** Connects to Slack over HTTP. */
export const connectToSlack: Connect = (destination, { clock, diagnostics, metrics, timeoutMillis }) => {
  const url = urlOf(destination);
  const warn = (message: string): void => diagnostics.warn('proxy', message);
  const isLocal = isLoopback(url);
  const isDirect = isLocal || !namesProxy(process.env);
  const http = isDirect ? createDirectHttpClient({ clock }) : createHttpClient({ clock, isLocal, warn });
  return {
    async ask(request, signal) {
      const post = { http, clock, timeoutMillis, signal };
      // Reading reactions exports no records, so it is not measured.
      if (request.act === 'reactions') return ask(destination, request, post);
      const operation = metrics.begin(url);
      const startMillis = clock.monotonic();
      const outcome = await ask(destination, request, { ...post, http: withMetrics(http, operation) });
      operation.end(outcome.kind === 'sent' ? undefined : outcome.reason, clock.monotonic() - startMillis);
      return outcome;
    },
    close: () => http.close(),
  };
};

function ask(destination: Destination, request: SlackRequest, post: Post): Promise<Outcome> {
  if (destination.kind === 'channel') return callWebApi(destination, request, post);
  // A webhook does not return the `ts` of its messages, so they can be neither updated nor replied to.
  if (request.act !== 'post') throw new TypeError(`a webhook cannot ${request.act}`);
  return postToWebhook(destination, request.message, post);
}

function withMetrics(http: HttpClient, operation: Operation): HttpClient {
  return {
    ...http,
    async post(request) {
      const result = await http.post(request);
      if (result.kind === 'response') operation.answered(result.status);
      return result;
    },
  };
}
