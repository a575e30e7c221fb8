import type { Command } from 'commander';
import { type Inbox, startInbox } from 'slack-inbox';
import { sleepUntil } from '../../../../src/util/index.js';
import { createColors } from '../shared/colors.js';
import { type CliCommand, EXIT, type Io } from '../shared/command.js';
import { addExamples } from '../shared/help.js';
import { portOption, valueOption } from '../shared/options.js';
import { DEFAULT_CHANNELS, type NamedChannel, parseChannels } from './channels.js';
import { openPage, portError } from './page.js';
import { createRequestPrinter } from './request-printer.js';

const DEFAULT_PORT = 4680;
const PRINT_INTERVAL_MILLIS = 200;

interface InboxOptions {
  readonly port: number;
  readonly open?: true;
  readonly channels?: readonly NamedChannel[];
}

export const inbox: CliCommand = {
  name: 'inbox',
  declare: declareInbox,
  run: (parsed, io) => runInbox(parsed.opts(), io),
};

function declareInbox(command: Command): void {
  command
    .summary('run a local Slack with a page: see what an app posts, without a workspace')
    .description(
      'Starts a local Slack on 127.0.0.1: incoming webhooks, the Web API for posting, and a page that shows messages ' +
        'as they arrive. It refuses what Slack refuses, with Slack’s error. Ctrl-C ends it; nothing is saved.',
    )
    .addOption(portOption('TCP port; 0 takes a free one', DEFAULT_PORT))
    .option('--open', 'open the page in the browser')
    .addOption(valueOption('--channels <list>', "names or ids of channels, as in '#alerts,#payments'", parseChannels));
  addExamples(command, ['otel-slack inbox --open', "otel-slack inbox --port 0 --channels '#alerts,#payments'"]);
}

async function runInbox({ port, open, channels = DEFAULT_CHANNELS }: InboxOptions, io: Io): Promise<number> {
  const running = await startOnPort(port, channels);
  try {
    io.stdout.write(introduction(running, io));
    if (open) await openPage(running.url, io);
    await printRequests(running, channels, io);
  } finally {
    await running.close();
  }
  return EXIT.ok;
}

async function startOnPort(port: number, channels: readonly NamedChannel[]): Promise<Inbox> {
  try {
    return await startInbox({ port, channels });
  } catch (error) {
    throw portError(port, error);
  }
}

/** Prints each request until the user ends the command. */
async function printRequests(running: Inbox, channels: readonly NamedChannel[], io: Io): Promise<void> {
  const channelName = (id: string): string => channels.find((channel) => channel.id === id)?.name ?? id;
  const printer = createRequestPrinter(running, { channelName, io });
  while (!io.stopped.aborted) {
    printer.printNew();
    await sleepUntil(io.clock, io.clock.monotonic() + PRINT_INTERVAL_MILLIS, { signal: io.stopped, ref: true });
  }
  printer.printNew();
}

function introduction({ url, webhookUrl, token, channel, apiUrl }: Inbox, io: Io): string {
  const colors = createColors(io.stdout, io.environment);
  const variables = { TOKEN: token, CHANNEL: channel, API_URL: apiUrl };
  const assignments = Object.entries(variables).map(([name, value]) => `OTEL_EXPORTER_SLACK_${name}=${value}`);
  return [
    `${colors.bold('Inbox')}  ${colors.link(url)}`,
    '',
    'Set these variables for an app. With a token, messages are updated in place, and threads and reactions work:',
    `  export ${assignments.join(' ')}`,
    'Or with a webhook:',
    `  export OTEL_EXPORTER_SLACK_WEBHOOK_URL=${webhookUrl}`,
    '',
    colors.dim('Ctrl-C ends the inbox. Requests:'),
    '',
  ].join('\n');
}
