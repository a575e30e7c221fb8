/**
 * The parts of undici that we use, loaded one by one. `require('undici')` would do more than load: its index makes
 * undici's agent the global dispatcher of the process, and the app's own `fetch()` would go through our copy of undici
 * from then on, past the proxy that NODE_USE_ENV_PROXY set up. If a later undici hides its parts, the index it is.
 */
type Undici = typeof import('undici');

/** See {@link loadUndici}. */
export interface UndiciParts {
  readonly Agent: Undici['Agent'];
  readonly EnvHttpProxyAgent: Undici['EnvHttpProxyAgent'];
  readonly buildConnector: Undici['buildConnector'];
  /** To be called on a dispatcher. */
  readonly request: import('undici').Dispatcher['request'];
}

/** Loads undici's agents and its `request`. */
export function loadUndici(): UndiciParts {
  try {
    return {
      Agent: require('undici/lib/dispatcher/agent.js'),
      EnvHttpProxyAgent: require('undici/lib/dispatcher/env-http-proxy-agent.js'),
      buildConnector: require('undici/lib/core/connect.js'),
      request: require('undici/lib/api/api-request.js'),
    };
  } catch {
    const undici = require('undici') as Undici;
    const { Agent, EnvHttpProxyAgent, buildConnector } = undici;
    return { Agent, EnvHttpProxyAgent, buildConnector, request: undici.Dispatcher.prototype.request };
  }
}
