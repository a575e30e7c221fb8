import type { IncomingMessage } from 'node:http';

/** Whether the Host header names this computer. A web page could point its own host name to 127.0.0.1 (DNS rebinding). */
export function isLoopback(host: string | undefined): boolean {
  return /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d{1,5})?$/i.test(host ?? '');
}

/** Whether a POST comes from the inbox's page. Browsers send `Origin` with every POST. */
export function isFromOwnPage(request: IncomingMessage): boolean {
  return request.headers.origin !== undefined && isSameOrigin(request);
}

/** Whether a GET comes from the inbox's page, or from a program that is not a browser. */
export function isSameOrigin({ headers }: IncomingMessage): boolean {
  const { host, origin = `http://${host}` } = headers;
  const site = headers['sec-fetch-site'] ?? 'same-origin';
  // `none` is an address that a person typed, or opened from a bookmark.
  return origin === `http://${host}` && ['same-origin', 'none'].includes(String(site));
}
