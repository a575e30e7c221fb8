import { deepEqual, doesNotMatch, equal, match } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { AppsManifestCreateArguments } from '@slack/web-api';
import { otelSlack } from '../../../test/support/cli.js';
import type { AppManifest } from '../src/manifest/manifest.js';

describe('otel-slack', () => {
  it('lists its commands with --help, and where it is called with nothing ends with 2', async () => {
    const help = await otelSlack(['--help']);
    deepEqual([help.code, help.stderr], [0, '']);
    for (const name of ['inbox', 'doctor', 'preview', 'manifest']) match(help.stdout, new RegExp(`^  ${name} `, 'm'));
    const nothing = await otelSlack([]);
    deepEqual([nothing.code, nothing.stdout, nothing.stderr], [2, '', help.stdout]);
    equal((await otelSlack(['help'])).stdout, help.stdout);
  });

  it('says its version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
    deepEqual(await otelSlack(['--version']), { code: 0, stdout: `${version}\n`, stderr: '' });
  });

  for (const name of ['inbox', 'doctor', 'preview', 'manifest']) {
    it(`explains ${name} and each of its options with --help, in lines that fit`, async () => {
      const { code, stdout, stderr } = await otelSlack([name, '--help']);
      deepEqual([code, stderr], [0, '']);
      match(
        stdout,
        new RegExp(`^otel-slack ${name}[\\s\\S]*\\nOptions\\n[\\s\\S]*\\nExamples\\n  .*otel-slack ${name}`),
      );
      deepEqual(
        stdout.split('\n').filter((line) => line.length > 120),
        [],
      );
    });
  }

  const mistakes: readonly (readonly [readonly string[], RegExp])[] = [
    [['docter'], /^otel-slack: "docter": there is no such command; did you mean doctor\?\nSee otel-slack --help\n$/],
    [['xyz'], /there is no such command; there are inbox, doctor, preview, manifest/],
    [['--json', 'doctor'], /--json: there is no such option; options of doctor go behind its name/],
    [
      ['doctor', '--jsn'],
      /^otel-slack doctor: --jsn: doctor has no such option; did you mean --json\?\nSee otel-slack doctor/,
    ],
    [['doctor', '--zzz'], /there are --send, --config, --json, --help/],
    [['doctor', 'now'], /"now": doctor takes no more than that/],
    [['doctor', '--config'], /--config: expected a value, as in --config FILE, got none/],
    [['doctor', '--config', '--json'], /--config: expected a value/],
    [['doctor', '--json=yes'], /--json: expected no value, got one/],
    [['inbox', '--port', 'http'], /--port: expected a whole number from 0 to 65535, got "http"/],
    [['inbox', '--port', '65536'], /--port: expected a whole number/],
    [['inbox', '--channels', ', ,'], /--channels: expected names/],
    [['preview'], /expected FILE\|-, as in otel-slack preview FILE\|-, got none/],
    [['manifest', '--name', 'x'.repeat(36)], /--name: expected 1 to 35 characters in one line, got 36/],
    [['manifest', '--webhook', '--public'], /--public: a webhook posts to its one channel/],
  ];
  for (const [args, said] of mistakes) {
    it(`says what is wrong with: ${args.join(' ').slice(0, 40)}`, async () => {
      const { code, stdout, stderr } = await otelSlack(args);
      deepEqual([code, stdout], [2, '']);
      match(stderr, said);
      doesNotMatch(stderr, /\n {4}at /);
    });
  }
});

describe('otel-slack manifest', () => {
  async function scopes(...args: readonly string[]): Promise<readonly string[]> {
    const { code, stdout } = await otelSlack(['manifest', '--json', ...args]);
    equal(code, 0);
    return (JSON.parse(stdout) as AppManifest).oauth_config.scopes.bot;
  }

  it('asks for the scopes of the chosen features and no other', async () => {
    deepEqual(await scopes(), ['chat:write', 'reactions:read']);
    deepEqual(await scopes('--no-answers'), ['chat:write']);
    deepEqual(await scopes('--public'), ['chat:write', 'chat:write.public', 'reactions:read']);
    deepEqual(await scopes('--webhook'), ['incoming-webhook']);
  });

  it('is YAML on stdout, ready for a file, and the three steps on stderr', async () => {
    const { stdout, stderr } = await otelSlack(['manifest', '--name', 'Shop: alerts']);
    equal(
      stdout,
      [
        'display_information:',
        '  name: "Shop: alerts"',
        '  description: "Errors of our services, from OpenTelemetry"',
        'features:',
        '  bot_user:',
        '    display_name: shop-alerts',
        '    always_online: true',
        'oauth_config:',
        '  scopes:',
        '    bot:',
        '      - chat:write',
        '      - reactions:read',
        'settings:',
        '  org_deploy_enabled: false',
        '  socket_mode_enabled: false',
        '  token_rotation_enabled: false',
        '',
      ].join('\n'),
    );
    match(stderr, /\n1\. [\s\S]*\n2\. [\s\S]*\n3\. [\s\S]*OTEL_EXPORTER_SLACK_TOKEN=[\s\S]*\/invite @shop-alerts\n/);
    match((await otelSlack(['manifest', '--webhook'])).stderr, /OTEL_EXPORTER_SLACK_WEBHOOK_URL=/);
    doesNotMatch((await otelSlack(['manifest', '--public'])).stderr, /\/invite/);
  });

  it('is of the shape that Slack’s own client knows', async () => {
    const { stdout } = await otelSlack(['manifest', '--json']);
    const manifest: AppManifest = JSON.parse(stdout);
    const known: AppsManifestCreateArguments['manifest'] = { ...manifest };
    match(known.features?.bot_user?.display_name ?? '', /^[a-z0-9._-]{1,80}$/);
    match(known.display_information.description ?? '', /^.{1,140}$/);
  });
});
