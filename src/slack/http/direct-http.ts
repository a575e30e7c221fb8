import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import type { Clock } from '../../util/index.js';
import { type HttpClient, type HttpRequest, type HttpResult, readStart, withDeadline } from './http.js';
import { lookup, processNameLookup } from './name-lookup.js';

/** An idle connection is closed before most servers would close it, so that no request meets a closed connection. */
const KEEP_ALIVE_MILLIS = 4_000;

/** One connection at a time, kept alive. */
const AGENT_OPTIONS = { keepAlive: true, maxSockets: 1, timeout: KEEP_ALIVE_MILLIS } as const;

/** The variables by which undici finds a proxy. */
const PROXY_VARIABLES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'] as const;

/** Whether the environment names a proxy for any request. */
export function namesProxy(environment: NodeJS.ProcessEnv): boolean {
  return PROXY_VARIABLES.some((name) => environment[name]);
}

/**
 * An {@link HttpClient} that connects to the server itself, with Node's own parts. undici compiles its parser with the first
 * answer, which takes 30 MB of memory and a tenth of a second of CPU on Node 20.
 */
export function createDirectHttpClient({ clock }: { readonly clock: Clock }): HttpClient {
  const agents = lateAgents();
  return {
    async post(request) {
      let isConnected = false;
      const onConnected = (): void => {
        isConnected = true;
      };
      const agent = agents.of(request.url);
      const result = await withDeadline(clock, request, (signal) => exchange(request, { agent, signal, onConnected }));
      if (result.kind !== 'failed' || isConnected) return result;
      processNameLookup().doubt(new URL(request.url).hostname);
      return { ...result, isWritten: false };
    },
    close: async () => agents.destroy(),
  };
}

/** The agents are created with the first request: `node:http` and `node:https` take milliseconds of the start of an app. */
function lateAgents() {
  let http: HttpAgent | undefined;
  let https: HttpsAgent | undefined;
  return {
    of(url: string): HttpAgent {
      if (url.startsWith('https:')) {
        https ??= unref(new HttpsAgent(AGENT_OPTIONS));
        return https;
      }
      http ??= unref(new HttpAgent(AGENT_OPTIONS));
      return http;
    },
    destroy(): void {
      http?.destroy();
      https?.destroy();
    },
  };
}

/** The same agent, but its sockets never keep the process alive: the process ends when it would without the exporter. */
function unref<T extends HttpAgent>(agent: T): T {
  const create = agent.createConnection.bind(agent);
  agent.createConnection = (...given) => {
    const socket = create(...given) as Socket;
    socket.unref();
    socket.ref = () => socket;
    return socket;
  };
  return agent;
}

interface Exchange {
  readonly agent: HttpAgent;
  readonly signal: AbortSignal;
  /** Called when the connection is established. From then on the request may have been written. */
  readonly onConnected: () => void;
}

async function exchange({ url, headers, body }: HttpRequest, options: Exchange): Promise<HttpResult> {
  const { agent, signal, onConnected } = options;
  const [send, connected] = url.startsWith('https:') ? [requestHttps, 'secureConnect'] : [requestHttp, 'connect'];
  const sent = send(url, { method: 'POST', headers, agent, signal, lookup });
  sent.once('socket', (socket) => {
    if (sent.reusedSocket) onConnected();
    else socket.once(connected, onConnected);
  });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    // The listener stays: an error after the answer must not end the process.
    sent.on('error', reject);
    sent.once('response', resolve);
  });
  sent.end(body);
  const response = await answer;
  const { statusCode = 0 } = response;
  return { kind: 'response', status: statusCode, headers: response.headers, body: await readStart(response) };
}
