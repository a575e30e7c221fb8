import { deepEqual, doesNotMatch, equal, match } from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { generate } from 'selfsigned';
import { systemClock } from '../../../src/util/clock.js';
import { type CliOptions, otelSlack } from '../../../test/support/cli.js';
import { opened } from '../../../test/support/slack.js';
import { type Inbox, type InboxOptions, messageText } from '../../slack-inbox/src/index.js';
import type { Step } from '../src/doctor/step.js';
import { checkWebhook } from '../src/doctor/webhook.js';

const PREFIX = 'OTEL_EXPORTER_SLACK_';

describe('otel-slack doctor', () => {
  const open = opened();
  const servers: Server[] = [];
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'otel-slack-doctor-'));
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) server.close();
    rmSync(folder, { recursive: true });
    await open.closeAll();
  });

  function byToken({ token, apiUrl, channel }: Inbox, more: Record<string, string> = {}): Record<string, string> {
    const own = { TOKEN: token, API_URL: apiUrl, CHANNEL: channel };
    return Object.fromEntries(Object.entries({ ...own, ...more }).map(([name, value]) => [PREFIX + name, value]));
  }

  const doctor = (environment: Record<string, string>, args: readonly string[] = [], options: CliOptions = {}) =>
    otelSlack(['doctor', ...args], { environment, cwd: folder, ...options });

  /** Runs `doctor --json`. `by` has the last step of each check. */
  async function steps(environment: Record<string, string>, args: readonly string[] = [], options: CliOptions = {}) {
    const { code, stdout } = await doctor(environment, ['--json', ...args], options);
    const { ok, steps: all } = JSON.parse(stdout) as { ok: boolean; steps: readonly Step[] };
    equal(ok, code === 0);
    return { code, all, by: Object.fromEntries(all.map((step) => [step.check, step])) };
  }

  const problems = (all: readonly Step[]): readonly string[] =>
    all.filter(({ status }) => status === 'problem').map(({ check }) => check);

  async function listen(server: Server): Promise<number> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  it('finds no problem with a token that works, and ends with 0', async () => {
    const inbox = await open.inbox();
    const { code, stdout, stderr } = await doctor(byToken(inbox));
    deepEqual([code, stderr], [0, '']);
    match(stdout, /✓ Token +bot "otel" of "Local Slack"/);
    match(stdout, /✓ Scopes +chat:write, /);
    match(stdout, /✓ Clock +correct/);
    match(stdout, /✓ Channel +#alerts \(C0123ALERTS\), the app is a member/);
    match(stdout, /No problem found\.\n$/);
    deepEqual(inbox.messages(), []);
  });

  it('finds a channel by its name', async () => {
    const { by } = await steps(byToken(await open.inbox(), { CHANNEL: '#general' }));
    match(by.channel?.detail ?? '', /^#general \(C0123GENERAL\), the app is a member$/);
    const none = await steps(byToken(await open.inbox(), { CHANNEL: '#nowhere' }));
    match(none.by.channel?.detail ?? '', /^not among the channels that the token sees/);
  });

  it('posts one test alert with --send, links to the message, and mentions nobody', async () => {
    const inbox = await open.inbox();
    const { by } = await steps(byToken(inbox, { MENTION: 'here' }), ['--send']);
    const [message, ...others] = inbox.messages();
    match(by.send?.detail ?? '', new RegExp(`/archives/C0123ALERTS/p${message?.ts.replace('.', '')}$`));
    match(messageText(message ?? { text: '' }), /Test alert from otel-slack doctor/);
    doesNotMatch(JSON.stringify(message?.payload), /<!here>/);
    deepEqual(others, []);
  });

  it('checks a webhook without posting, posts with --send, and waits for the rate limit of the webhook', async () => {
    const inbox = await open.inbox();
    const environment = { [`${PREFIX}WEBHOOK_URL`]: inbox.webhookUrl };
    equal((await steps(environment)).by.webhook?.status, 'ok');
    deepEqual(inbox.messages(), []);
    equal((await steps(environment, ['--send'])).code, 0);
    equal(inbox.messages().length, 1);
    // The webhook refuses further requests for a second.
    equal((await steps(environment)).by.webhook?.status, 'ok');
  });

  it('tells a webhook from other URLs of Slack’s, without a request', async () => {
    const api = { call: () => Promise.reject(new Error('asked')), close: () => Promise.resolve() };
    for (const [url, detail] of [
      ['https://hooks.slack.com/workflows/T0/A0/1/x', 'this is the URL of a workflow'],
      ['https://hooks.slack.com/triggers/T0/1/x', 'this is the URL of a workflow'],
      ['https://hooks.slack.com/services/T0/B0', 'this is not the URL of an incoming webhook'],
    ] as const) {
      const [step, ...others] = await checkWebhook({ kind: 'webhook', url }, 'webhook', { api, clock: systemClock });
      deepEqual([step?.status, step?.detail, others], ['problem', detail, []]);
    }
  });

  it('prints what to do about a webhook that was removed', async () => {
    const inbox = await open.inbox();
    const gone = await steps({ [`${PREFIX}WEBHOOK_URL`]: `${inbox.webhookUrl}x` }, ['--send']);
    deepEqual([gone.code, problems(gone.all), gone.by.send?.status], [1, ['webhook'], 'skipped']);
    match(gone.by.webhook?.remedy ?? '', /make a new webhook/);
  });

  it('prints what to do about a token that Slack does not accept, and skips the channel', async () => {
    const { code, all, by } = await steps(byToken(await open.inbox(), { TOKEN: 'xoxb-not-this-one' }), ['--send']);
    deepEqual([code, problems(all)], [1, ['token']]);
    match(by.token?.detail ?? '', /invalid_auth/);
    match(by.token?.remedy ?? '', /install the Slack app again/);
    deepEqual([by.channel?.status, by.send?.status], ['skipped', 'skipped']);
  });

  const channels: readonly (readonly [string, InboxOptions, string, RegExp | undefined])[] = [
    ['not a member', { scopes: ['chat:write', 'channels:read'] }, 'C0123RANDOM', /\/invite @otel/],
    ['not a member, with chat:write.public', {}, 'C0123RANDOM', undefined],
    ['archived', {}, 'C0123OLD', /unarchive/],
    ['no such channel', {}, 'C0123NOWHERE', /check the id/],
  ];
  for (const [title, options, channel, remedy] of channels) {
    it(`channel: ${title}`, async () => {
      const { all, by } = await steps(byToken(await open.inbox(options), { CHANNEL: channel }));
      deepEqual(problems(all), remedy ? ['channel'] : []);
      match(by.channel?.remedy ?? '', remedy ?? /^$/);
    });
  }

  it('reports a missing scope for posting as a problem, and one for reactions as skipped', async () => {
    const { all, by } = await steps(byToken(await open.inbox({ scopes: ['channels:read'] })), ['--send']);
    deepEqual(problems(all), ['scopes']);
    match(by.scopes?.detail ?? '', /chat:write is missing; the token has channels:read/);
    match(by.answers?.detail ?? '', /reactions:read is missing/);
    equal(by.answers?.status, 'skipped');
  });

  it('skips the channel when the token may not look up channels', async () => {
    const inbox = await open.inbox({ scopes: ['chat:write'] });
    for (const CHANNEL of ['C0123ALERTS', '#alerts']) {
      const { code, by } = await steps(byToken(inbox, { CHANNEL }));
      deepEqual([code, by.channel?.status], [0, 'skipped']);
      match(by.channel?.remedy ?? '', /--send/);
    }
  });

  it('reports a clock that is an hour ahead', async () => {
    const clock = { ...systemClock, now: () => Date.now() + 3_600_000 };
    const { all, by } = await steps(byToken(await open.inbox()), [], { clock });
    deepEqual(problems(all), ['clock']);
    match(by.clock?.detail ?? '', /^3,(599|600|601) s ahead$/);
  });

  it('skips the token when the host does not exist', async () => {
    const { all, by } = await steps(byToken(await open.inbox(), { API_URL: 'https://slack.invalid/api/' }));
    deepEqual(problems(all), ['dns']);
    match(by.dns?.detail ?? '', /^slack\.invalid: (ENOTFOUND|EAI_AGAIN)$/);
    equal(by.token?.status, 'skipped');
  });

  it('stops at the connection when nothing listens', async () => {
    const { all } = await steps(byToken(await open.inbox(), { API_URL: 'http://127.0.0.1:1/api/' }));
    deepEqual(problems(all), ['connection']);
  });

  it('stops at a certificate that is not trusted, and sends no token there', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
    let requests = 0;
    const server = createHttpsServer({ key, cert }, (_request, response) => {
      requests++;
      response.end('{}');
    });
    const apiUrl = `https://127.0.0.1:${await listen(server)}/api/`;
    const { all, by } = await steps(byToken(await open.inbox(), { API_URL: apiUrl }));
    deepEqual([problems(all), requests], [['tls'], 0]);
    match(by.tls?.detail ?? '', /^DEPTH_ZERO_SELF_SIGNED_CERT \(certificate by localhost, valid until /);
    match(by.tls?.remedy ?? '', /NODE_EXTRA_CA_CERTS/);
  });

  const slack = { [`${PREFIX}TOKEN`]: 'xoxb-1', [`${PREFIX}CHANNEL`]: 'C0123ALERTS' };

  it('reads the certificate through the proxy, which resolves the name', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'Corporate Inspection' }]);
    const port = await listen(createHttpsServer({ key, cert }));
    const asked: (string | undefined)[] = [];
    const proxy = createHttpServer().on('connect', (request, socket) => {
      asked.push(request.url, request.headers['proxy-authorization']);
      const upstream = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        socket.pipe(upstream).pipe(socket);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    const url = `http://me:hunter2@127.0.0.1:${await listen(proxy)}`;
    const { all, by } = await steps({ ...slack, HTTPS_PROXY: url, NO_PROXY: 'slack.example' });
    deepEqual([problems(all), by.proxy?.status, by.dns?.status], [['tls'], 'ok', 'skipped']);
    match(by.tls?.detail ?? '', /^DEPTH_ZERO_SELF_SIGNED_CERT \(certificate by Corporate Inspection/);
    deepEqual(asked, ['slack.com:443', `Basic ${Buffer.from('me:hunter2').toString('base64')}`]);
  });

  it('finds an exemption from the proxy that is written as a URL', async () => {
    const proxies = { HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: 'localhost,https://slack.com' };
    const { by } = await steps({ ...slack, ...proxies });
    deepEqual([by.proxy?.status, by.proxy?.remedy], ['problem', 'write slack.com in NO_PROXY, without https://']);
  });

  it('reports a proxy that is no URL, without printing the value', async () => {
    const { code, stdout } = await doctor({ ...slack, HTTPS_PROXY: 'me:hunter2 at proxy' });
    equal(code, 1);
    match(stdout, /✗ Proxy +HTTPS_PROXY is not the URL of a proxy; expected http:\/\/host:port/);
    doesNotMatch(stdout, /hunter2/);
  });

  it('reports a proxy that does not listen, without its password', async () => {
    const { code, stdout } = await doctor({ ...slack, HTTPS_PROXY: 'http://me:hunter2@127.0.0.1:1' });
    equal(code, 1);
    match(stdout, /✗ Proxy +http:\/\/127\.0\.0\.1:1 of HTTPS_PROXY: ECONNREFUSED/);
    doesNotMatch(stdout, /hunter2/);
  });

  for (const [status, remedy] of [
    ['502 Bad Gateway', /the proxy cannot reach Slack/],
    ['407 Proxy Authentication Required', /give the proxy a user/],
  ] as const) {
    it(`prints what to do when the proxy answers ${status}`, async () => {
      const proxy = createHttpServer().on('connect', (_request, socket) => {
        socket.end(`HTTP/1.1 ${status}\r\n\r\n`);
      });
      const url = `http://127.0.0.1:${await listen(proxy)}`;
      const { all, by } = await steps({ ...slack, https_proxy: url, HTTPS_PROXY: 'http://127.0.0.1:1' });
      deepEqual(problems(all), ['proxy']);
      match(by.proxy?.remedy ?? '', remedy);
    });
  }

  it('suggests the variable that was meant, and shows each warning of the exporter', async () => {
    const environment = byToken(await open.inbox(), { TOKN: 'x', MIN_SEVERITY: 'LOUD' });
    const { stdout, code } = await doctor(environment);
    equal(code, 1);
    match(stdout, /_TOKN: there is no such variable\n +→ did you mean OTEL_EXPORTER_SLACK_TOKEN\?/);
    match(stdout, /✗ Options +OTEL_EXPORTER_SLACK_MIN_SEVERITY: expected one of TRACE, .*"LOUD"/);
  });

  it('reports that no destination is set', async () => {
    const { all, by } = await steps({});
    deepEqual(problems(all), ['destinations']);
    match(by.destinations?.remedy ?? '', /OTEL_EXPORTER_SLACK_WEBHOOK_URL/);
  });

  it('checks every destination of the file: routes, top level, fallbacks', async () => {
    const inbox = await open.inbox();
    writeFileSync(
      join(folder, 'slack.json'),
      JSON.stringify({
        routes: [{ channel: 'C0123OLD', match: { severity: 'FATAL' } }],
        fallback: { webhookUrl: inbox.webhookUrl },
      }),
    );
    const { all } = await steps(byToken(inbox), ['--config', 'slack.json']);
    const about = all.filter(({ check }) => check === 'channel' || check === 'webhook').map((step) => step.status);
    deepEqual(about, ['problem', 'ok', 'ok']);
    match(all.find(({ check }) => check === 'destinations')?.detail ?? '', /^3 destinations: C0123OLD \(route 1\)/);
  });

  it('reports a file that does not exist', async () => {
    const { all } = await steps(byToken(await open.inbox()), ['--config', 'nowhere.json']);
    deepEqual(problems(all), ['config']);
  });

  it('prints no secret with any option', async () => {
    const inbox = await open.inbox();
    writeFileSync(join(folder, 'slack.json'), JSON.stringify({ fallback: { webhookUrl: inbox.webhookUrl } }));
    for (const args of [['--send'], ['--json'], ['--config', 'slack.json', '--send']]) {
      const { stdout, stderr } = await doctor(byToken(inbox), args);
      for (const secret of [inbox.token, new URL(inbox.webhookUrl).pathname]) {
        equal((stdout + stderr).includes(secret), false);
      }
    }
  });

  describe('the OpenTelemetry of the folder', () => {
    function install(packages: Record<string, string>): void {
      for (const [path, version] of Object.entries(packages)) {
        const file = join(folder, 'node_modules', path, 'package.json');
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, JSON.stringify({ version }));
      }
    }
    const API = '@opentelemetry/api';
    const SDK = '@opentelemetry/sdk-logs';
    const problemsWith = async (packages: Record<string, string>, nodeVersion = 'v24.1.0') => {
      install(packages);
      const { all } = await steps({}, [], { nodeVersion });
      return all
        .filter(({ check, status }) => status === 'problem' && (check === 'opentelemetry' || check === 'node'))
        .map(({ detail }) => detail);
    };

    it('has no problem with sdk-logs 0.2xx and with 3.x', async () => {
      deepEqual(await problemsWith({ [API]: '1.9.0', [SDK]: '0.203.0', '@opentelemetry/api-logs': '0.203.0' }), []);
      rmSync(join(folder, 'node_modules'), { recursive: true });
      deepEqual(await problemsWith({ [API]: '1.10.0', [SDK]: '3.1.1' }), []);
    });

    it('is a problem when api-logs is installed beside sdk-logs 3.x', async () => {
      const [problem = ''] = await problemsWith({
        [API]: '1.10.0',
        [SDK]: '3.1.1',
        '@opentelemetry/instrumentation-pino': '0.60.0',
        '@opentelemetry/instrumentation-pino/node_modules/@opentelemetry/api-logs': '0.223.0',
      });
      match(
        problem,
        /^node_modules.*instrumentation-pino.*api-logs \(0\.223\.0\) is installed beside sdk-logs 3\.1\.1/,
      );
    });

    it('is a problem when copies of the API have different versions, in pnpm’s store too', async () => {
      const [problem = ''] = await problemsWith({
        [API]: '1.9.0',
        [SDK]: '0.223.0',
        '.pnpm/@opentelemetry+api@1.10.0/node_modules/@opentelemetry/api': '1.10.0',
      });
      match(problem, /several copies of @opentelemetry\/api: 1\.9\.0 in .*, 1\.10\.0 in /);
    });

    it('is a problem when a package is missing or too old', async () => {
      match((await problemsWith({ [API]: '1.9.0' })).join(), /sdk-logs is not installed/);
      match((await problemsWith({ [SDK]: '0.200.0' })).join(), /sdk-logs 0\.200\.0 is too old/);
      match((await problemsWith({ [SDK]: '3.1.1' })).join(), /api 1\.9\.0 is too old for sdk-logs 3\.1\.1/);
    });

    it('is a problem when Node is too old for the SDK', async () => {
      match((await problemsWith({}, 'v20.18.3')).join(), /20\.18\.3/);
      match((await problemsWith({ [API]: '1.10.0', [SDK]: '3.1.1' }, 'v22.14.0')).join(), /22\.14\.0, with sdk-logs 3/);
    });

    it('is skipped when none is installed', async () => {
      const { all } = await steps({});
      equal(all.find(({ check }) => check === 'opentelemetry')?.status, 'skipped');
    });
  });
});
