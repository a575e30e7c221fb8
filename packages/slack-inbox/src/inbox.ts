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

/** The time of day. A change of the system's clock does not affect it. */
const DEFAULT_CLOCK: Clock = { now: () => performance.timeOrigin + performance.now() };

/**
 * Starts a local Slack on 127.0.0.1: webhooks, the Web API for posting, and a page for people. The inbox refuses the same
 * requests as Slack, with Slack's errors. Rejects when the port is taken or an option is invalid.
 */
export async function startInbox(options: InboxOptions = {}): Promise<Inbox> {
  checkOptions(options);
  const clock = options.clock ?? DEFAULT_CLOCK;
  const channels = options.channels ?? DEFAULT_CHANNELS;
  const faults = new FaultScript(clock);
  faults.set(options.faults ?? []);
  const store = new Store(channels, clock);
  // As long as Slack keeps connections open. With Node's default of 5 s the server may close an idle connection just when
  // a client uses it again.
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
    // Last, because it notifies the pages.
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
  const channelId = (channel: string | undefined) =>
    channel === undefined ? undefined : findChannel(store, channel).id;
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
    messages: (channel) => store.messages(channelId(channel)),
    requests: () => log.all(),
    react: (messageTs, name, { channel, ...user } = {}) =>
      react(store, { messageTs, name, ...user, channel: channelId(channel) }),
    unreact: (messageTs, name, { channel, ...user } = {}) =>
      unreact(store, { messageTs, name, ...user, channel: channelId(channel) }),
    setFaults: (script) => faults.set(script),
    clearFaults: () => faults.set([]),
    waitForMessages: async (count, { timeoutMillis = 5_000, channel } = {}) =>
      waitForMessages(store, { count, timeoutMillis, channel: channelId(channel), signal: closing.signal }),
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
    // `close()` may be called twice: the callback ignores the error of a server that is already closed.
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
