/**
 * Who may import whom in src/. A new file needs a place here: add its name, without the extension, to the layer where
 * it belongs. Inside a layer anything goes but a cycle (Biome's noImportCycles); from one layer to another only what
 * `mayImport` names, types included.
 */
export const LAYERS = {
  // Time, text, the process, how we speak: knows nothing of records and of Slack's messages.
  ground: {
    mayImport: [],
    files: names(
      `assignments budget callback clock diagnostics ending frame glob nearest own-context process-wide rate redact retry secret-keys secret-shapes seen signal slices text value-text`,
    ),
  },
  // What the stages pass on, and the tables of facts.
  data: {
    mayImport: ['ground'],
    files: names(
      `group limits message mrkdwn otel exporter-options record resource sample settings severity stack slack/errors`,
    ),
  },
  // Pure stages: what goes in decides what comes out.
  stages: {
    mayImport: ['data', 'ground'],
    files: names(`
      blocks breakdown check-message checks choose compose decide destinations details digest env episodes fatal fingerprint frames headline kept-records match-checks options order quiet-hours redact-checks render route routing routing-checks rows said select selection shapes sources spool-checks status template template-chars template-facts template-line template-spans template-words variants
    `),
  },
  // The way out: Slack over HTTP, the SDK, and the file with the options. It knows data, not stages.
  edge: {
    mayImport: ['data', 'ground'],
    files: names(
      `config-file last-words last-words-worker sdk-logs slack/dispatcher slack/http slack/outcome slack/post slack/undici slack/web-api slack/webhook`,
    ),
  },
  // Values that outlive the process: files in a directory, and nothing of what they mean.
  spool: {
    mayImport: ['ground'],
    files: names(`spool/*`),
  },
  // What remembers something from one record or request to the next.
  state: {
    mayImport: ['spool', 'stages', 'data', 'ground'],
    files: names(
      `component deadline deliver gate group-store keeping kept ledger leftovers live-group live-messages mentions metrics outbox pace place places processor-metrics recalled riders sender settle transit unsettled`,
    ),
  },
  // Puts the parts together: pipeline.ts is the file to read first.
  wiring: {
    mayImport: ['state', 'spool', 'edge', 'stages', 'data', 'ground'],
    files: names(`barrier connect keeper line parting pipeline start totals`),
  },
  // What users see.
  face: {
    mayImport: ['wiring', 'state', 'edge', 'stages', 'data', 'ground'],
    files: names(`exporter index processor`),
  },
  // For `node --import`: sets all of it up in an app that has nothing. Nothing imports it.
  register: {
    mayImport: ['face', 'wiring', 'edge', 'stages', 'data', 'ground'],
    files: names(`register/*`),
  },
  // `otel-slack`, the command line: it uses everything, and nothing uses it.
  cli: {
    mayImport: ['face', 'wiring', 'state', 'spool', 'edge', 'stages', 'data', 'ground', 'inbox'],
    files: names(`cli/*`),
  },
  // The local Slack, for demos and tests: the judge of what we send knows nothing of us, nor we of it.
  inbox: {
    mayImport: [],
    files: names(`inbox/*`),
  },
};

/** Packages that only the named files may name, be it in an import, a `require` or a type. */
export const PACKAGE_OWNERS = {
  undici: ['slack/dispatcher', 'slack/undici'],
  '@opentelemetry/sdk-logs': ['sdk-logs'],
};

function names(text) {
  return text.split(/\s+/).filter((name) => name !== '');
}
