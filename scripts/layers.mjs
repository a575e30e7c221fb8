/**
 * The rooms of src/, the lowest first. A room may import, types included, only the rooms in its row, and only through
 * their faces (`index.ts`), where they have one. `root` is the files in src/ itself.
 */
export const ROOMS = {
  util: [],
  telemetry: ['util'],
  redact: ['util', 'telemetry'],
  slack: ['util', 'telemetry'],
  spool: ['util'],
  record: ['util', 'redact'],
  config: ['util', 'telemetry', 'redact', 'record', 'slack'],
  gate: ['util', 'telemetry', 'record', 'config'],
  classify: ['util', 'telemetry', 'record', 'config'],
  groups: ['util', 'redact', 'record', 'slack', 'classify'],
  plan: ['util', 'groups', 'record', 'slack', 'config'],
  render: ['util', 'telemetry', 'record', 'slack', 'config', 'groups'],
  deliver: ['util', 'telemetry', 'record', 'slack', 'groups', 'plan', 'render'],
  pipeline: [
    ...['util', 'telemetry', 'redact', 'slack', 'spool', 'record', 'config', 'gate', 'classify'],
    ...['groups', 'plan', 'render', 'deliver'],
  ],
  shutdown: ['util', 'telemetry', 'record', 'slack', 'config', 'gate', 'pipeline'],
  root: [
    ...['util', 'telemetry', 'slack', 'spool', 'record', 'config', 'gate', 'classify'],
    ...['deliver', 'pipeline', 'render', 'shutdown'],
  ],
  register: ['util', 'telemetry', 'record', 'config', 'gate', 'root'],
};

/** The same for the rooms of packages/slack-inbox/src. `ui` runs in the browser, so it imports no other room. */
export const INBOX_ROOMS = {
  model: [],
  ui: [],
  http: ['model'],
  validate: ['model'],
  mrkdwn: ['model', 'ui'],
  state: ['model', 'http', 'mrkdwn'],
  api: ['model', 'http', 'validate', 'mrkdwn', 'state'],
  faults: ['model', 'http'],
  page: ['model', 'ui', 'http', 'validate', 'mrkdwn', 'state', 'api', 'faults'],
  root: ['model', 'http', 'mrkdwn', 'state', 'api', 'faults', 'page'],
};

/** Packages that only these files name in an import, a `require` or a type. */
export const PACKAGE_OWNERS = {
  undici: ['src/slack/http/dispatcher.ts', 'src/slack/http/undici.cts'],
  '@opentelemetry/sdk-logs': ['src/gate/sdk-logs.cts'],
};
