import type { IncomingMessage } from 'node:http';

/** Whether the host is one of this computer's own: a page of the web could reach us by a name of its own that points to 127.0.0.1. */
export function isLoopback(host: string | undefined): boolean {
  return /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d{1,5})?$/i.test(host ?? '');
}

/** Whether a request that changes something comes from our page. Browsers send `Origin` with every POST. */
export function isFromOwnPage(request: IncomingMessage): boolean {
  return request.headers.origin !== undefined && isNotFromElsewhere(request);
}

/** Whether a request that only reads may be our page's, or no browser's at all. */
export function isNotFromElsewhere({ headers }: IncomingMessage): boolean {
  const { host, origin = `http://${host}` } = headers;
  const site = headers['sec-fetch-site'] ?? 'same-origin';
  // What a person types or opens from a bookmark comes from nowhere.
  return origin === `http://${host}` && ['same-origin', 'none'].includes(String(site));
}
