import type { Dispatcher } from 'undici';
import { lookup } from './name-lookup.js';
import { loadUndici } from './undici.cjs';

export type { Dispatcher };

/** The error code when a proxy closed the connection before the request was sent. */
export const PROXY_HUNG_UP = 'PROXY_HUNG_UP';

/** Options of {@link createDispatcher}. */
export interface DispatcherOptions {
  /** Whether the destination is this machine. Then no proxy is used. */
  readonly isLocal: boolean;
  /** Called when a proxy variable cannot be used. */
  readonly warn: (message: string) => void;
  /** Called when a connection is established. From then on a request may have been sent. */
  readonly onConnected: () => void;
}

/** Makes a dispatcher: connections of our own, kept alive, one at a time, through the environment's proxy. Loads undici. */
export function createDispatcher({ isLocal, warn, onConnected }: DispatcherOptions): Dispatcher {
  const { Agent, EnvHttpProxyAgent, Pool, buildConnector } = loadUndici();
  const options = {
    connections: 1,
    pipelining: 1,
    // `http.ts` has one timeout for the whole request.
    headersTimeout: 0,
    bodyTimeout: 0,
    // Without this, undici 8 sends http requests without a tunnel, and undici 7 uses one.
    proxyTunnel: true,
    connect: unref(buildConnector({ lookup })),
    // For the connection to a proxy, whose name is looked up in the same way.
    proxyTls: { lookup },
    factory: (origin: string | URL, { connect, ...rest }: { connect: Connector }) =>
      new Pool(origin, { ...rest, connect: withEvents(connect, onConnected) }),
    // For the connection to a proxy. The tunnel through it uses the same socket.
    clientFactory: (proxy: URL, { connect }: { connect: Connector }) =>
      new Pool(proxy, { connect: withEvents(unref(connect), () => {}) }),
  };
  if (isLocal) return new Agent(options);
  try {
    return new EnvHttpProxyAgent(options);
  } catch {
    // The error is not logged: it contains the proxy's URL, which may contain a password.
    warn('the proxy in HTTPS_PROXY or HTTP_PROXY is not a URL; expected http://host:port. Connecting without it');
    return new Agent(options);
  }
}

type Connector = ReturnType<typeof import('undici')['buildConnector']>;

/** Wraps a connector so that its sockets never keep the process alive. */
function unref(connect: Connector): Connector {
  return (options, callback) => {
    // undici's connector returns the socket, although its type does not declare it.
    const socket = connect(options, callback) as unknown as { unref?(): void; ref?(): unknown } | undefined;
    socket?.unref?.();
    if (socket) socket.ref = () => socket;
  };
}

/**
 * Wraps a connector: calls `onConnected` when a connection is established, and replaces the error of a connection that
 * a proxy reset. undici would retry after the original error without end.
 */
function withEvents(connect: Connector, onConnected: () => void): Connector {
  return (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error !== null && isHangUp(error))
        callback(Object.assign(new Error('the proxy hung up'), { code: PROXY_HUNG_UP }), null);
      else if (error !== null) callback(error, null);
      else {
        onConnected();
        callback(null, socket);
      }
    });
}

/** Whether a proxy closed the connection: the first code is undici 7's, the second undici 8's. */
function isHangUp(error: Error): boolean {
  return 'code' in error && (error.code === 'UND_ERR_SOCKET' || error.code === 'UND_ERR_PRX_CONN');
}
