import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkOptions } from './check-options.js';
import { FaultScript } from './faults/index.js';
import type { Clock, Inbox, InboxChannel, InboxOptions } from './model/index.js';
import { EventStream } from './page/events.js';
import { Feed } from './page/feed.js';
import { handle, type ServerParts } from './server.js';
import {
  type Channel,
  type InboxState,
  RateLimits,
  RequestLog,
  react,
  Store,
  unreact,
  waitForMessages,
} from './state/index.js';

const HOST = '127.0.0.1';

const DEFAULT_CHANNELS: readonly InboxChannel[] = [
  { id: 'C0123ALERTS', name: '#alerts' },
  { id: 'C0123GENERAL', name: '#general' },
  { id: 'C0123RANDOM', name: '#random', isMember: false },
  { id: 'C0123OLD', name: '#old-alerts', isArchived: true },
];

const DEFAULT_SCOPES: readonly string[] = [
  'chat:write',
  'chat:write.public',
  'channels:read',
  'channels:history',
  'reactions:read',
  'reactions:write',
];

/** The time of day that never jumps. */
const DEFAULT_CLOCK: Clock = { now: () => performance.timeOrigin + performance.now() };

/**
 * Starts a local Slack on 127.0.0.1: webhooks, the Web API for posting, and a page for people. It refuses what Slack
 * refuses, in Slack's words. Rejects when the port is taken or an option makes no sense.
 */
export async function startInbox(options: InboxOptions = {}): Promise<Inbox> {
  checkOptions(options);
  const clock = options.clock ?? DEFAULT_CLOCK;
  const channels = options.channels ?? DEFAULT_CHANNELS;
  const faults = new FaultScript(clock);
  faults.set(options.faults ?? []);
  const store = new Store(channels, clock);
  // Connections live as long as with Slack: a poster's idle one must not be closed while it is being used again.
  const server = createServer({ keepAliveTimeout: 60_000 });
  const url = await listen(server, options.port ?? 0);
  const state: InboxState = {
    store,
    rates: new RateLimits(clock, options.rateLimit ?? true),
    webhooks: new Map(),
    token: options.token ?? `xoxb-0-0-${secret()}`,
    scopes: options.scopes ?? DEFAULT_SCOPES,
    url,
  };
  const log = new RequestLog(clock);
  const feed = new Feed(store, log);
  const events = new EventStream({ state, feed, faults });
  const clear = () => {
    log.clear();
    state.rates.clear();
    // Tells the pages.
    store.clear();
  };
  const parts: ServerParts = { state, log, faults, feed, events, clear };
  server.on('request', (request, response) => void handle(parts, request, response));
  return createInbox(parts, server);
}

function createInbox({ state, log, faults, events, clear }: ServerParts, server: Server): Inbox {
  const { store, url, token } = state;
  const closing = new AbortController();
  const [defaultChannel] = store.channels() as readonly [Channel];
  const find = (channel: string | undefined) => (channel === undefined ? undefined : findChannel(store, channel).id);
  const addWebhook = (channel = defaultChannel.id) => {
    const path = `/services/T0INBOX/B${secret(4).toUpperCase()}/${secret()}`;
    state.webhooks.set(path, findChannel(store, channel));
    return new URL(path, url).href;
  };
  return {
    url,
    webhookUrl: addWebhook(),
    apiUrl: `${url}api/`,
    token,
    channel: defaultChannel.id,
    messages: (channel) => store.messages(find(channel)),
    requests: () => log.all(),
    react: (messageTs, name, { channel, ...who } = {}) =>
      react(store, { messageTs, name, ...who, channel: find(channel) }),
    unreact: (messageTs, name, { channel, ...who } = {}) =>
      unreact(store, { messageTs, name, ...who, channel: find(channel) }),
    setFaults: (script) => faults.set(script),
    clearFaults: () => faults.set([]),
    waitForMessages: async (count, { timeoutMillis = 5_000, channel } = {}) =>
      waitForMessages(store, { count, timeoutMillis, channel: find(channel), signal: closing.signal }),
    addWebhook,
    clear,
    close: () => {
      closing.abort();
      events.close();
      return close(server);
    },
  };
}

function findChannel(store: Store, channel: string): Channel {
  const found = store.channel(channel);
  if (found) return found;
  const known = store.channels().map((each) => each.id);
  throw new TypeError(`channel: expected one of ${known.join(', ')}, got ${channel}`);
}

function secret(bytes = 12): string {
  return randomBytes(bytes).toString('hex');
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve(`http://${HOST}:${(server.address() as AddressInfo).port}/`);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // Twice is once: closing a closed server is an error of Node's and none of ours.
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
