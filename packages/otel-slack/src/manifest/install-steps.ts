/** The steps from a manifest to an app that the exporter can use. */
export function installSteps({ scopes, displayName }: ManifestFacts): string {
  const lastStep = scopes.includes('incoming-webhook')
    ? WEBHOOK_STEP
    : [...TOKEN_STEP, ...(scopes.includes('chat:write.public') ? [] : [inviteLine(displayName)])];
  return [
    '',
    '1. https://api.slack.com/apps?new_app=1 → "From a manifest" → pick the workspace',
    '2. Choose JSON, paste the manifest, "Next", "Create"',
    ...lastStep,
    'Then check the setup: otel-slack doctor --send',
    '',
  ].join('\n');
}

/** The parts of a manifest that the steps depend on. */
export interface ManifestFacts {
  readonly scopes: readonly string[];
  /** The name of the bot user. */
  readonly displayName: string;
}

const WEBHOOK_STEP: readonly string[] = [
  '3. "Install to Workspace", pick the channel, and copy the URL from "Incoming Webhooks":',
  '     export OTEL_EXPORTER_SLACK_WEBHOOK_URL=https://hooks.slack.com/services/…',
];

const TOKEN_STEP: readonly string[] = [
  '3. "Install to Workspace", copy the "Bot User OAuth Token" from "OAuth & Permissions", and set:',
  '     export OTEL_EXPORTER_SLACK_TOKEN=xoxb-…',
  "     export OTEL_EXPORTER_SLACK_CHANNEL='#alerts'",
];

function inviteLine(displayName: string): string {
  return `   Invite the app, in that channel: /invite @${displayName}`;
}
