import { type Command, EXIT, type Given, UsageError } from '../shared/command.js';
import { yamlOf } from './yaml.js';

/**
 * What Slack wants to know of an app, as far as we need it.
 * Source: https://docs.slack.dev/reference/app-manifest
 */
export interface AppManifest {
  readonly display_information: { readonly name: string; readonly description: string };
  readonly features: { readonly bot_user: { readonly display_name: string; readonly always_online: boolean } };
  readonly oauth_config: { readonly scopes: { readonly bot: Scope[] } };
  readonly settings: {
    readonly org_deploy_enabled: boolean;
    readonly socket_mode_enabled: boolean;
    readonly token_rotation_enabled: boolean;
  };
}

/** What we may ever ask for. */
type Scope = 'chat:write' | 'chat:write.public' | 'reactions:read' | 'incoming-webhook';

const MAX_NAME = 35;

export const manifest: Command = {
  name: 'manifest',
  summary: 'print the manifest of a Slack app with exactly the scopes that are needed',
  description: [
    'Prints the manifest of a Slack app, to be pasted where Slack asks for one, and on stderr the three steps to do it.',
    'Scopes: chat:write to post and update, reactions:read so that 🔕 and ✅ under a message are answers.',
  ].join('\n'),
  options: {
    webhook: { help: 'for an incoming webhook instead of a bot token: scope incoming-webhook and nothing else' },
    public: { help: 'post to public channels without being invited: scope chat:write.public' },
    'no-answers': { help: 'do without reactions: no scope reactions:read' },
    name: {
      value: 'NAME',
      help: `what the app is called in Slack, at most ${MAX_NAME} characters (default: otel-slack)`,
    },
    json: { help: 'as JSON; Slack takes both' },
  },
  examples: ['otel-slack manifest > manifest.yaml', 'otel-slack manifest --public --name "Shop alerts"'],
  async run(given, _positionals, io) {
    const made = createManifest(given);
    io.stdout.write(given.json ? `${JSON.stringify(made, null, 2)}\n` : yamlOf(made));
    io.stderr.write(steps(made, given.webhook === true));
    return EXIT.ok;
  },
};

function createManifest(given: Given): AppManifest {
  const name = nameOf(given);
  return {
    display_information: { name, description: 'Errors of our services, from OpenTelemetry' },
    // Whatever scope a bot has, Slack wants it to have a user.
    features: { bot_user: { display_name: displayNameOf(name), always_online: true } },
    oauth_config: { scopes: { bot: scopesOf(given) } },
    settings: { org_deploy_enabled: false, socket_mode_enabled: false, token_rotation_enabled: false },
  };
}

function scopesOf(given: Given): Scope[] {
  if (!given.webhook) {
    const scopes: Scope[] = ['chat:write'];
    if (given.public) scopes.push('chat:write.public');
    if (!given['no-answers']) scopes.push('reactions:read');
    return scopes;
  }
  const other = ['public', 'no-answers'].find((name) => given[name]);
  if (other !== undefined) throw new UsageError(`--${other}: a webhook posts to its one channel and reads nothing`);
  return ['incoming-webhook'];
}

function nameOf({ name = 'otel-slack' }: Given): string {
  const text = String(name).trim();
  if (text !== '' && text.length <= MAX_NAME && !/\p{Cc}/u.test(text)) return text;
  throw new UsageError(`--name: expected 1 to ${MAX_NAME} characters in one line, got ${text.length}`);
}

/** Slack allows small letters, digits, `-`, `_` and `.`. */
function displayNameOf(name: string): string {
  const allowed = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return allowed === '' ? 'otel-slack' : allowed;
}

function steps({ features, oauth_config }: AppManifest, isWebhook: boolean): string {
  const { bot } = oauth_config.scopes;
  const last = isWebhook
    ? [
        '3. "Install to Workspace", pick the channel, and copy the webhook’s URL from "Incoming Webhooks":',
        '     export OTEL_EXPORTER_SLACK_WEBHOOK_URL=https://hooks.slack.com/services/…',
      ]
    : [
        '3. "Install to Workspace", copy the "Bot User OAuth Token" from "OAuth & Permissions", and name the channel:',
        '     export OTEL_EXPORTER_SLACK_TOKEN=xoxb-…',
        "     export OTEL_EXPORTER_SLACK_CHANNEL='#alerts'",
        ...(bot.includes('chat:write.public')
          ? []
          : [`   and in that channel: /invite @${features.bot_user.display_name}`]),
      ];
  return [
    '',
    '1. https://api.slack.com/apps?new_app=1 → "From a manifest" → pick the workspace',
    '2. Paste the manifest, "Next", "Create"',
    ...last,
    'Then see whether all is well: otel-slack doctor --send',
    '',
  ].join('\n');
}
