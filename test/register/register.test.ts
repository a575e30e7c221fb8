import assert from 'node:assert/strict';
import { IMPORT, REQUIRE, registered, SDK_LOGS } from '../support/registered.js';

const EMIT = "logger.emit({ severityNumber: 17, body: 'no milk left' });";
/** The logs API: of OpenTelemetry 3, or else of the 0.2xx line. */
const LOGS = `const { logs } = require('@opentelemetry/api').logs ? require('@opentelemetry/api') : require('@opentelemetry/api-logs');`;

describe('--import opentelemetry-exporter-slack/register', function () {
  this.timeout(60_000);
  const slack = registered();

  it('sends an error that an ES module writes with console.error to Slack, with its stack and its app', async () => {
    const app = slack.app();
    app.write('app.mjs', `console.log('hello'); console.error('charge failed:', new TypeError('no funds'));`);
    const { code, stdout, stderr, texts } = await slack.run(app, 'app.mjs');
    assert.deepEqual([code, stdout, texts.length], [0, 'hello\n', 1]);
    assert.match(stderr, /^charge failed: TypeError: no funds\n( +at .*\n)+$/);
    assert.match(
      texts[0] ?? '',
      /^🔴 ERROR · TypeError: no funds\nshop · 2\.7\.0[^\n]*\ncharge failed\n```\n +at app\.mjs:1:/u,
    );
  });

  for (const flags of [IMPORT, REQUIRE]) {
    it(`gives a CommonJS app the global logs API, with ${flags[0]}`, async () => {
      const app = slack.app([SDK_LOGS, '@opentelemetry/api-logs']);
      app.write('app.cjs', `${LOGS} const logger = logs.getLogger('orders'); ${EMIT}`);
      const { code, stderr, texts } = await slack.run(app, 'app.cjs', { flags });
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(texts.join('\n'), /^🔴 ERROR · no milk left\nshop · 2\.7\.0/u);
    });
  }

  it('sets the provider of both @opentelemetry/api-logs and @opentelemetry/api', async () => {
    const app = slack.app([SDK_LOGS, '@opentelemetry/api-logs']);
    app.write(
      'app.mjs',
      `import * as api from '@opentelemetry/api'; import { logs } from '@opentelemetry/api-logs';
       logs.getLogger('old').emit({ severityNumber: 17, body: 'from the old API' });
       api.logs?.getLogger('new').emit({ severityNumber: 17, body: 'from the new API' });
       console.log(api.logs === undefined);`,
    );
    const { stdout, texts } = await slack.run(app, 'app.mjs');
    assert.match(texts.join('\n'), /from the old API/);
    if (stdout === 'false\n') assert.match(texts.join('\n'), /from the new API/);
  });

  it('takes the service name from OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES', async () => {
    const app = slack.app();
    app.write('app.mjs', `console.error('late');`);
    const attributes = 'service.version=9.9,deployment.environment.name=staging';
    const environment = { OTEL_SERVICE_NAME: 'till', OTEL_RESOURCE_ATTRIBUTES: attributes };
    const { texts } = await slack.run(app, 'app.mjs', { environment });
    assert.match(texts.join(), /^🔴 ERROR · late\ntill \(staging\) · 9\.9/u);
  });

  it('reports the exception that ends the process as FATAL, with its service, and changes neither exit code nor output', async () => {
    const app = slack.app();
    app.write('app.cjs', `throw new RangeError('too far');`);
    const { code, stderr, texts } = await slack.run(app, 'app.cjs');
    assert.equal(code, 1);
    assert.match(stderr, /^[^\n]*app\.cjs:1\n[\s\S]*RangeError: too far/);
    assert.match(texts.join(), /^🟣 FATAL · RangeError: too far\nshop · 2\.7\.0/u);
  });

  it('does not report the exception when the last words are off', async () => {
    const app = slack.app();
    app.write('app.cjs', `throw new RangeError('too far');`);
    const environment = { OTEL_EXPORTER_SLACK_LAST_WORDS: 'false' };
    assert.deepEqual((await slack.run(app, 'app.cjs', { environment })).texts, []);
  });

  it('reports a warning of Node.js as WARN, also one that a worker thread writes with console.error', async () => {
    const app = slack.app();
    app.write('worker.mjs', `process.emitWarning('old thing'); setTimeout(() => console.error('late'), 50);`);
    app.write(
      'app.mjs',
      `import { Worker } from 'node:worker_threads'; new Worker(new URL('worker.mjs', import.meta.url));`,
    );
    const { stderr, texts } = await slack.run(app, 'app.mjs');
    assert.match(stderr, /Warning: old thing/);
    assert.equal(texts.length, 1);
    assert.match(texts[0] ?? '', /ERROR · late/);
  });

  it('does nothing with OTEL_SDK_DISABLED', async () => {
    const app = slack.app();
    app.write('app.mjs', `console.error('late'); console.log(process.listenerCount('SIGTERM'));`);
    const { code, stdout, stderr, texts } = await slack.run(app, 'app.mjs', {
      environment: { OTEL_SDK_DISABLED: 'true' },
    });
    assert.deepEqual({ code, stdout, stderr, texts }, { code: 0, stdout: '0\n', stderr: 'late\n', texts: [] });
  });

  it('warns on stderr when no destination is set, and the app runs', async () => {
    const app = slack.app();
    app.write('app.mjs', `console.log('running');`);
    const environment = { OTEL_EXPORTER_SLACK_WEBHOOK_URL: '', OTEL_EXPORTER_SLACK_TOKEN: '' };
    const { code, stdout, stderr } = await slack.run(app, 'app.mjs', { environment });
    assert.deepEqual([code, stdout], [0, 'running\n']);
    assert.match(stderr, /OTEL_EXPORTER_SLACK_WEBHOOK_URL/);
    const quiet = await slack.run(app, 'app.mjs', { environment: { ...environment, OTEL_LOG_LEVEL: 'none' } });
    assert.equal(quiet.stderr, '');
  });

  it('lets the app set its own diag logger without a warning', async () => {
    const app = slack.app();
    app.write(
      'app.cjs',
      `const { diag } = require('@opentelemetry/api'); const said = [];
       const log = (...args) => said.push(args.join(' '));
       diag.setLogger({ error: log, warn: log, info: log, debug: log, verbose: log });
       diag.warn('mine'); console.log(JSON.stringify(said));`,
    );
    const { stdout, stderr } = await slack.run(app, 'app.cjs');
    assert.deepEqual([stdout, stderr], ['["mine"]\n', '']);
  });

  it('names the package to install when there is no SDK, and the app runs', async () => {
    const app = slack.app([]);
    app.write('app.mjs', `console.error('late');`);
    const { code, stderr, texts } = await slack.run(app, 'app.mjs');
    assert.deepEqual([code, texts], [0, []]);
    assert.match(stderr, /^[^\n]*npm install @opentelemetry\/sdk-logs[^\n]*\nlate\n$/);
  });

  describe('beside a provider of the app', () => {
    const OWN = `${LOGS} const { LoggerProvider } = require('@opentelemetry/sdk-logs');
      const seen = []; const own = { onEmit: (record) => seen.push(record.body), forceFlush: async () => {}, shutdown: async () => {} };
      logs.setGlobalLoggerProvider(new LoggerProvider({ processors: [own] }));`;
    const LOG = `logs.getLogger('orders').emit({ severityNumber: 17, body: 'no milk left' }); console.error('late'); console.log(seen.join());`;

    it('that is registered before, does nothing and warns how to add the processor', async () => {
      const app = slack.app([SDK_LOGS, '@opentelemetry/api-logs']);
      app.write('otel.cjs', `${OWN} globalThis.seen = seen;`);
      app.write('app.cjs', `${LOGS} ${LOG}`);
      const flags = ['--require', './otel.cjs', ...IMPORT];
      const { code, stdout, stderr, texts } = await slack.run(app, 'app.cjs', { flags });
      assert.deepEqual([code, stdout, texts], [0, 'no milk left\n', []]);
      assert.match(stderr, /registered already.*logRecordProcessors: \[createSlackLogRecordProcessor\(\)\]/);
    });

    it('that is registered later, is replaced by it, so that it gets the records', async () => {
      const app = slack.app([SDK_LOGS, '@opentelemetry/api-logs']);
      app.write('app.cjs', `console.error('early'); ${OWN} ${LOG}`);
      const { code, stdout, stderr, texts } = await slack.run(app, 'app.cjs');
      assert.deepEqual([code, stdout], [0, 'no milk left\n']);
      assert.match(
        stderr,
        /which replaces the one of register.*logRecordProcessors: \[createSlackLogRecordProcessor\(\)\]/,
      );
      assert.equal(texts.length, 1);
      assert.match(texts[0] ?? '', /ERROR · early/);
    });

    it('that an ES module registers later, is replaced as well', async () => {
      const app = slack.app([SDK_LOGS, '@opentelemetry/api-logs']);
      app.write(
        'app.mjs',
        `import * as api from '@opentelemetry/api'; import { LoggerProvider } from '@opentelemetry/sdk-logs';
         const { logs } = api.logs ? api : await import('@opentelemetry/api-logs');
         const seen = []; const own = { onEmit: (record) => seen.push(record.body), forceFlush: async () => {}, shutdown: async () => {} };
         logs.setGlobalLoggerProvider(new LoggerProvider({ processors: [own] })); ${LOG}`,
      );
      const { stdout, stderr, texts } = await slack.run(app, 'app.mjs');
      assert.deepEqual([stdout, texts], ['no milk left\n', []]);
      assert.match(stderr, /which replaces the one of register/);
    });
  });

  it('works in a worker thread, and flushes when the thread has nothing more to do', async () => {
    const app = slack.app();
    app.write('worker.mjs', `console.error(new Error('the worker has no milk'));`);
    app.write(
      'app.mjs',
      `import { Worker } from 'node:worker_threads'; new Worker(new URL('worker.mjs', import.meta.url));`,
    );
    const { code, stderr, texts } = await slack.run(app, 'app.mjs');
    assert.equal(code, 0);
    assert.doesNotMatch(stderr, /opentelemetry-exporter-slack\/register/);
    assert.equal(texts.length, 1);
    assert.match(texts[0] ?? '', /ERROR · Error: the worker has no milk\nshop/);
  });

  it('reports an unhandled exception that ends a worker thread once', async () => {
    const app = slack.app();
    app.write('worker.mjs', `throw new RangeError('too far');`);
    app.write(
      'app.mjs',
      `import { Worker } from 'node:worker_threads'; new Worker(new URL('worker.mjs', import.meta.url));`,
    );
    const { code, texts } = await slack.run(app, 'app.mjs');
    assert.deepEqual([code, texts.length], [1, 1]);
    assert.match(texts[0] ?? '', /^🟣 FATAL · RangeError: too far\nshop/u);
  });
});
