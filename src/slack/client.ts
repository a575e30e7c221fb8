import type { Diagnostics } from '../telemetry/diagnostics.js';
import type { ExporterMetrics, Operation } from '../telemetry/metrics.js';
import type { Clock } from '../util/clock.js';
import { isLoopback } from '../util/url.js';
import { urlOf } from './destination-id.js';
import { createDirectHttpClient, namesProxy } from './direct-http.js';
import { createHttpClient, type HttpClient } from './http.js';
import type { Post } from './message-body.js';
import type { Destination, Outcome, SlackRequest } from './types.js';
import { callWebApi } from './web-api.js';
import { postToWebhook } from './webhook.js';

/** The way to one destination. */
export interface Connection {
  /** Never rejects: what became of it is the outcome. */
  readonly ask: (request: SlackRequest, signal: AbortSignal) => Promise<Outcome>;
  readonly close: () => Promise<void>;
}

/** What a connection needs. */
export interface ConnectOptions {
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
  readonly metrics: ExporterMetrics;
  readonly timeoutMillis: number;
}

/** Makes the {@link Connection} to a destination. Nothing is sent before something is asked. */
export type Connect = (destination: Destination, options: ConnectOptions) => Connection;

/** To Slack, over HTTP. */
export const connectToSlack: Connect = (destination, { clock, diagnostics, metrics, timeoutMillis }) => {
  const url = urlOf(destination);
  const warn = (message: string): void => diagnostics.warn('proxy', message);
  const isLocal = isLoopback(url);
  const isDirect = isLocal || !namesProxy(process.env);
  const http = isDirect ? createDirectHttpClient({ clock }) : createHttpClient({ clock, isLocal, warn });
  return {
    async ask(request, signal) {
      const post = { http, clock, timeoutMillis, signal };
      // To look at reactions exports nothing.
      if (request.act === 'reactions') return ask(destination, request, post);
      const operation = metrics.begin(url);
      const begunMillis = clock.monotonic();
      const outcome = await ask(destination, request, { ...post, http: watched(http, operation) });
      operation.end(outcome.kind === 'sent' ? undefined : outcome.reason, clock.monotonic() - begunMillis);
      return outcome;
    },
    close: () => http.close(),
  };
};

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
