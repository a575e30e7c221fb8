import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { lookup, resolveHost as resolve } from '../../../../src/slack/index.js';
import { outsideText } from './outside-text.js';

/** The result of an attempt, or Node's error code or an HTTP status. */
export type Attempt<T> = { readonly value: T } | { readonly code: string };

/** Of each attempt. */
const TIMEOUT_MILLIS = 5_000;

/** Resolves the addresses of a host. */
export async function resolveHost(host: string): Promise<Attempt<readonly string[]>> {
  return attempt(resolve(host).then((found) => found.map(({ address }) => address)));
}

/** Opens a TCP connection. */
export function openSocket(host: string, port: number): Promise<Attempt<Socket>> {
  return attempt(
    new Promise<Socket>((resolve, reject) => {
      const socket = connectTcp({ port, host, lookup }, () => resolve(socket));
      destroyOnTimeout(socket);
      socket.on('error', reject);
    }),
  );
}

/** Opens a tunnel through a proxy with CONNECT, as the exporter does. */
export function openTunnel(proxy: URL, host: string, port: number): Promise<Attempt<Socket>> {
  const send = proxy.protocol === 'https:' ? httpsRequest : httpRequest;
  const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  return attempt(
    new Promise<Socket>((resolve, reject) => {
      const request = send({
        host: withoutBrackets(proxy.hostname),
        port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
        method: 'CONNECT',
        path: `${host}:${port}`,
        headers: { host: `${host}:${port}`, ...(proxy.username && { 'proxy-authorization': authorization }) },
        agent: false,
        lookup,
      });
      request.setTimeout(TIMEOUT_MILLIS, () => request.destroy(timeoutError()));
      request.on('connect', (response, socket) => {
        if (response.statusCode === 200) resolve(socket as Socket);
        else {
          socket.destroy();
          reject(errorWithCode(String(response.statusCode)));
        }
      });
      request.on('response', (response) => {
        response.destroy();
        reject(errorWithCode(String(response.statusCode)));
      });
      request.on('error', reject);
      request.end();
    }),
  );
}

/** The other side of a TLS connection. */
export interface Peer {
  readonly protocol: string;
  readonly issuer: string;
  readonly validTo: string;
  /** The error of a certificate that is not trusted; undefined when it is trusted. */
  readonly trustError: string | undefined;
}

/** Performs a TLS handshake and reads the certificate. No data is sent, so an untrusted server learns no token. */
export function tlsHandshake(socket: Socket, host: string): Promise<Attempt<Peer>> {
  return attempt(
    new Promise<Peer>((resolve, reject) => {
      const name = withoutBrackets(host);
      const servername = isIP(name) ? {} : { servername: name };
      // The certificate is read even when it is not trusted: its issuer often explains why.
      const tls = connectTls({ socket, host: name, ...servername, rejectUnauthorized: false }, () => {
        resolve(peerOf(tls));
        tls.destroy();
      });
      destroyOnTimeout(tls);
      tls.on('error', reject);
      tls.on('close', () => reject(errorWithCode('ECONNRESET')));
    }),
  );
}

function peerOf(tls: TLSSocket): Peer {
  const { issuer, valid_to: validTo = '' } = tls.getPeerCertificate();
  const error = tls.authorizationError as Error | string | undefined | null;
  return {
    protocol: tls.getProtocol() ?? 'TLS',
    issuer: outsideText(issuer?.O || issuer?.CN || 'an unknown issuer', 100),
    validTo: outsideText(validTo, 40),
    trustError: tls.authorized || !error ? undefined : typeof error === 'string' ? error : codeOf(error),
  };
}

/** A host; for an IPv6 address without its brackets. */
export function withoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

function destroyOnTimeout(socket: Socket): void {
  socket.setTimeout(TIMEOUT_MILLIS, () => socket.destroy(timeoutError()));
}

function timeoutError(): Error {
  return errorWithCode('ETIMEDOUT');
}

function errorWithCode(code: string): Error {
  return Object.assign(new Error(code), { code });
}

async function attempt<T>(work: Promise<T>): Promise<Attempt<T>> {
  const { promise, stop } = timeout();
  try {
    return { value: await Promise.race([work, promise]) };
  } catch (error) {
    return { code: codeOf(error) };
  } finally {
    stop();
  }
}

/** A DNS lookup cannot be cancelled, so it runs against a timer. */
function timeout(): { readonly promise: Promise<never>; readonly stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(timeoutError()), TIMEOUT_MILLIS + 500);
  });
  return { promise, stop: () => clearTimeout(timer) };
}

function codeOf(error: unknown): string {
  const { code, errors } = error as { readonly code?: unknown; readonly errors?: readonly { code?: unknown }[] };
  return String(code ?? errors?.[0]?.code ?? 'UNKNOWN');
}
