import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Inbox, messageText, startInbox } from '../packages/slack-inbox/src/index.js';
import { buildIfStale, ended, killAll, start } from './support/processes.js';
import { IMPORT } from './support/registered.js';

describe('examples that are apps', function () {
  this.timeout(60_000);
  let inbox: Inbox;

  before(() => buildIfStale());
  beforeEach(async () => {
    inbox = await startInbox();
  });
  afterEach(async () => {
    killAll();
    await inbox.close();
  });

  const texts = (): readonly string[] => inbox.messages().map((message) => messageText(message));
  const startExample = (args: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcess =>
    start(args, {
      OTEL_EXPORTER_SLACK_WEBHOOK_URL: inbox.webhookUrl,
      OTEL_SERVICE_NAME: 'shop',
      NO_PROXY: '127.0.0.1',
      PORT: '0',
      ...environment,
    });

  /** Resolves when the output of the process matches. */
  async function printed(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
    let text = '';
    for await (const chunk of child.stdout ?? []) {
      text += String(chunk);
      const found = pattern.exec(text);
      if (found !== null) return found;
    }
    throw new Error(`it ended before it printed ${pattern}: ${text}`);
  }

  describe('with only --import', () => {
    for (const [file, headline] of [
      ['winston.mjs', /^🔴 ERROR · SyntaxError: .*JSON[\s\S]*file was not imported/u],
      ['bunyan.mjs', /^🔴 ERROR · Error: the picture is empty\nshop[\s\S]*picture was not shrunk/u],
    ] as const) {
      it(`${file} posts what its logger writes`, async () => {
        const { code, stderr } = await ended(startExample([...IMPORT, `examples/${file}`]));
        assert.deepEqual([code, stderr, texts().length], [0, '', 1]);
        assert.match(texts()[0] ?? '', headline);
      });
    }

    it('console.mjs posts what it writes with console.error, and the exception that ends it', async () => {
      const { code } = await ended(startExample([...IMPORT, 'examples/console.mjs']));
      assert.equal(code, 1);
      const all = texts().join('\n');
      assert.match(all, /🔴 ERROR · Error: the certificate ends tomorrow\n/u);
      assert.match(all, /🟣 FATAL · RangeError: there is no certificate 4\n/u);
      assert.doesNotMatch(all, /checking/);
    });

    it('express.cjs posts an unhandled error, and an error that its own handler logs', async () => {
      const child = startExample([...IMPORT, 'examples/express.cjs']);
      const [url] = await printed(child, /http:\S+/);
      assert.equal((await fetch(`${url}/carts/88`)).status, 500);
      assert.equal((await fetch(`${url}/till/pay`, { method: 'POST' })).status, 502);
      child.kill('SIGTERM');
      await once(child, 'exit');
      assert.equal(child.signalCode, 'SIGTERM');
      const all = texts().join('\n');
      assert.match(all, /ERROR · RangeError: cart 88 is empty\nshop/);
      assert.match(all, /ERROR · Error: the bank is closed\nshop[^\n]*\npayment failed\n/);
    });

    it('fastify.mjs posts the error of a route', async () => {
      const child = startExample([...IMPORT, 'examples/fastify.mjs']);
      const [, url] = await printed(child, /listening at (http:[^"]+)/);
      assert.equal((await fetch(`${url}/carts/88`)).status, 500);
      await inbox.waitForMessages(1);
      assert.match(texts().join(), /^🔴 ERROR · RangeError: cart 88 is empty\nshop/u);
    });

    it('nestjs.ts posts the error of a controller', async () => {
      const child = startExample(['--import', 'tsx', ...IMPORT, 'examples/nestjs.ts']);
      const [url] = await printed(child, /http:\S+/);
      assert.equal((await fetch(`${url}/carts/88`)).status, 500);
      await inbox.waitForMessages(1);
      assert.match(texts().join(), /^🔴 ERROR · RangeError: the cart is empty\nshop[\s\S]*ExceptionsHandler/u);
    });
  });

  describe('nextjs/instrumentation.ts', () => {
    const HARNESS = `
      const { register, onRequestError } = await import('./examples/nextjs/instrumentation.ts');
      await register();
      const request = { path: '/carts/88?token=1', method: 'GET', headers: {} };
      const context = { routerKind: 'App Router', routePath: '/carts/[id]', routeType: 'render' };
      await onRequestError(new RangeError('cart is empty'), request, context);`;
    const runAsNext = (environment: Readonly<Record<string, string>>) =>
      ended(startExample(['--import', 'tsx', '--input-type=module', '--eval', HARNESS], environment));

    it('posts the error of a request, before a function is frozen', async () => {
      const { code, stderr } = await runAsNext({ NEXT_RUNTIME: 'nodejs', VERCEL: '1' });
      assert.deepEqual([code, stderr, texts().length], [0, '', 1]);
      assert.match(texts()[0] ?? '', /^🔴 ERROR · RangeError: cart is empty\n/u);
      assert.match(texts()[0] ?? '', /GET \/carts\/\[id\][\s\S]*route_type = render/);
    });

    it('does nothing in the edge runtime, which is not Node', async () => {
      const { code, stderr } = await runAsNext({ NEXT_RUNTIME: 'edge', VERCEL: '1' });
      assert.deepEqual([code, stderr, texts().length], [0, '', 0]);
    });
  });

  it('lambda.mjs delivers the error of an invocation before its handler returns', async () => {
    // The Lambda runtime freezes the process after the handler, so only the messages until then count.
    const harness = `
      import { handler } from './examples/lambda.mjs';
      const invoke = (event) => handler(event, { awsRequestId: 'a1b2' }).then(JSON.stringify, String);
      console.log(await invoke({ quantity: 3 }), await invoke({ quantity: -1 }));
      process.kill(process.pid, 'SIGSTOP');`;
    const child = startExample(['--input-type=module', '--eval', harness]);
    await printed(child, /\{"ordered":3\} RangeError: the quantity is not positive\n/);
    assert.equal(texts().length, 1);
    assert.match(texts()[0] ?? '', /^🔴 ERROR · RangeError: the quantity is not positive\n[\s\S]*order failed/u);
  });

  it('queue-worker.mjs delivers everything before it ends after SIGTERM', async () => {
    const child = startExample(['examples/queue-worker.mjs']);
    const end = ended(child);
    await inbox.waitForMessages(1);
    child.kill('SIGTERM');
    const { code, stdout } = await end;
    const [, delivered, accepted] = /(\d+) of (\d+) delivered/.exec(stdout) ?? [];
    assert.deepEqual([code, delivered], [0, accepted]);
    assert.match(texts().join(), /ERROR (?:×\d+ )?· Error: mailbox is full/u);
  });

  it('alerts.test.mjs passes', async () => {
    const { code, stdout } = await ended(start(['--test', '--test-reporter=tap', 'examples/alerts.test.mjs']));
    assert.equal(code, 0, stdout);
    assert.match(stdout, /# pass 2\n# fail 0\n/);
  });

  it('node-sdk.mjs exports all records to the log store, and the error to Slack', async () => {
    const received: string[] = [];
    const store = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      request.on('end', () => {
        received.push(`${request.url} ${body}`);
        response.setHeader('content-type', 'application/json').end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(store, 'listening');
    const endpoint = `http://127.0.0.1:${(store.address() as AddressInfo).port}`;
    const { code, stderr } = await ended(
      startExample(['examples/node-sdk.mjs'], { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: '' }),
    );
    store.closeAllConnections();
    store.close();
    assert.deepEqual([code, stderr, texts().length], [0, '', 1]);
    assert.match(received.join('\n'), /^\/v1\/logs [\s\S]*cart 88 was opened[\s\S]*cart 88 could not be paid/);
    assert.match(texts()[0] ?? '', /^🔴 ERROR · cart 88 could not be paid\ncheckout \(staging\) · 2\.7\.0/u);
    assert.match(texts()[0] ?? '', /POST \/carts\/:id\/pay → 502/);
  });
});
