import { createHttpClient, type HttpClient, type HttpResult } from '../../../../src/slack/http.js';
import { errorName } from '../../../../src/slack/outcome.js';
import type { Clock } from '../../../../src/util/clock.js';
import { isLoopback } from '../../../../src/util/url.js';

/** An answer of Slack's. Nothing of it is taken for granted. */
export interface Answer {
  readonly ok: boolean;
  /** Slack's name for what is wrong, or what came instead of an answer of Slack's. */
  readonly error: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly status: number;
  readonly body: string;
  header(name: string): string | undefined;
  /** This machine's time minus the server's, in milliseconds; the server says whole seconds. */
  readonly skewMillis: number | undefined;
}

/** Asks a host things, in the exporter's own way. */
export interface Asker {
  /** `args` are JSON, or the fields of a form. The code is Node's, of a request without an answer. */
  ask(
    url: string,
    args: string | Readonly<Record<string, string>>,
    token?: string,
  ): Promise<Answer | { readonly code: string }>;
  close(): Promise<void>;
}

/** Makes an {@link Asker}. */
export function createAsker(clock: Clock, timeoutMillis: number, signal: AbortSignal): Asker {
  const clients = new Map<string, HttpClient>();
  const clientFor = (url: URL): HttpClient => {
    const client = clients.get(url.origin) ?? createHttpClient({ clock, isLocal: isLoopback(url), warn: () => {} });
    clients.set(url.origin, client);
    return client;
  };
  return {
    async ask(url, args, token) {
      const isJson = typeof args === 'string';
      const beganMillis = clock.now();
      const result = await clientFor(new URL(url)).post({
        url,
        headers: {
          'content-type': isJson ? 'application/json; charset=utf-8' : 'application/x-www-form-urlencoded',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: isJson ? args : new URLSearchParams(args).toString(),
        timeoutMillis,
        signal,
      });
      return result.kind === 'failed' ? { code: result.code } : toAnswer(result, (beganMillis + clock.now()) / 2);
    },
    close: async () => {
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}

function toAnswer(response: Extract<HttpResult, { kind: 'response' }>, atMillis: number): Answer {
  const { status, body, headers } = response;
  const fields = parsed(body);
  const header = (name: string): string | undefined => {
    const value = headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  const serverMillis = Date.parse(header('date') ?? '');
  return {
    ok: fields.ok === true,
    error: errorName(fields.error) ?? `an answer that is not Slack’s (HTTP ${status})`,
    ...{ fields, status, body, header },
    // Half a second on: the header has none of it.
    skewMillis: Number.isNaN(serverMillis) ? undefined : atMillis - serverMillis - 500,
  };
}

function parsed(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
