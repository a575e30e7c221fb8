/** Errors before a connection is established: the request cannot have arrived. `UND_ERR_ABORTED`: the proxy refused. */
const NEVER_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENETDOWN|UND_ERR_CONNECT_TIMEOUT|UND_ERR_ABORTED|ERR_TLS_\w+|ERR_SSL_\w+|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|HOSTNAME_MISMATCH)$/;

/** Whether no connection was established, so the request cannot have arrived. */
export function isConnectionError(code: string): boolean {
  return NEVER_CONNECTED.test(code);
}
