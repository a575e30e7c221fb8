import { type Inbox, type InboxChannel, startInbox } from 'slack-inbox';
import { sleepUntil } from '../../../../src/util/clock.js';
import { wholeNumberOf } from '../shared/arguments.js';
import { type Command, EXIT, type Given, type Io, UsageError, UserError } from '../shared/command.js';
import { createPaint } from '../shared/paint.js';
import { watchArrivals } from './arrivals.js';

/** How often it is looked for what has arrived. */
const LOOK_EVERY_MILLIS = 200;

/** A channel whose name is known here. */
type NamedChannel = InboxChannel & { readonly name: `#${string}` };

const DEFAULT_CHANNELS: readonly NamedChannel[] = [
  { id: 'C0123ALERTS', name: '#alerts' },
  { id: 'C0123GENERAL', name: '#general' },
  { id: 'C0123RANDOM', name: '#random', isMember: false },
  { id: 'C0123OLD', name: '#old-alerts', isArchived: true },
];

export const inbox: Command = {
  name: 'inbox',
  summary: 'a local Slack with a page: see what an app posts, without a workspace',
  description: [
    'Starts a local Slack on 127.0.0.1: webhooks, the Web API for posting, and a page that shows what arrives, live.',
    'It refuses what Slack refuses, in Slack’s words. Ctrl-C ends it; nothing is kept.',
  ].join('\n'),
  options: {
    port: { value: 'N', help: 'TCP port (default: 4680; 0 takes a free one)' },
    open: { help: 'open the page in the browser' },
    channels: { value: 'LIST', help: `the channels, as in '#alerts,#payments' (default: #alerts, #general, …)` },
  },
  examples: ['otel-slack inbox --open', "otel-slack inbox --port 0 --channels '#alerts,#payments'"],
  async run(given, _positionals, io) {
    const channels = channelsOf(given);
    const running = await startOn(wholeNumberOf(given, 'port', 0, 65_535) ?? DEFAULT_PORT, channels);
    try {
      await serve(running, channels, given, io);
    } finally {
      await running.close();
    }
    return EXIT.ok;
  },
};

const DEFAULT_PORT = 4680;

async function startOn(port: number, channels: readonly NamedChannel[]): Promise<Inbox> {
  try {
    return await startInbox({ port, channels });
  } catch (error) {
    throw portError(port, error);
  }
}

/** What is wrong with a port, for a person. */
export function portError(port: number, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return new UserError(`port ${port} is in use, perhaps by another inbox; take another one: --port 0`);
  if (code === 'EACCES') return new UserError(`port ${port} needs more rights than you have; take one above 1023`);
  return error;
}

async function serve(running: Inbox, channels: readonly NamedChannel[], given: Given, io: Io): Promise<void> {
  io.stdout.write(introduction(running, io));
  if (given.open) await open(running.url, io);
  const nameOf = (id: string): string => channels.find((channel) => channel.id === id)?.name ?? id;
  const arrivals = watchArrivals(running, { nameOf, io });
  while (!io.stopped.aborted) {
    arrivals.tell();
    await sleepUntil(io.clock, io.clock.monotonic() + LOOK_EVERY_MILLIS, { signal: io.stopped, ref: true });
  }
  arrivals.tell();
}

/** Opens a page; where that cannot be done, says so. */
export async function open(url: string, io: Io): Promise<void> {
  if (!(await io.openBrowser(url))) io.stderr.write(`No browser could be opened; the page is ${url}\n`);
}

function introduction({ url, webhookUrl, token, channel, apiUrl }: Inbox, io: Io): string {
  const paint = createPaint(io.stdout, io.environment);
  const byToken = { TOKEN: token, CHANNEL: channel, API_URL: apiUrl };
  const assignments = Object.entries(byToken).map(([name, value]) => `OTEL_EXPORTER_SLACK_${name}=${value}`);
  return [
    `${paint('bold', 'Inbox')}  ${paint(['cyan', 'underline'], url)}`,
    '',
    'Point an app at it, with a token (messages are edited, threads and answers work):',
    `  export ${assignments.join(' ')}`,
    'or with a webhook:',
    `  export OTEL_EXPORTER_SLACK_WEBHOOK_URL=${webhookUrl}`,
    '',
    paint('dim', 'Ctrl-C ends it. What arrives:'),
    '',
  ].join('\n');
}

function channelsOf({ channels }: Given): readonly NamedChannel[] {
  if (channels === undefined) return DEFAULT_CHANNELS;
  const names = String(channels)
    .split(',')
    .map((name) => name.trim().replace(/^#/, ''))
    .filter((name) => name !== '');
  const strange = names.find((name) => !/^[^\s#,]{1,80}$/.test(name));
  if (strange !== undefined || names.length === 0)
    throw new UsageError(`--channels: expected names with commas between, as in '#alerts,#payments'`);
  return [...new Set(names)].map((name, index) => {
    // What looks like an id is one: apps name channels either way.
    const isId = /^[CG][A-Z0-9]{6,}$/.test(name);
    return { id: isId ? name : `C0INBOX${String(index + 1).padStart(3, '0')}`, name: `#${name}` };
  });
}
