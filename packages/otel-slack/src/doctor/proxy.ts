import type { Environment } from '../../../../src/config/env.js';

/** Which proxy requests to a URL take. */
export type ProxyChoice =
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'proxy'; readonly url: URL; readonly variable: string }
  /** The exporter warns, and connects without it. */
  | { readonly kind: 'nonsense'; readonly variable: string; readonly problem: string };

/** As undici's EnvHttpProxyAgent chooses, which the exporter uses: lower case first, HTTP_PROXY for want of another. */
export function chooseProxy(target: URL, environment: Environment): ProxyChoice {
  const found = [
    ['https_proxy', 'HTTPS_PROXY'],
    ['http_proxy', 'HTTP_PROXY'],
  ]
    .map(([lower = '', upper = '']) => (environment[lower] === undefined ? upper : lower))
    .find((name) => environment[name]);
  if (found === undefined) return { kind: 'none', why: 'no HTTPS_PROXY is set' };
  const text = environment[found] ?? '';
  // Not even the beginning of it is said: it may hold a password.
  if (!isProxyUrl(text)) {
    return { kind: 'nonsense', variable: found, problem: 'is no URL of a proxy; expected http://host:port' };
  }
  const exempt = exemptBy(target, environment);
  if (exempt !== undefined) return { kind: 'none', why: `${exempt} names ${target.hostname}` };
  return { kind: 'proxy', url: new URL(text), variable: found };
}

/** An entry of NO_PROXY that was meant for the host and is none, because it is written as a URL. */
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
