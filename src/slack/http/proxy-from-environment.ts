/** Environment variables by name. */
type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for requests to a URL, as undici's `EnvHttpProxyAgent` chooses it. `undefined`: connect directly, because the
 * variables name no proxy, name no usable URL, or exempt the host.
 */
export function proxyFromEnvironment(target: URL, variables: Variables): URL | undefined {
  const https = target.protocol === 'https:' ? variableOf(variables, 'https_proxy') : undefined;
  const text = https || variableOf(variables, 'http_proxy');
  if (!text || !URL.canParse(text) || isExempt(target, variableOf(variables, 'no_proxy') ?? '')) return undefined;
  const proxy = new URL(text);
  return /^https?:$/.test(proxy.protocol) ? proxy : undefined;
}

/** Lower case goes first, also when it is empty. */
function variableOf(variables: Variables, name: string): string | undefined {
  return variables[name] ?? variables[name.toUpperCase()];
}

/** An entry of NO_PROXY names a host and everything below it: `slack.com`, `.slack.com`, `*.slack.com`, `slack.com:443`. */
function isExempt({ host, port, protocol }: URL, noProxy: string): boolean {
  if (noProxy === '*') return true;
  // `hostname` of the URL would lose the brackets of an IPv6 address.
  const name = host.replace(/:\d*$/, '').toLowerCase();
  const ownPort = port || (protocol === 'https:' ? '443' : '80');
  return noProxy.split(/[,\s]/).some((entry) => {
    const [, named = entry, entryPort = ownPort] = /^(.+):(\d+)$/.exec(entry) ?? [];
    const exempt = named.replace(/^\*?\./, '').toLowerCase();
    return exempt !== '' && entryPort === ownPort && (name === exempt || name.endsWith(`.${exempt}`));
  });
}
