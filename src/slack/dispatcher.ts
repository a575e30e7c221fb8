import type { Dispatcher } from 'undici';
import { loadUndici } from './undici.cjs';

export type { Dispatcher };

/** The code of a request that a proxy cut off before it could be made. */
export const PROXY_HUNG_UP = 'PROXY_HUNG_UP';

/** Options of {@link createDispatcher}. */
export interface DispatcherOptions {
  /** Past every proxy. */
  readonly isLocal: boolean;
  /** Is told when the proxy variables cannot be used. */
  readonly warn: (message: string) => void;
  /** Is told when a connection stands: from then on a request may have been written. */
  readonly onConnected: () => void;
}

/** Makes a dispatcher: connections of our own, kept alive, one at a time, through the environment's proxy. Loads undici. */
export function createDispatcher({ isLocal, warn, onConnected }: DispatcherOptions): Dispatcher {
  const { Agent, EnvHttpProxyAgent, Pool, buildConnector } = loadUndici();
  const options = {
    connections: 1,
    pipelining: 1,
    // The deadline of the whole request is ours.
    headersTimeout: 0,
    bodyTimeout: 0,
    // undici 8 would send http through a proxy without one, undici 7 would not.
    proxyTunnel: true,
    connect: unref(buildConnector({})),
    factory: (origin: string | URL, { connect, ...rest }: { connect: Connector }) =>
      new Pool(origin, { ...rest, connect: watched(connect, onConnected) }),
    // For the connection to a proxy; the one through it gets the same socket.
    clientFactory: (proxy: URL, { connect }: { connect: Connector }) =>
      new Pool(proxy, { connect: watched(unref(connect), () => {}) }),
  };
  if (isLocal) return new Agent(options);
  try {
    return new EnvHttpProxyAgent(options);
  } catch {
    // The error holds the proxy's URL, and that may hold a password.
    warn('the proxy in HTTPS_PROXY or HTTP_PROXY is not a URL; expected http://host:port. Connecting without it');
    return new Agent(options);
  }
}

type Connector = ReturnType<typeof import('undici')['buildConnector']>;

/** The same connector, but its sockets never keep the process alive: it ends when it would have without us. */
function unref(connect: Connector): Connector {
  return (options, callback) => {
    // undici's own connector returns the socket, though its type does not say so.
    const socket = connect(options, callback) as unknown as { unref?(): void; ref?(): unknown } | undefined;
    socket?.unref?.();
    if (socket) socket.ref = () => socket;
  };
}

/**
 * Says when a connection stands. One that a proxy resets becomes an error like any other: undici would take that one for
 * a reason to try again, for ever.
 */
function watched(connect: Connector, onConnected: () => void): Connector {
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

/** undici 7 calls it by the first name, undici 8 by the second. */
function isHangUp(error: Error): boolean {
  return 'code' in error && (error.code === 'UND_ERR_SOCKET' || error.code === 'UND_ERR_PRX_CONN');
}
