import type { ActiveFault, FaultScript } from '../faults/index.js';
import type { Fault } from '../model/index.js';
import type { InboxState } from '../state/index.js';
import { type ChannelState, type FaultState, type PageState, REFUSED } from '../ui/wire.js';
import type { Feed } from './feed.js';

/** Returns what the page shows beside the messages: channels, counts, faults and the settings for a client. */
export function pageState({ store, webhooks, url, token }: InboxState, feed: Feed, faults: FaultScript): PageState {
  const webhookOf = new Map([...webhooks].map(([path, { id }]) => [id, new URL(path, url).href]));
  const channels = store.channels().map(({ id, name, isArchived }): ChannelState => {
    const webhookUrl = webhookOf.get(id);
    return { id, name, isArchived, unread: feed.unread(id), ...(webhookUrl === undefined ? {} : { webhookUrl }) };
  });
  const refused = { count: feed.count(REFUSED), unread: feed.unread(REFUSED), dropped: feed.dropped.refusals };
  return {
    channels,
    messages: store.size,
    dropped: feed.dropped.messages,
    refused,
    faults: faults.active().map(faultState),
    apiUrl: `${url}api/`,
    token,
  };
}

function faultState({ fault, remainingMillis, timesLeft }: ActiveFault): FaultState {
  return {
    kind: fault.kind,
    label: labelOf(fault),
    ...(fault.methods ? { methods: fault.methods } : {}),
    ...(Number.isFinite(remainingMillis) ? { remainingMillis } : {}),
    ...(Number.isFinite(timesLeft) ? { timesLeft } : {}),
  };
}

function labelOf(fault: Fault): string {
  if (fault.kind === 'status') return `HTTP ${fault.status}`;
  if (fault.kind === 'error') return fault.error;
  if (fault.kind === 'rate_limited') return `rate limited, Retry-After ${String(fault.retryAfter ?? 1)}`;
  if (fault.kind === 'slow') return `answers ${(fault.delayMillis ?? 3_000) / 1_000} s late`;
  return fault.kind.replaceAll('_', ' ');
}
