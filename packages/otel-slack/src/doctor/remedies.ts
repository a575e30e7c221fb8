/** What to do about an error code of Node's. The first pattern that matches decides. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/^ENOTFOUND$/, 'there is no such host: check its name, and the DNS of this machine'],
  [/^EAI_AGAIN$/, 'the DNS server does not answer: check the network, or /etc/resolv.conf of the container'],
  [/^ECONNREFUSED$/, 'nothing listens there: check host and port'],
  [
    /^(ETIMEDOUT|TIMEOUT|UND_ERR_CONNECT_TIMEOUT)$/,
    'there was no answer in time: a firewall may drop the packets; allow https to this host',
  ],
  [/^(EHOSTUNREACH|ENETUNREACH|ENETDOWN)$/, 'there is no route: check the network of this machine'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'the connection was closed: check the firewalls and proxies on the way'],
  [
    /SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/,
    'if this is your own proxy or server, name its CA: NODE_EXTRA_CA_CERTS=/path/to/ca.pem; else the connection may be intercepted',
  ],
  [
    /^CERT_HAS_EXPIRED$|^CERT_NOT_YET_VALID$/,
    'check the clock of this machine; if it is right, the certificate must be renewed',
  ],
  [/ALTNAME|HOSTNAME_MISMATCH/, 'the certificate is for another host: check the URL and the proxies on the way'],
  [
    /^(EPROTO|ERR_SSL_\w+|ERR_TLS_\w+)$/,
    'the server does not speak TLS: check the port, and whether the proxy’s URL should begin with http://',
  ],
];

/** What to do about an error code of Node's. */
export function remedyOf(code: string): string {
  return REMEDIES.find(([pattern]) => pattern.test(code))?.[1] ?? 'check the network between this machine and Slack';
}
