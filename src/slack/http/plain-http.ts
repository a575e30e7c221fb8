import type { LookupAddress } from 'node:dns';
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { isConnectionError } from './connection-errors.js';
import type { HttpClient, HttpRequest, HttpResult } from './http.js';
import { lookup, processNameLookup } from './name-lookup.js';
import { proxyFromEnvironment } from './proxy-from-environment.js';

/** Slack's answers are shorter. A longer answer comes from something else, and its beginning is enough. */
const LONGEST_ANSWER = 65_536;

/** Options of {@link createPlainHttpClient}. */
export interface PlainHttpClientOptions {
  /** Whether all requests go to this machine. Then no proxy is used. */
  readonly isLocal: boolean;
  /** The addresses of the server, if they are known. */
  readonly addresses?: readonly LookupAddress[] | undefined;
}

/**
 * An {@link HttpClient} that needs nothing but Node: one connection for each request, through the environment's proxy. It
 * runs in a thread that cannot load undici, because that thread has only its source text.
 */
export function createPlainHttpClient({ isLocal, addresses }: PlainHttpClientOptions): HttpClient {
  return {
    post(request) {
      const { hostname } = new URL(request.url);
      if (addresses !== undefined) processNameLookup().remember(hostname, addresses);
      return exchange(request, isLocal).catch(failed);
    },
    close: () => Promise.resolve(),
  };
}

async function exchange(request: HttpRequest, isLocal: boolean): Promise<HttpResult> {
  const { body, headers } = request;
  const url = new URL(request.url);
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(request.timeoutMillis)]);
  const proxy = isLocal ? undefined : proxyFromEnvironment(url, process.env);
  const socket = proxy && (await openTunnel(proxy, url, signal));
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const sent = send(url, { method: 'POST', headers, signal, lookup, agent: false, ...(socket && { socket }) });
  sent.end(body);
  const [answer] = await first<[IncomingMessage]>(sent, 'response');
  return { kind: 'response', status: answer.statusCode ?? 0, headers: answer.headers, body: await readStart(answer) };
}

/** A connection to the target through an HTTP proxy. Source: https://nodejs.org/api/http.html#event-connect */
async function openTunnel(proxy: URL, target: URL, signal: AbortSignal): Promise<Socket> {
  const host = target.port === '' ? `${target.host}:${target.protocol === 'https:' ? 443 : 80}` : target.host;
  const send = proxy.protocol === 'https:' ? requestHttps : requestHttp;
  const headers = { host, ...credentialsOf(proxy) };
  // Without the URL: Node would send its credentials and its path.
  const { hostname, port } = proxy;
  const connect = { method: 'CONNECT', host: hostname.replace(/^\[|\]$/g, ''), port, path: host, headers, signal };
  const sent = send({ ...connect, lookup, agent: false });
  sent.end();
  const [answer, socket] = await first<[IncomingMessage, Socket]>(sent, 'connect');
  if (answer.statusCode === 200) return socket;
  socket.destroy();
  throw new Error('the proxy refused the connection');
}

function credentialsOf({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '') return {};
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return { 'proxy-authorization': `Basic ${credentials.toString('base64')}` };
}

function first<T>(sent: ClientRequest, event: 'response' | 'connect'): Promise<T> {
  return new Promise((resolve, reject) => {
    // Stays: what breaks after the answer is no reason to end the process.
    sent.on('error', reject);
    sent.once(event, (...given: unknown[]) => resolve(given as T));
  });
}

async function readStart(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) {
    text += chunk;
    if (text.length >= LONGEST_ANSWER) break;
  }
  return text.slice(0, LONGEST_ANSWER);
}

/** Messages of network errors repeat the URL, so only the code is kept. */
function failed(error: unknown): HttpResult {
  const { code } = error as { readonly code?: unknown };
  const text = typeof code === 'string' ? code : 'UNKNOWN';
  return { kind: 'failed', code: text, isWritten: !isConnectionError(text) };
}
