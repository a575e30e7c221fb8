import assert from 'node:assert/strict';
import { IMPORT, REQUIRE, registered, SDK_LOGS } from '../support/registered.js';

const bridge = (name: string): string => `@opentelemetry/instrumentation-${name}`;

/** For each logger: its packages, and apps that log with it. */
const LOGGERS = [
  { name: 'pino', packages: ['pino', bridge('pino')], make: 'pino()', log: `logger.error(new Error('no milk left'))` },
  {
    name: 'winston',
    packages: ['winston', bridge('winston'), '@opentelemetry/winston-transport'],
    make: 'winston.createLogger({ transports: [new winston.transports.Console()] })',
    log: `logger.error(new Error('no milk left'))`,
  },
  {
    name: 'bunyan',
    packages: ['bunyan', bridge('bunyan')],
    make: `bunyan.createLogger({ name: 'shop' })`,
    log: `logger.error({ err: new Error('no milk left') }, 'no milk left')`,
  },
];
const KINDS = [
  { kind: 'ES module', file: 'app.mjs', load: (name: string) => `import ${name} from '${name}';`, flags: IMPORT },
  { kind: 'CommonJS', file: 'app.cjs', load: (name: string) => `const ${name} = require('${name}');`, flags: IMPORT },
  { kind: 'CommonJS', file: 'app.cjs', load: (name: string) => `const ${name} = require('${name}');`, flags: REQUIRE },
];

describe('the loggers of an app that is started with --import opentelemetry-exporter-slack/register', function () {
  this.timeout(60_000);
  const slack = registered();

  for (const { name, packages, make, log } of LOGGERS) {
    for (const { kind, file, load, flags } of name === 'pino' ? KINDS : KINDS.slice(0, 1)) {
      it(`${name} in an app that is ${kind}, with ${flags[0]}`, async () => {
        const app = slack.app([SDK_LOGS, ...packages], { dependencies: { [name]: '*' } });
        app.write(file, `${load(name)} const logger = ${make}; ${log};`);
        const { code, stdout, stderr, texts } = await slack.run(app, file, { flags });
        assert.deepEqual([code, stderr, texts.length], [0, '', 1]);
        assert.match(stdout, /^\{.*\}\n$/);
        assert.match(texts[0] ?? '', /^🔴 ERROR · Error: no milk left\nshop · 2\.7\.0/u);
      });
    }
  }

  it('without a bridge are named with the package to install, once each, and the app runs', async () => {
    const dependencies = { fastify: '*', winston: '*' };
    const app = slack.app([SDK_LOGS, 'pino', 'winston', bridge('winston')], { dependencies });
    app.write('app.mjs', `import pino from 'pino'; pino().error('no milk left');`);
    const { code, stdout, stderr, texts } = await slack.run(app, 'app.mjs');
    assert.deepEqual([code, texts], [0, []]);
    assert.match(stdout, /no milk left/);
    const [pino = '', winston = '', ...more] = stderr.split('\n').filter((line) => line !== '');
    assert.match(pino, /logs with pino .* "npm install @opentelemetry\/instrumentation-pino"/);
    assert.match(winston, /logs with winston .* "npm install @opentelemetry\/winston-transport"/);
    assert.deepEqual(more, []);
  });

  it('are ignored when OTEL_NODE_DISABLED_INSTRUMENTATIONS names them', async () => {
    const app = slack.app([SDK_LOGS, 'pino', bridge('pino')], { dependencies: { pino: '*', winston: '*' } });
    app.write('app.mjs', `import pino from 'pino'; pino().error('no milk left'); console.error('late');`);
    const environment = { OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'pino, winston,console' };
    const { stderr, texts } = await slack.run(app, 'app.mjs', { environment });
    assert.deepEqual([stderr, texts], ['late\n', []]);
  });

  it('of a version that the bridge does not support are named', async () => {
    const app = slack.app([SDK_LOGS, bridge('bunyan')], { dependencies: { bunyan: '*' } });
    app.package('bunyan', '');
    app.write('node_modules/bunyan/package.json', '{ "name": "bunyan", "version": "2.0.5" }');
    app.write('app.mjs', '');
    assert.match(
      (await slack.run(app, 'app.mjs')).stderr,
      /logs with bunyan 2\.0\.5 does not reach Slack: .* before 2\n$/,
    );
  });

  it('whose bridge does not load are named, and the app and the other bridges run', async () => {
    const app = slack.app([SDK_LOGS], { dependencies: { pino: '*' } });
    app.package(bridge('pino'), `throw new Error('made for another Node')`);
    app.write('app.mjs', `console.error('late');`);
    const { code, stderr, texts } = await slack.run(app, 'app.mjs');
    assert.equal(code, 0);
    assert.match(stderr, /instrumentation-pino cannot be used: made for another Node\nlate\n$/);
    assert.equal(texts.length, 1);
  });

  it(`the console is bridged by OpenTelemetry's instrumentation if the app has it, and an error keeps its stack`, async () => {
    const app = slack.app([SDK_LOGS, bridge('console')]);
    app.write('app.mjs', `console.error('charge failed:', new TypeError('no funds'));`);
    const { texts } = await slack.run(app, 'app.mjs');
    assert.equal(texts.length, 1);
    assert.match(texts[0] ?? '', /^🔴 ERROR · TypeError: no funds\nshop[^\n]*\ncharge failed\n```\n +at app\.mjs:1:/u);
    assert.match(texts[0] ?? '', /instrumentation-console/);
  });
});

describe('a framework that is started with --import', function () {
  this.timeout(60_000);
  const slack = registered();

  it('Express, as CommonJS: an error in a route that nobody handles', async () => {
    const app = slack.app([SDK_LOGS, 'express'], { dependencies: { express: '*' } });
    app.write(
      'app.cjs',
      `const app = require('express')();
       app.get('/carts/:id', () => { throw new RangeError('the cart is empty'); });
       const server = app.listen(0, '127.0.0.1', async () => {
         console.log((await fetch('http://127.0.0.1:' + server.address().port + '/carts/88')).status);
         server.close();
       });`,
    );
    const { code, stdout, texts } = await slack.run(app, 'app.cjs');
    assert.deepEqual([code, stdout, texts.length], [0, '500\n', 1]);
    assert.match(
      texts[0] ?? '',
      /^🔴 ERROR · RangeError: the cart is empty\nshop · 2\.7\.0[^\n]*\n```\n +at app\.cjs:2:/u,
    );
  });

  it('Fastify, as ES module: an error in a route, with its request', async () => {
    const app = slack.app([SDK_LOGS, 'fastify', bridge('pino')], { dependencies: { fastify: '*' } });
    app.write(
      'app.mjs',
      `import Fastify from 'fastify';
       const app = Fastify({ logger: true });
       app.get('/carts/:id', async () => { throw new RangeError('the cart is empty'); });
       const url = await app.listen({ port: 0, host: '127.0.0.1' });
       console.log((await fetch(url + '/carts/88')).status);
       await app.close();`,
    );
    const { code, stdout, stderr, texts } = await slack.run(app, 'app.mjs');
    assert.deepEqual([code, stderr, texts.length], [0, '', 1]);
    assert.match(stdout, /^500$/m);
    assert.match(texts[0] ?? '', /^🔴 ERROR · RangeError: the cart is empty\nshop · 2\.7\.0/u);
    assert.match(texts[0] ?? '', /at .*app\.mjs:3:/);
  });
});
