import { deepEqual, equal, match } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { generate } from 'selfsigned';

const HOST = 'slack.test';

describe('https through a proxy, with a private certificate authority', function () {
  // The tests start processes, and the machine may be busy.
  this.timeout(60_000);
  const servers: Server[] = [];
  let folder: string;
  let caFile: string;
  let proxyUrl: string;
  let received: string[];

  async function listen(server: Server): Promise<number> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'otel-slack-tls-'));
    const { private: key, cert } = await generate([{ name: 'commonName', value: HOST }], {
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'subjectAltName', altNames: [{ type: 2, value: HOST }] },
      ],
    });
    caFile = join(folder, 'ca.pem');
    writeFileSync(caFile, cert);
    const slack = createServer({ key, cert }, (request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        received.push(body);
        response.end('ok');
      });
    });
    const slackPort = await listen(slack);
    // Only the proxy can reach slack.test: no resolver knows the name.
    const proxy = createHttpServer().on('connect', (_request, socket) => {
      const upstream = connect(slackPort, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        socket.pipe(upstream).pipe(socket);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    proxyUrl = `http://127.0.0.1:${await listen(proxy)}`;
  });
  after(() => {
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    received = [];
  });

  async function run(environment: NodeJS.ProcessEnv, how = 'shut down') {
    const file = fileURLToPath(new URL('../children/one-error.ts', import.meta.url));
    const args = ['--import', 'tsx', file, `https://${HOST}/services/T0/B0/hidden`, how];
    const env = {
      ...process.env,
      NO_PROXY: '',
      no_proxy: '',
      HTTPS_PROXY: proxyUrl,
      https_proxy: proxyUrl,
      ...environment,
    };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env });
    return { stats: JSON.parse(stdout.trim().split('\n').at(-1) || '{}'), said: stdout + stderr };
  }

  it('delivers when NODE_EXTRA_CA_CERTS names the authority', async () => {
    const { stats } = await run({ NODE_EXTRA_CA_CERTS: caFile });
    deepEqual([stats.delivered, stats.dropped], [1, {}]);
    match(received[0] ?? '', /disk is full/);
  });

  it('delivers the last words as well', async () => {
    await run({ NODE_EXTRA_CA_CERTS: caFile }, 'exit');
    match(received[0] ?? '', /disk is full/);
  });

  it('sends no last words to a server that nobody vouches for', async () => {
    await run({ NODE_EXTRA_CA_CERTS: '' }, 'exit');
    deepEqual(received, []);
  });

  it('sends nothing to a server that nobody vouches for, says why, and ends in time', async () => {
    const { stats, said } = await run({ NODE_EXTRA_CA_CERTS: '' });
    deepEqual([stats.delivered, stats.dropped], [0, { shutdown: 1 }]);
    deepEqual(received, []);
    match(said, /no good answer from Slack \((DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)\)/);
    equal(said.includes('hidden'), false);
  });
});
