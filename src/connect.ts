import { isLoopback } from './checks.js';
import type { Clock } from './clock.js';
import type { Diagnostics } from './diagnostics.js';
import type { Destination, Outcome, SlackRequest } from './message.js';
import { createHttpClient } from './slack/http.js';
import { callWebApi } from './slack/web-api.js';
import { postToWebhook } from './slack/webhook.js';

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
  readonly timeoutMillis: number;
}

/** Makes the {@link Connection} to a destination. Nothing is sent before something is asked. */
export type Connect = (destination: Destination, options: ConnectOptions) => Connection;

/** To Slack, over HTTP. */
export const connectToSlack: Connect = (destination, { clock, diagnostics, timeoutMillis }) => {
  const isLocal = isLoopback(urlOf(destination));
  const http = createHttpClient({ clock, isLocal, warn: (message) => diagnostics.warn('proxy', message) });
  return {
    ask(request, signal) {
      const post = { http, clock, timeoutMillis, signal };
      if (destination.kind === 'channel') return callWebApi(destination, request, post);
      // A webhook does not say where its messages stand, so nothing but posting is ever asked of it.
      if (request.act !== 'post') throw new TypeError(`a webhook cannot ${request.act}`);
      return postToWebhook(destination, request.message, post);
    },
    close: () => http.close(),
  };
};

/** Where the requests to a destination go. */
export function urlOf(destination: Destination): URL {
  return new URL(destination.kind === 'channel' ? destination.apiUrl : destination.url);
}
