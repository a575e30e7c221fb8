import { type Command, InvalidArgumentError, Option } from 'commander';
import { type CliCommand, EXIT, type Io } from '../shared/command.js';
import { addExamples } from '../shared/help.js';
import { valueOption } from '../shared/options.js';
import { installSteps } from './install-steps.js';

/**
 * The part of a Slack app manifest that the exporter needs.
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

/** The scopes that a manifest may ask for. */
type Scope = 'chat:write' | 'chat:write.public' | 'reactions:read' | 'incoming-webhook';

interface ManifestOptions {
  readonly webhook?: true;
  readonly public?: true;
  readonly answers: boolean;
  readonly name: string;
}

const MAX_NAME_LENGTH = 35;
const DEFAULT_NAME = 'otel-slack';

export const manifest: CliCommand = {
  name: 'manifest',
  declare: declareManifest,
  run: (parsed, io) => runManifest(parsed.opts(), io),
};

function declareManifest(command: Command): void {
  command
    .summary('print the manifest of a Slack app with exactly the scopes that are needed')
    .description(
      'Prints the manifest of a Slack app as JSON, and on stderr the steps to create the app from it.\n\n' +
        'Scopes: chat:write posts and updates messages; reactions:read reads the reactions 🔕 and ✅ as answers.',
    )
    .addOption(
      new Option('--webhook', 'make an app for an incoming webhook: the scope incoming-webhook alone').conflicts([
        'public',
        'answers',
      ]),
    )
    .option('--public', 'post to public channels without an invitation: the scope chat:write.public')
    .option('--no-answers', 'ignore reactions: leave out the scope reactions:read')
    .addOption(
      valueOption('--name <name>', `the app’s name in Slack, at most ${MAX_NAME_LENGTH} characters`, parseName).default(
        DEFAULT_NAME,
      ),
    );
  addExamples(command, ['otel-slack manifest > manifest.json', 'otel-slack manifest --public --name "Shop alerts"']);
}

async function runManifest(options: ManifestOptions, io: Pick<Io, 'stdout' | 'stderr'>): Promise<number> {
  const created = createManifest(options);
  io.stdout.write(`${JSON.stringify(created, null, 2)}\n`);
  const { features, oauth_config } = created;
  io.stderr.write(installSteps({ scopes: oauth_config.scopes.bot, displayName: features.bot_user.display_name }));
  return EXIT.ok;
}

function createManifest({ name, ...scopeOptions }: ManifestOptions): AppManifest {
  return {
    display_information: { name, description: 'Errors of our services, from OpenTelemetry' },
    // Slack requires a bot user for every bot scope, incoming-webhook included.
    features: { bot_user: { display_name: displayNameOf(name), always_online: true } },
    oauth_config: { scopes: { bot: scopesFor(scopeOptions) } },
    settings: { org_deploy_enabled: false, socket_mode_enabled: false, token_rotation_enabled: false },
  };
}

function scopesFor({ webhook, public: isPublic, answers }: Omit<ManifestOptions, 'name'>): Scope[] {
  if (webhook) return ['incoming-webhook'];
  const scopes: Scope[] = ['chat:write'];
  if (isPublic) scopes.push('chat:write.public');
  if (answers) scopes.push('reactions:read');
  return scopes;
}

function parseName(text: string): string {
  const name = text.trim();
  if (name !== '' && name.length <= MAX_NAME_LENGTH && !/\p{Cc}/u.test(name)) return name;
  throw new InvalidArgumentError(`Expected 1 to ${MAX_NAME_LENGTH} characters in one line, got ${name.length}.`);
}

/** Slack allows lowercase letters, digits, `-`, `_` and `.` in the name of a bot user. */
function displayNameOf(name: string): string {
  const allowed = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return allowed === '' ? DEFAULT_NAME : allowed;
}
