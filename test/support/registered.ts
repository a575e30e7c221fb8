import type { ChildProcess } from 'node:child_process';
import { type Inbox, messageText, startInbox } from '../../packages/slack-inbox/src/index.js';
import { type AppFolder, appFolder } from './app-folder.js';
import { buildIfStale, type Ended, ended, killAll, start } from './processes.js';

/** Starts apps with only `--import`, and the inbox to which they post. */
export interface Registered {
  readonly inbox: Inbox;
  /** Creates an app with the given packages. @default packages with sdk-logs */
  app(packages?: readonly string[], packageJson?: object): AppFolder;
  /** Starts `file` in the app's folder. */
  start(app: AppFolder, file: string, options?: StartOptions): ChildProcess;
  /** Starts `file`, waits for its end, and returns its output and the texts of its messages. */
  run(app: AppFolder, file: string, options?: StartOptions): Promise<Ran>;
}

/** Options of an app's start. */
export interface StartOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** @default `--import opentelemetry-exporter-slack/register` */
  readonly flags?: readonly string[];
}

/** The end of an app, and the texts of its messages. */
export interface Ran extends Ended {
  readonly texts: readonly string[];
}

/** The package that `register` needs. */
export const SDK_LOGS = '@opentelemetry/sdk-logs';
/** The flags that load `register`. */
export const IMPORT: readonly string[] = ['--import', 'opentelemetry-exporter-slack/register'];
export const REQUIRE: readonly string[] = ['--require', 'opentelemetry-exporter-slack/register'];

/** For a `describe`: opens an inbox for each test, and closes the test's resources after it. */
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

/** Overrides proxy and OpenTelemetry variables of the machine that runs the tests. */
const PLAIN: Readonly<Record<string, string>> = {
  NO_PROXY: '127.0.0.1',
  NODE_OPTIONS: '',
  OTEL_SERVICE_NAME: '',
  OTEL_RESOURCE_ATTRIBUTES: '',
  OTEL_LOG_LEVEL: '',
  OTEL_EXPORTER_SLACK_SCHEDULE_DELAY: '50',
};
