import { deepEqual, equal, match } from 'node:assert/strict';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { createDirectHttpClient, namesProxy } from '../../../src/slack/http/direct-http.js';
import { createHttpClient, type HttpClient, type HttpResult } from '../../../src/slack/http/http.js';
import { loadUndici } from '../../../src/slack/http/undici.cjs';
import { systemClock } from '../../../src/util/clock.js';
import { opened } from '../../support/slack.js';

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
    return closedLater(createHttpClient({ clock: systemClock, isLocal, warn }));
  }

  function closedLater(made: HttpClient): HttpClient {
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

  const kinds: readonly [string, () => HttpClient][] = [
    ['directly', () => closedLater(createDirectHttpClient({ clock: systemClock }))],
    ['with undici', client],
  ];
  for (const [name, client] of kinds) {
    describe(name, () => {
      it('gives status, headers and body', async () => {
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
        it(`gives up at its deadline and cannot know whether it arrived: ${kind}`, async () => {
          const inbox = await open.inbox({ faults: [{ kind }] });
          deepEqual(await post(client(), inbox.webhookUrl, 150), { kind: 'failed', code: 'TIMEOUT', isWritten: true });
        });
      }

      it('cannot know whether it arrived when the connection is reset', async () => {
        const inbox = await open.inbox({ faults: [{ kind: 'reset_after_accept' }] });
        const result = await post(client(), inbox.webhookUrl);
        equal(result.kind === 'failed' && result.isWritten, true);
      });

      it('knows that it did not arrive when nobody listens or the name does not exist', async () => {
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

      it('knows that it did not arrive when no connection came about in time', async () => {
        const silent = createTcpServer((socket) => servers.push({ close: () => socket.destroy() }));
        const result = await post(client(), `https://127.0.0.1:${await listen(silent)}/x`, 100);
        deepEqual(result, { kind: 'failed', code: 'TIMEOUT', isWritten: false });
      });

      it('knows that it did not arrive when TLS fails', async () => {
        const port = await listen(createTcpServer((socket) => socket.end('this is no TLS\r\n\r\n')));
        const result = await post(client(), `https://127.0.0.1:${port}/x`);
        deepEqual([result.kind, result.kind === 'failed' && result.isWritten], ['failed', false]);
      });

      it('does not follow a redirect', async () => {
        const inbox = await open.inbox({ faults: [{ kind: 'redirect', location: 'http://127.0.0.1:1/elsewhere' }] });
        const result = await post(client(), inbox.webhookUrl);
        equal(result.kind === 'response' && result.status, 302);
      });

      it('reads no more of an endless answer than is of use', async () => {
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

      it('ends a request at once when it is told to', async () => {
        const inbox = await open.inbox({ faults: [{ kind: 'hang_before_headers' }] });
        const stop = new AbortController();
        const result = post(client(), inbox.webhookUrl, 60_000, stop.signal);
        while (inbox.requests().length === 0) await new Promise((resolve) => setImmediate(resolve));
        stop.abort();
        equal((await result).kind, 'failed');
      });
    });
  }

  it('opens a new connection when the server has closed the idle one', async () => {
    const sockets = new Set<Duplex>();
    const server = createServer((request, response) => {
      sockets.add(request.socket);
      request.resume().on('end', () => response.end('ok'));
    });
    const url = `http://127.0.0.1:${await listen(server)}/x`;
    const http = closedLater(createDirectHttpClient({ clock: systemClock }));
    await post(http, url);
    const [first] = sockets;
    const isClosed = new Promise((resolve) => first?.once('close', resolve));
    // Half of the close: the other half says that the client has seen it.
    first?.end();
    await isClosed;
    equal((await post(http, url)).kind, 'response');
    equal(sockets.size, 2);
  });

  it('looks for a proxy in the variables that undici reads', () => {
    deepEqual(
      [{}, { HTTPS_PROXY: '' }, { https_proxy: 'http://proxy:3128' }, { HTTP_PROXY: 'nonsense' }].map(namesProxy),
      [false, false, true, true],
    );
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

    /** A proxy as companies have them: it takes CONNECT, and remembers for whom. */
    async function proxy(): Promise<{ url: string; asked: string[] }> {
      const asked: string[] = [];
      const server = createServer().on('connect', (request, socket) => {
        asked.push(request.url ?? '');
        tunnel(request.url ?? '', socket);
      });
      return { url: `http://127.0.0.1:${await listen(server)}`, asked };
    }

    it('goes where HTTP_PROXY says', async () => {
      const inbox = await open.inbox();
      const { url, asked } = await proxy();
      process.env.HTTP_PROXY = url;
      const result = await post(client(), inbox.webhookUrl);
      equal(result.kind, 'response');
      equal(asked.length, 1);
    });

    it('goes where HTTPS_PROXY says, and asks once when the proxy hangs up', async () => {
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

    it('knows that nothing arrived when the proxy refuses', async () => {
      const server = createServer().on('connect', (_request, socket) => {
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      });
      process.env.HTTPS_PROXY = `http://127.0.0.1:${await listen(server)}`;
      const result = await post(client(), 'https://slack.invalid/x');
      deepEqual(result, { kind: 'failed', code: 'UND_ERR_ABORTED', isWritten: false });
    });

    it('keeps its deadline while the proxy says nothing, and comes through when it speaks again', async () => {
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

    it('goes directly to this machine itself, whatever the variables say', async () => {
      const inbox = await open.inbox();
      const { url, asked } = await proxy();
      process.env.HTTP_PROXY = url;
      equal((await post(client({ isLocal: true }), inbox.webhookUrl)).kind, 'response');
      deepEqual(asked, []);
    });

    it('goes directly to what NO_PROXY names', async () => {
      const inbox = await open.inbox();
      const { url, asked } = await proxy();
      Object.assign(process.env, { HTTP_PROXY: url, NO_PROXY: '127.0.0.1' });
      await post(client(), inbox.webhookUrl);
      deepEqual(asked, []);
    });

    for (const nonsense of ['not a url', 'http://', 'ftp://proxy:21', '://user:hunter2@x']) {
      it(`warns and goes directly when the variable is nonsense: ${nonsense.replace(/\w+@/, '…@')}`, async () => {
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

  it('leaves the dispatcher of the app’s own fetch alone', async () => {
    const dispatcher = (version: number): unknown =>
      Reflect.get(globalThis, Symbol.for(`undici.globalDispatcher.${version}`));
    // Node makes its own late: with the first fetch().
    await fetch('data:,');
    const before = [dispatcher(1), dispatcher(2)];
    await post(client(), (await open.inbox()).webhookUrl);
    deepEqual([dispatcher(1), dispatcher(2)], before);
    equal(dispatcher(1)?.constructor === Agent, false, 'undici’s own agent is not in its place');
  });
});
