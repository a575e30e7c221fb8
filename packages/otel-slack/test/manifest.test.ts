import { deepEqual, doesNotMatch, equal, match } from 'node:assert/strict';
import type { AppsManifestCreateArguments } from '@slack/web-api';
import { otelSlack } from '../../../test/support/cli.js';
import type { AppManifest } from '../src/manifest/manifest.js';

describe('otel-slack manifest', () => {
  async function manifestOf(...args: readonly string[]): Promise<AppManifest> {
    const { code, stdout } = await otelSlack(['manifest', ...args]);
    equal(code, 0);
    return JSON.parse(stdout);
  }

  const scopes: readonly (readonly [args: readonly string[], scopes: readonly string[]])[] = [
    [[], ['chat:write', 'reactions:read']],
    [['--no-answers'], ['chat:write']],
    [['--public'], ['chat:write', 'chat:write.public', 'reactions:read']],
    [
      ['--public', '--no-answers'],
      ['chat:write', 'chat:write.public'],
    ],
    [['--webhook'], ['incoming-webhook']],
  ];
  for (const [args, expected] of scopes) {
    it(`asks for the scopes ${expected.join(', ')} with ${args.join(' ') || 'no option'}`, async () => {
      deepEqual((await manifestOf(...args)).oauth_config.scopes.bot, expected);
    });
  }

  it('prints JSON alone to stdout, ready for a file, and the steps to stderr', async () => {
    const { stdout, stderr } = await otelSlack(['manifest', '--name', 'Shop: alerts']);
    deepEqual(JSON.parse(stdout), {
      display_information: { name: 'Shop: alerts', description: 'Errors of our services, from OpenTelemetry' },
      features: { bot_user: { display_name: 'shop-alerts', always_online: true } },
      oauth_config: { scopes: { bot: ['chat:write', 'reactions:read'] } },
      settings: { org_deploy_enabled: false, socket_mode_enabled: false, token_rotation_enabled: false },
    });
    match(stderr, /\n1\. [\s\S]*\n2\. [\s\S]*\n3\. [\s\S]*OTEL_EXPORTER_SLACK_TOKEN=[\s\S]*\/invite @shop-alerts\n/);
  });

  it('has steps for a webhook, and none to invite an app that needs no invitation', async () => {
    match((await otelSlack(['manifest', '--webhook'])).stderr, /OTEL_EXPORTER_SLACK_WEBHOOK_URL=/);
    doesNotMatch((await otelSlack(['manifest', '--public'])).stderr, /\/invite/);
  });

  it('has the shape that Slack’s own client declares', async () => {
    const known: AppsManifestCreateArguments['manifest'] = { ...(await manifestOf()) };
    match(known.features?.bot_user?.display_name ?? '', /^[a-z0-9._-]{1,80}$/);
    match(known.display_information.description ?? '', /^.{1,140}$/);
  });
});
