import { deepEqual, equal, match } from 'node:assert/strict';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { createHttpClient, type HttpClient, type HttpResult } from '../../src/slack/http.js';
import { loadUndici } from '../../src/slack/undici.cjs';
import { systemClock } from '../../src/util/clock.js';
import { opened } from '../support/slack.js';

const PROXY_VARIABLES = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'] as const;

const { Agent } = loadUndici();

describe('http', () => {
  const open = opened();
  const clients: HttpClient[] = [];
  const servers: { close(): unknown; closeAllConnections?(): void }[] = [];
  let environment: NodeJS.ProcessEnv;

  beforeEach(() => {
    environment = { ...process.env };
    for (const name of PROXY_VARIABLES) delete process.env[name];
  });
  afterEach(async () => {
    process.env = environment;
    await Promise.all(clients.splice(0).map((client) => client.close()));
    for (const server of servers.splice(0)) {
      server.closeAllConnections?.();
      server.close();
    }
    await open.closeAll();
  });

  function client({ warn = (_: string): void => {}, isLocal = false } = {}): HttpClient {
    const made = createHttpClient({ clock: systemClock, isLocal, warn });
    clients.push(made);
    return made;
  }

  function post(http: HttpClient, url: string, timeoutMillis = 5_000, signal = new AbortController().signal) {
    return http.post({
      url,
      headers: { 'content-type': 'application/json' },
      body: '{"text":"hi"}',
      timeoutMillis,
      signal,
    });
  }

  async function listen(server: NetServer): Promise<number> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  it('returns status, headers and body', async () => {
    const inbox = await open.inbox();
    const result = await post(client(), inbox.webhookUrl);
    equal(result.kind, 'response');
    deepEqual(result.kind === 'response' && [result.status, result.body], [200, 'ok']);
  });

  it('uses one connection for all requests', async () => {
    const sockets = new Set<unknown>();
    const port = await listen(
      createServer((request, response) => {
        sockets.add(request.socket);
        request.resume().on('end', () => response.end('ok'));
      }),
    );
    const http = client();
    for (let at = 0; at < 5; at++) await post(http, `http://127.0.0.1:${port}/x`);
    equal(sockets.size, 1);
  });

  for (const kind of ['hang_before_headers', 'hang_in_body', 'drip'] as const) {
    it(`fails at its deadline and reports that the request may have arrived: ${kind}`, async () => {
      const inbox = await open.inbox({ faults: [{ kind }] });
      deepEqual(await post(client(), inbox.webhookUrl, 150), { kind: 'failed', code: 'TIMEOUT', isWritten: true });
    });
  }

  it('reports that the request may have arrived when the connection is reset', async () => {
    const inbox = await open.inbox({ faults: [{ kind: 'reset_after_accept' }] });
    const result = await post(client(), inbox.webhookUrl);
    equal(result.kind === 'failed' && result.isWritten, true);
  });

  it('reports that the request did not arrive when the connection is refused or the name does not exist', async () => {
    const port = await listen(createTcpServer());
    servers.splice(0)[0]?.close();
    deepEqual(await post(client(), `http://127.0.0.1:${port}/x`), {
      kind: 'failed',
      code: 'ECONNREFUSED',
      isWritten: false,
    });
    const result = await post(client(), 'https://no-such-host.invalid/secret-path');
    match(result.kind === 'failed' ? result.code : '', /^(ENOTFOUND|EAI_AGAIN)$/);
    equal(result.kind === 'failed' && result.isWritten, false);
    equal(JSON.stringify(result).includes('secret-path'), false);
  });

  it('reports that the request did not arrive when no connection was established in time', async () => {
    const silent = createTcpServer((socket) => servers.push({ close: () => socket.destroy() }));
    const result = await post(client(), `https://127.0.0.1:${await listen(silent)}/x`, 100);
    deepEqual(result, { kind: 'failed', code: 'TIMEOUT', isWritten: false });
  });

  it('reports that the request did not arrive when TLS fails', async () => {
    const port = await listen(createTcpServer((socket) => socket.end('this is no TLS\r\n\r\n')));
    const result = await post(client(), `https://127.0.0.1:${port}/x`);
    deepEqual([result.kind, result.kind === 'failed' && result.isWritten], ['failed', false]);
  });

  it('does not follow a redirect', async () => {
    const inbox = await open.inbox({ faults: [{ kind: 'redirect', location: 'http://127.0.0.1:1/elsewhere' }] });
    const result = await post(client(), inbox.webhookUrl);
    equal(result.kind === 'response' && result.status, 302);
  });

  it('reads only the beginning of an endless response', async () => {
    const port = await listen(
      createServer((request, response) => {
        request.resume();
        const write = (): void => {
          if (response.destroyed) return;
          response.write('x'.repeat(65_536));
          setImmediate(write);
        };
        write();
      }),
    );
    const result = await post(client(), `http://127.0.0.1:${port}/x`);
    equal(result.kind === 'response' && result.body.length, 65_536);
  });

  it('ends a request at once when the signal is aborted', async () => {
    const inbox = await open.inbox({ faults: [{ kind: 'hang_before_headers' }] });
    const stop = new AbortController();
    const result = post(client(), inbox.webhookUrl, 60_000, stop.signal);
    while (inbox.requests().length === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    equal((await result).kind, 'failed');
  });

  describe('through a proxy', () => {
    function tunnel(target: string, socket: Duplex): void {
      const [host, port] = target.split(':');
      const upstream = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        socket.pipe(upstream).pipe(socket);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
      servers.push({ close: () => upstream.destroy() }, { close: () => socket.destroy() });
    }

    /** A company’s proxy: it accepts CONNECT, and records the target hosts. */
    async function proxy(): Promise<{ url: string; asked: string[] }> {
      const asked: string[] = [];
      const server = createServer().on('connect', (request, socket) => {
        asked.push(request.url ?? '');
        tunnel(request.url ?? '', socket);
      });
      return { url: `http://127.0.0.1:${await listen(server)}`, asked };
    }

    it('uses the proxy of HTTP_PROXY', async () => {
      const inbox = await open.inbox();
      const { url, asked } = await proxy();
      process.env.HTTP_PROXY = url;
      const result = await post(client(), inbox.webhookUrl);
      equal(result.kind, 'response');
      equal(asked.length, 1);
    });

    it('uses the proxy of HTTPS_PROXY, and tries once when the proxy closes the connection', async () => {
      const asked: string[] = [];
      const server = createServer().on('connect', (request, socket) => {
        asked.push(request.url ?? '');
        socket.destroy();
      });
      process.env.HTTPS_PROXY = `http://127.0.0.1:${await listen(server)}`;
      const result = await post(client(), 'https://slack.invalid/x');
      deepEqual(result, { kind: 'failed', code: 'PROXY_HUNG_UP', isWritten: false });
      deepEqual(asked, ['slack.invalid:443']);
    });

    it('reports that the request did not arrive when the proxy refuses', async () => {
      const server = createServer().on('connect', (_request, socket) => {
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      });
      process.env.HTTPS_PROXY = `http://127.0.0.1:${await listen(server)}`;
      const result = await post(client(), 'https://slack.invalid/x');
      deepEqual(result, { kind: 'failed', code: 'UND_ERR_ABORTED', isWritten: false });
    });

    it('keeps its deadline while the proxy does not respond, and succeeds when it responds again', async () => {
      const inbox = await open.inbox();
      let isSilent = true;
      const server = createServer().on('connect', (request, socket) => {
        servers.push({ close: () => socket.destroy() });
        if (!isSilent) tunnel(request.url ?? '', socket);
      });
      process.env.HTTP_PROXY = `http://127.0.0.1:${await listen(server)}`;
      const http = client();
      deepEqual(await post(http, inbox.webhookUrl, 100), { kind: 'failed', code: 'TIMEOUT', isWritten: false });
      isSilent = false;
      equal((await post(http, inbox.webhookUrl)).kind, 'response');
    });

    it('connects directly to this machine, whatever the variables say', async () => {
      const inbox = await open.inbox();
      const { url, asked } = await proxy();
      process.env.HTTP_PROXY = url;
      equal((await post(client({ isLocal: true }), inbox.webhookUrl)).kind, 'response');
      deepEqual(asked, []);
    });

    it('connects directly to the hosts of NO_PROXY', async () => {
      const inbox = await open.inbox();
      const { url, asked } = await proxy();
      Object.assign(process.env, { HTTP_PROXY: url, NO_PROXY: '127.0.0.1' });
      await post(client(), inbox.webhookUrl);
      deepEqual(asked, []);
    });

    for (const nonsense of ['not a url', 'http://', 'ftp://proxy:21', '://user:hunter2@x']) {
      it(`warns and connects directly when the variable is not a URL: ${nonsense.replace(/\w+@/, '…@')}`, async () => {
        const inbox = await open.inbox();
        Object.assign(process.env, { HTTP_PROXY: nonsense, HTTPS_PROXY: nonsense });
        const warned: string[] = [];
        const result: HttpResult = await post(
          client({ warn: (message) => void warned.push(message) }),
          inbox.webhookUrl,
        );
        equal(result.kind === 'response' && result.status, 200, JSON.stringify(result));
        equal(warned.length, 1);
        equal(warned.join().includes('hunter2'), false);
      });
    }
  });

  it('does not change the dispatcher of the app’s own fetch', async () => {
    const dispatcher = (version: number): unknown =>
      Reflect.get(globalThis, Symbol.for(`undici.globalDispatcher.${version}`));
    // Node creates its dispatcher with the first fetch().
    await fetch('data:,');
    const before = [dispatcher(1), dispatcher(2)];
    await post(client(), (await open.inbox()).webhookUrl);
    deepEqual([dispatcher(1), dispatcher(2)], before);
    equal(dispatcher(1)?.constructor === Agent, false, 'undici’s own agent is not in its place');
  });
});
