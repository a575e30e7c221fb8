import type { ChildProcess } from 'node:child_process';
import { type Inbox, messageText, startInbox } from '../../packages/slack-inbox/src/index.js';
import { type AppFolder, appFolder } from './app-folder.js';
import { buildIfStale, type Ended, ended, killAll, start } from './processes.js';

/** Apps of a test that are started with nothing but `--import`, and the Slack to which they post. */
export interface Registered {
  readonly inbox: Inbox;
  /** An app that has what is named. @default packages with sdk-logs */
  app(packages?: readonly string[], packageJson?: object): AppFolder;
  /** Starts `file` in the app's folder. */
  start(app: AppFolder, file: string, options?: StartOptions): ChildProcess;
  /** The same, up to its end, with the texts of its messages. */
  run(app: AppFolder, file: string, options?: StartOptions): Promise<Ran>;
}

/** How an app is started. */
export interface StartOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** @default `--import opentelemetry-exporter-slack/register` */
  readonly flags?: readonly string[];
}

/** What became of an app. */
export interface Ran extends Ended {
  readonly texts: readonly string[];
}

/** Without it there is nothing to register. */
export const SDK_LOGS = '@opentelemetry/sdk-logs';
/** The flags of the whole thing. */
export const IMPORT: readonly string[] = ['--import', 'opentelemetry-exporter-slack/register'];
export const REQUIRE: readonly string[] = ['--require', 'opentelemetry-exporter-slack/register'];

/** For a `describe`: each of its tests has an inbox of its own, and what it opens is closed behind it. */
export function registered(): Registered {
  let inbox: Inbox;
  const apps: AppFolder[] = [];
  before(function () {
    this.timeout(60_000);
    buildIfStale();
  });
  beforeEach(async () => {
    inbox = await startInbox();
  });
  afterEach(async () => {
    killAll();
    for (const app of apps.splice(0)) app.remove();
    await inbox.close();
  });
  const startApp: Registered['start'] = (app, file, { environment = {}, flags = IMPORT } = {}) =>
    start(
      [...flags, file],
      { ...PLAIN, OTEL_EXPORTER_SLACK_WEBHOOK_URL: inbox.webhookUrl, ...environment },
      { cwd: app.path },
    );
  return {
    get inbox() {
      return inbox;
    },
    app(packages = [SDK_LOGS], packageJson = {}) {
      const app = appFolder(packages, packageJson);
      apps.push(app);
      return app;
    },
    start: startApp,
    async run(app, file, options) {
      const end = await ended(startApp(app, file, options));
      return { ...end, texts: inbox.messages().map((message) => messageText(message)) };
    },
  };
}

/** Without what the machine of the tests has set, be it for proxies or for OpenTelemetry. */
const PLAIN: Readonly<Record<string, string>> = {
  NO_PROXY: '127.0.0.1',
  NODE_OPTIONS: '',
  OTEL_SERVICE_NAME: '',
  OTEL_RESOURCE_ATTRIBUTES: '',
  OTEL_LOG_LEVEL: '',
  OTEL_EXPORTER_SLACK_SCHEDULE_DELAY: '50',
};
