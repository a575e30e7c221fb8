/**
 * Loads the needed parts of undici one by one. `require('undici')` has a side effect: its index sets the global
 * dispatcher of the process. From then on the app's own `fetch()` would use our copy of undici and bypass the proxy
 * that NODE_USE_ENV_PROXY set up. If a later version of undici does not export its parts, the index is loaded.
 */
type Undici = typeof import('undici');

/** See {@link loadUndici}. */
export type UndiciParts = Pick<Undici, 'Agent' | 'EnvHttpProxyAgent' | 'Pool' | 'buildConnector'>;

/** Loads undici's dispatchers and their method `request()`. */
export function loadUndici(): UndiciParts {
  try {
    // undici's index does the same: it adds request() and connect() to every dispatcher.
    const { prototype } = require('undici/lib/dispatcher/dispatcher.js') as Undici['Dispatcher'];
    Object.assign(prototype, require('undici/lib/api/index.js'));
    return {
      Agent: require('undici/lib/dispatcher/agent.js'),
      EnvHttpProxyAgent: require('undici/lib/dispatcher/env-http-proxy-agent.js'),
      Pool: require('undici/lib/dispatcher/pool.js'),
      buildConnector: require('undici/lib/core/connect.js'),
    };
  } catch {
    return require('undici') as Undici;
  }
}
