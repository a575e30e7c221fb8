import { createHttpClient, errorName, type HttpClient, type HttpResult } from '../../../../src/slack/index.js';
import { type Clock, isLoopback } from '../../../../src/util/index.js';

/** A response from Slack, or from another server in its place: no field can be relied on. */
export interface SlackResponse {
  readonly ok: boolean;
  /** Slack's name for the error, or a description of a response that is not Slack's. */
  readonly error: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly status: number;
  readonly body: string;
  header(name: string): string | undefined;
  /** This machine's clock minus the server's, in milliseconds; undefined without a `Date` header. */
  readonly clockSkewMillis: number | undefined;
}

/** A request without a response, with Node's error code. */
export interface FailedCall {
  readonly code: string;
}

/** Calls Slack through the exporter's own HTTP client: the same proxy, certificates and timeouts. */
export interface SlackApi {
  /** A string is sent as JSON, an object as the fields of a form. */
  call(
    url: string,
    body: string | Readonly<Record<string, string>>,
    token?: string,
  ): Promise<SlackResponse | FailedCall>;
  close(): Promise<void>;
}

/** Options of {@link createSlackApi}. */
export interface SlackApiOptions {
  readonly clock: Clock;
  /** Of each call. */
  readonly timeoutMillis: number;
  readonly signal: AbortSignal;
}

/** Creates a {@link SlackApi}. */
export function createSlackApi({ clock, timeoutMillis, signal }: SlackApiOptions): SlackApi {
  const clients = new Map<string, HttpClient>();
  const clientFor = (url: URL): HttpClient => {
    const client = clients.get(url.origin) ?? createHttpClient({ clock, isLocal: isLoopback(url), warn: () => {} });
    clients.set(url.origin, client);
    return client;
  };
  return {
    async call(url, body, token) {
      const isJson = typeof body === 'string';
      const startedMillis = clock.now();
      const result = await clientFor(new URL(url)).post({
        url,
        headers: {
          'content-type': isJson ? 'application/json; charset=utf-8' : 'application/x-www-form-urlencoded',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: isJson ? body : new URLSearchParams(body).toString(),
        timeoutMillis,
        signal,
      });
      if (result.kind === 'failed') return { code: result.code };
      return toSlackResponse(result, (startedMillis + clock.now()) / 2);
    },
    close: async () => {
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}

function toSlackResponse(response: Extract<HttpResult, { kind: 'response' }>, atMillis: number): SlackResponse {
  const { status, body, headers } = response;
  const fields = parseObject(body);
  const header = (name: string): string | undefined => {
    const value = headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  const serverMillis = Date.parse(header('date') ?? '');
  return {
    ok: fields.ok === true,
    error: errorName(fields.error) ?? `an answer that is not Slack’s (HTTP ${status})`,
    ...{ fields, status, body, header },
    // The header has whole seconds: on average it is half a second behind.
    clockSkewMillis: Number.isNaN(serverMillis) ? undefined : atMillis - serverMillis - 500,
  };
}

function parseObject(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
