import type { Clock } from '../../util/index.js';
import { isConnectionError } from './connection-errors.js';
import { createDispatcher, type Dispatcher, PROXY_HUNG_UP } from './dispatcher.js';

/** One request. */
export interface HttpRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The timeout for the whole exchange, from the connection to the last byte of the response. */
  readonly timeoutMillis: number;
  /** Aborts the request. */
  readonly signal: AbortSignal;
}

/** A response, or the reason why there is none. */
export type HttpResult =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: Readonly<Record<string, string | string[] | undefined>>;
      readonly body: string;
    }
  /** `isWritten`: the request may have reached the server. `code` contains no URL. */
  | { readonly kind: 'failed'; readonly code: string; readonly isWritten: boolean };

/** Sends POST requests over its own keep-alive connection. */
export interface HttpClient {
  post(request: HttpRequest): Promise<HttpResult>;
  close(): Promise<void>;
}

/** Options of {@link createHttpClient}. */
export interface HttpClientOptions {
  readonly clock: Clock;
  /** Whether all requests go to this machine. Then no proxy is used. */
  readonly isLocal: boolean;
  /** Called when the proxy variables cannot be used (the client connects directly), or undici cannot be loaded (nothing is sent). */
  readonly warn: (message: string) => void;
}

/** In bytes. Slack's responses are shorter; the rest of a longer one is not read. */
const MAX_RESPONSE_BYTES = 65_536;

/** Creates an {@link HttpClient}. It uses the proxy of HTTPS_PROXY, HTTP_PROXY and NO_PROXY, if any. */
export function createHttpClient({ clock, isLocal, warn }: HttpClientOptions): HttpClient {
  let isConnected = false;
  const onConnected = (): void => {
    isConnected = true;
  };
  // With the first request and not before: an app without errors need not load undici.
  let dispatcher: Dispatcher | undefined;
  return {
    async post(options) {
      try {
        dispatcher ??= createDispatcher({ isLocal, warn, onConnected });
      } catch (error) {
        warn(`undici cannot be loaded, so nothing is sent: ${(error as Error).message}`);
        return NOT_LOADED;
      }
      const result = await post(dispatcher, clock, options);
      if (result.kind === 'response' || result.code !== 'TIMEOUT') return result;
      // undici cannot cancel a connection attempt, so the next request gets a new dispatcher.
      dispatcher.destroy().catch(() => {});
      dispatcher = createDispatcher({ isLocal, warn: () => {}, onConnected });
      const isWritten = isConnected;
      isConnected = false;
      return { ...result, isWritten };
    },
    close: async () => dispatcher?.destroy().catch(() => {}),
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
  const aborted = new Promise<HttpResult>((resolve) => {
    stop.signal.addEventListener('abort', () => resolve(TIMED_OUT), { once: true });
  });
  const abort = (): void => stop.abort();
  const cancel = clock.after(options.timeoutMillis, abort);
  options.signal.addEventListener('abort', abort, { once: true });
  if (options.signal.aborted) abort();
  try {
    // The signal alone is not enough: undici ignores it until the connection is established.
    return await Promise.race([exchange(stop.signal).catch(toFailure), aborted]);
  } finally {
    cancel();
    options.signal.removeEventListener('abort', abort);
  }
}

/** In an app whose bundle has lost undici. */
const NOT_LOADED: HttpResult = { kind: 'failed', code: 'UNDICI_NOT_LOADED', isWritten: false };

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
    if (length >= MAX_RESPONSE_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8').slice(0, MAX_RESPONSE_BYTES);
}

function toFailure(error: unknown): HttpResult {
  const code = codeOf(error);
  return { kind: 'failed', code, isWritten: code !== PROXY_HUNG_UP && !isConnectionError(code) };
}

/** Returns only the code: the messages and causes of network errors contain the URL. */
function codeOf(error: unknown): string {
  const { code, errors } = error as { code?: unknown; errors?: readonly { code?: unknown }[] };
  const found = [code, errors?.[0]?.code].find((candidate) => typeof candidate === 'string');
  return typeof found === 'string' && /^\w{1,50}$/.test(found) ? found : 'UNKNOWN';
}
