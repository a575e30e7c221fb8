/**
 * The parts of undici that we use, loaded one by one. `require('undici')` would do more than load: its index makes
 * undici's agent the global dispatcher of the process, and the app's own `fetch()` would go through our copy of undici
 * from then on, past the proxy that NODE_USE_ENV_PROXY set up. If a later undici hides its parts, the index it is.
 */
type Undici = typeof import('undici');

/** See {@link loadUndici}. */
export type UndiciParts = Pick<Undici, 'Agent' | 'EnvHttpProxyAgent' | 'Pool' | 'buildConnector'>;

/** Loads undici's dispatchers, with their `request()`. */
export function loadUndici(): UndiciParts {
  try {
    // The one thing in the index that is needed: it gives every dispatcher its request() and connect().
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
