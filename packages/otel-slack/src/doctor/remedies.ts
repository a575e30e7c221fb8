/** What to do about a code of Node's: by the first pattern that fits. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/^ENOTFOUND$/, 'there is no such host: check its name, and the DNS of this machine'],
  [/^EAI_AGAIN$/, 'the DNS server does not answer: check the network, or /etc/resolv.conf of the container'],
  [/^ECONNREFUSED$/, 'nothing listens there: check host and port'],
  [
    /^(ETIMEDOUT|TIMEOUT|UND_ERR_CONNECT_TIMEOUT)$/,
    'no answer in time: a firewall may swallow it; allow https to that host',
  ],
  [/^(EHOSTUNREACH|ENETUNREACH|ENETDOWN)$/, 'there is no route: check the network of this machine'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'the connection was cut: a firewall or a proxy may stand between'],
  [
    /SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/,
    'if that is your own proxy or server, name its CA: NODE_EXTRA_CA_CERTS=/path/to/ca.pem; else somebody stands between',
  ],
  [
    /^CERT_HAS_EXPIRED$|^CERT_NOT_YET_VALID$/,
    'check the clock of this machine; if it is right, the certificate must be renewed',
  ],
  [/ALTNAME|HOSTNAME_MISMATCH/, 'the certificate is for another host: check the URL, and what stands between'],
  [
    /^(EPROTO|ERR_SSL_\w+|ERR_TLS_\w+)$/,
    'no TLS is spoken there: check the port, and whether the proxy’s URL should be http://',
  ],
];

/** What to do about it. */
export function remedyOf(code: string): string {
  return REMEDIES.find(([pattern]) => pattern.test(code))?.[1] ?? 'check the way to Slack from this machine';
}
