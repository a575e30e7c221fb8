import type { Environment } from '../../../../src/config/index.js';

/** The proxy that requests to a URL use. */
export type ProxyChoice =
  | { readonly kind: 'none'; readonly reason: string }
  | { readonly kind: 'proxy'; readonly url: URL; readonly variable: string }
  /** The exporter warns and connects without the proxy. */
  | { readonly kind: 'invalid'; readonly variable: string; readonly problem: string };

/**
 * Chooses as undici's EnvHttpProxyAgent does, which the exporter uses: a lowercase variable first, and `HTTP_PROXY` when
 * `HTTPS_PROXY` is not set.
 */
export function chooseProxy(target: URL, environment: Environment): ProxyChoice {
  const found = [
    ['https_proxy', 'HTTPS_PROXY'],
    ['http_proxy', 'HTTP_PROXY'],
  ]
    .map(([lower = '', upper = '']) => (environment[lower] === undefined ? upper : lower))
    .find((name) => environment[name]);
  if (found === undefined) return { kind: 'none', reason: 'HTTPS_PROXY is not set' };
  const text = environment[found] ?? '';
  // The value is never printed: it may contain a password.
  if (!isProxyUrl(text)) {
    return { kind: 'invalid', variable: found, problem: 'is not the URL of a proxy; expected http://host:port' };
  }
  const exempt = exemptBy(target, environment);
  if (exempt !== undefined) return { kind: 'none', reason: `${exempt} names ${target.hostname}` };
  return { kind: 'proxy', url: new URL(text), variable: found };
}

/** The variable whose entry for this host has no effect, because the entry is a URL and not a host name. */
export function misspeltExemption({ hostname }: URL, environment: Environment): string | undefined {
  const variable = noProxyName(environment);
  const entries = (environment[variable] ?? '').split(/[,\s]/);
  const isMisspelt = entries.some((entry) => URL.canParse(entry) && new URL(entry).hostname === hostname);
  return isMisspelt ? variable : undefined;
}

function isProxyUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && hostname !== '';
}

function exemptBy({ hostname, port, protocol }: URL, environment: Environment): string | undefined {
  const variable = noProxyName(environment);
  const value = environment[variable] ?? '';
  if (value === '*') return variable;
  const host = hostname.toLowerCase();
  const wanted = port || (protocol === 'https:' ? '443' : '80');
  const isExempt = value
    .split(/[,\s]/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const [, named = entry, entryPort] = /^(.+):(\d+)$/.exec(entry) ?? [];
      const name = named.replace(/^\*?\./, '').toLowerCase();
      return (entryPort === undefined || entryPort === wanted) && (host === name || host.endsWith(`.${name}`));
    });
  return isExempt ? variable : undefined;
}

function noProxyName(environment: Environment): string {
  return environment.no_proxy === undefined ? 'NO_PROXY' : 'no_proxy';
}
