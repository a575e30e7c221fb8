import { lookup } from 'node:dns/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

/** What came of an attempt; the code is Node's own, or an HTTP status. */
export type Attempt<T> = { readonly value: T } | { readonly code: string };

/** For each attempt. */
const PATIENCE_MILLIS = 5_000;

/** The addresses of a host. */
export async function resolveHost(host: string): Promise<Attempt<readonly string[]>> {
  return attempt(lookup(host, { all: true }).then((found) => found.map(({ address }) => address)));
}

/** Opens a connection. */
export function openSocket(host: string, port: number): Promise<Attempt<Socket>> {
  return attempt(
    new Promise<Socket>((resolve, reject) => {
      const socket = connectTcp(port, host, () => resolve(socket));
      endAfter(socket);
      socket.on('error', reject);
    }),
  );
}

/** Asks a proxy for a way to a host, as the exporter does. */
export function openTunnel(proxy: URL, host: string, port: number): Promise<Attempt<Socket>> {
  const send = proxy.protocol === 'https:' ? httpsRequest : httpRequest;
  const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  return attempt(
    new Promise<Socket>((resolve, reject) => {
      const request = send({
        host: bare(proxy.hostname),
        port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
        method: 'CONNECT',
        path: `${host}:${port}`,
        headers: { host: `${host}:${port}`, ...(proxy.username && { 'proxy-authorization': authorization }) },
        agent: false,
      });
      request.setTimeout(PATIENCE_MILLIS, () => request.destroy(timedOut()));
      request.on('connect', (response, socket) => {
        if (response.statusCode === 200) resolve(socket as Socket);
        else {
          socket.destroy();
          reject(coded(String(response.statusCode)));
        }
      });
      request.on('response', (response) => {
        response.destroy();
        reject(coded(String(response.statusCode)));
      });
      request.on('error', reject);
      request.end();
    }),
  );
}

/** What the other side showed. */
export interface Peer {
  readonly protocol: string;
  readonly issuer: string;
  readonly validTo: string;
  /** Why its certificate is not trusted; undefined: it is. */
  readonly distrust: string | undefined;
}

/** Shakes hands over a connection, and looks at the certificate. Nothing else is sent, whoever it is. */
export function shakeHands(socket: Socket, host: string): Promise<Attempt<Peer>> {
  return attempt(
    new Promise<Peer>((resolve, reject) => {
      const name = bare(host);
      const servername = isIP(name) ? {} : { servername: name };
      // Looked at before it is refused: who issued it says more than that it is not trusted.
      const tls = connectTls({ socket, host: name, ...servername, rejectUnauthorized: false }, () => {
        resolve(peerOf(tls));
        tls.destroy();
      });
      endAfter(tls);
      tls.on('error', reject);
      tls.on('close', () => reject(coded('ECONNRESET')));
    }),
  );
}

function peerOf(tls: TLSSocket): Peer {
  const { issuer, valid_to: validTo = '' } = tls.getPeerCertificate();
  const error = tls.authorizationError as Error | string | undefined | null;
  return {
    protocol: tls.getProtocol() ?? 'TLS',
    issuer: String(issuer?.O ?? issuer?.CN ?? 'nobody'),
    validTo,
    distrust: tls.authorized || !error ? undefined : typeof error === 'string' ? error : codeOf(error),
  };
}

/** A host without the brackets of an IPv6 address. */
export function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

function endAfter(socket: Socket): void {
  socket.setTimeout(PATIENCE_MILLIS, () => socket.destroy(timedOut()));
}

function timedOut(): Error {
  return coded('ETIMEDOUT');
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}

async function attempt<T>(work: Promise<T>): Promise<Attempt<T>> {
  const { promise, stop } = patience();
  try {
    return { value: await Promise.race([work, promise]) };
  } catch (error) {
    return { code: codeOf(error) };
  } finally {
    stop();
  }
}

/** A resolver may take its time, and cannot be told to stop. */
function patience(): { readonly promise: Promise<never>; readonly stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(timedOut()), PATIENCE_MILLIS + 500);
  });
  return { promise, stop: () => clearTimeout(timer) };
}

function codeOf(error: unknown): string {
  const { code, errors } = error as { readonly code?: unknown; readonly errors?: readonly { code?: unknown }[] };
  return String(code ?? errors?.[0]?.code ?? 'UNKNOWN');
}
