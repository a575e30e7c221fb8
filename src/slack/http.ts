import type { Clock } from '../util/clock.js';
import { createDispatcher, type Dispatcher, PROXY_HUNG_UP } from './dispatcher.js';

/** One request. */
export interface HttpRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For everything from the connection to the last byte of the answer. */
  readonly timeoutMillis: number;
  /** Gives the request up. */
  readonly signal: AbortSignal;
}

/** An answer, or why there is none. */
export type HttpResult =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: Readonly<Record<string, string | string[] | undefined>>;
      readonly body: string;
    }
  /** `isWritten`: the request may have reached the server. The code names no URL. */
  | { readonly kind: 'failed'; readonly code: string; readonly isWritten: boolean };

/** Posts, over connections of its own that are kept alive. */
export interface HttpClient {
  post(request: HttpRequest): Promise<HttpResult>;
  close(): Promise<void>;
}

/** Options of {@link createHttpClient}. */
export interface HttpClientOptions {
  readonly clock: Clock;
  /** All requests go to this machine itself, where no proxy can help. */
  readonly isLocal: boolean;
  /** Is told when the proxy variables cannot be used; the client then connects directly. */
  readonly warn: (message: string) => void;
}

/** Slack's answers are short; what is longer comes from something else, and its beginning says enough. */
const LONGEST_ANSWER = 65_536;

/** Makes an {@link HttpClient} that goes through the proxy which HTTPS_PROXY, HTTP_PROXY and NO_PROXY name, if any. */
export function createHttpClient({ clock, isLocal, warn }: HttpClientOptions): HttpClient {
  let isConnected = false;
  const onConnected = (): void => {
    isConnected = true;
  };
  let dispatcher = createDispatcher({ isLocal, warn, onConnected });
  return {
    async post(options) {
      const result = await post(dispatcher, clock, options);
      if (result.kind === 'response' || result.code !== 'TIMEOUT') return result;
      // undici cannot take back a connection that it is still making; the next request starts afresh.
      dispatcher.destroy().catch(() => {});
      dispatcher = createDispatcher({ isLocal, warn: () => {}, onConnected });
      const isWritten = isConnected;
      isConnected = false;
      return { ...result, isWritten };
    },
    close: () => dispatcher.destroy().catch(() => {}),
  };
}

function post(dispatcher: Dispatcher, clock: Clock, options: HttpRequest): Promise<HttpResult> {
  return withDeadline(clock, options, (signal) => exchange(dispatcher, options, signal));
}

/** Runs an exchange until the deadline of its request. Never rejects. */
export async function withDeadline(
  clock: Clock,
  options: Pick<HttpRequest, 'timeoutMillis' | 'signal'>,
  exchange: (signal: AbortSignal) => Promise<HttpResult>,
): Promise<HttpResult> {
  const stop = new AbortController();
  const givenUp = new Promise<HttpResult>((resolve) => {
    stop.signal.addEventListener('abort', () => resolve(TIMED_OUT), { once: true });
  });
  const abort = (): void => stop.abort();
  const cancel = clock.after(options.timeoutMillis, abort);
  options.signal.addEventListener('abort', abort, { once: true });
  if (options.signal.aborted) abort();
  try {
    // Not the signal alone: undici does not look at it before the connection stands.
    return await Promise.race([exchange(stop.signal).catch(failed), givenUp]);
  } finally {
    cancel();
    options.signal.removeEventListener('abort', abort);
  }
}

const TIMED_OUT: HttpResult = { kind: 'failed', code: 'TIMEOUT', isWritten: true };

async function exchange(dispatcher: Dispatcher, options: HttpRequest, signal: AbortSignal): Promise<HttpResult> {
  const url = new URL(options.url);
  const response = await dispatcher.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method: 'POST',
    headers: options.headers,
    body: options.body,
    signal,
  });
  const body = await readStart(response.body);
  return { kind: 'response', status: response.statusCode, headers: response.headers, body };
}

/** Reads an answer, but no more of it than is of use. */
export async function readStart(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length >= LONGEST_ANSWER) break;
  }
  return Buffer.concat(chunks).toString('utf8').slice(0, LONGEST_ANSWER);
}

/** Errors of a connection that never stood: the request cannot have arrived. `UND_ERR_ABORTED`: the proxy refused. */
const NEVER_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENETDOWN|UND_ERR_CONNECT_TIMEOUT|UND_ERR_ABORTED|ERR_TLS_\w+|ERR_SSL_\w+|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|HOSTNAME_MISMATCH)$/;

function failed(error: unknown): HttpResult {
  const code = codeOf(error);
  return { kind: 'failed', code, isWritten: code !== PROXY_HUNG_UP && !NEVER_CONNECTED.test(code) };
}

/** Only the code: messages and causes of network errors repeat the URL. */
function codeOf(error: unknown): string {
  const { code, errors } = error as { code?: unknown; errors?: readonly { code?: unknown }[] };
  const found = [code, errors?.[0]?.code].find((candidate) => typeof candidate === 'string');
  return typeof found === 'string' && /^\w{1,50}$/.test(found) ? found : 'UNKNOWN';
}
