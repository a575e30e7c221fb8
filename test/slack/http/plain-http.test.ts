import { deepEqual, equal } from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Server } from 'node:net';
import { createPlainHttpClient } from '../../../src/slack/http/plain-http.js';
import { listen } from '../../support/relay.js';
import { opened } from '../../support/slack.js';

const PROXY_VARIABLES = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'] as const;

describe('http without undici', () => {
  const open = opened();
  const servers: Server[] = [];
  let environment: NodeJS.ProcessEnv;

  beforeEach(() => {
    environment = { ...process.env };
    for (const name of PROXY_VARIABLES) delete process.env[name];
  });
  afterEach(async () => {
    process.env = environment;
    for (const server of servers.splice(0)) server.close();
    await open.closeAll();
  });

  function post(url: string, { isLocal = true, timeoutMillis = 5_000 } = {}) {
    const headers = { 'content-type': 'application/json' };
    const signal = new AbortController().signal;
    return createPlainHttpClient({ isLocal }).post({ url, headers, body: '{"text":"hi"}', timeoutMillis, signal });
  }

  /** A proxy that refuses. Gives its port, and the hosts and credentials that it got. */
  async function refusingProxy() {
    const asked: (readonly [string | undefined, string | undefined])[] = [];
    const server = createServer().on('connect', (request, socket) => {
      asked.push([request.url, request.headers['proxy-authorization']]);
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    });
    servers.push(server);
    return { port: await listen(server), asked };
  }

  it('gives the status and the body of an answer', async () => {
    const inbox = await open.inbox();
    const result = await post(inbox.webhookUrl);
    deepEqual(result.kind === 'response' && [result.status, result.body], [200, 'ok']);
    equal(inbox.messages()[0]?.text, 'hi');
  });

  it('gives up at its deadline', async () => {
    const inbox = await open.inbox({ faults: [{ kind: 'hang_in_body' }] });
    equal((await post(inbox.webhookUrl, { timeoutMillis: 150 })).kind, 'failed');
  });

  for (const kind of ['reset', 'reset_after_accept', 'truncate'] as const) {
    it(`survives a connection that breaks: ${kind}`, async () => {
      const inbox = await open.inbox({ faults: [{ kind }] });
      equal((await post(inbox.webhookUrl)).kind, 'failed');
    });
  }

  it('names no URL when nobody listens', async () => {
    const inbox = await open.inbox();
    const url = inbox.webhookUrl;
    await inbox.close();
    deepEqual(await post(url), { kind: 'failed', code: 'ECONNREFUSED', isWritten: false });
  });

  it('asks the proxy with its credentials for the host and the port, and sends nothing when the proxy refuses', async () => {
    const { port, asked } = await refusingProxy();
    process.env.HTTPS_PROXY = `http://user:p%40ss@127.0.0.1:${port}`;
    equal((await post('https://slack.test/services/x', { isLocal: false })).kind, 'failed');
    deepEqual(asked, [['slack.test:443', `Basic ${Buffer.from('user:p@ss').toString('base64')}`]]);
  });

  it('goes directly to this machine itself, whatever the variables say', async () => {
    const inbox = await open.inbox();
    const { port, asked } = await refusingProxy();
    process.env.HTTP_PROXY = `http://127.0.0.1:${port}`;
    equal((await post(inbox.webhookUrl)).kind, 'response');
    deepEqual(asked, []);
  });
});
