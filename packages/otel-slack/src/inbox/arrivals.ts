import type { Inbox, InboxRequest, MessageContent } from 'slack-inbox';
import { clean } from '../../../../src/util/text.js';
import type { Io } from '../shared/command.js';
import { cutTo, timeOfDay, widthOf } from '../shared/message-view.js';
import { createPaint } from '../shared/paint.js';
import { headlineOf } from '../shared/read-message.js';

/** Tells of what has arrived since it was asked last: a line for each message, edit and refusal. */
export interface Arrivals {
  tell(): void;
}

/** Options of {@link watchArrivals}. */
export interface WatchOptions {
  /** The name of a channel, by its id. */
  readonly nameOf: (channelId: string) => string;
  readonly io: Pick<Io, 'stdout' | 'environment'>;
}

/** A request that has no answer for so long hangs; the ones behind it are told of then. */
const PATIENCE_MILLIS = 1_000;

/** Watches an inbox. */
export function watchArrivals(inbox: Pick<Inbox, 'requests'>, { nameOf, io }: WatchOptions): Arrivals {
  const paint = createPaint(io.stdout, io.environment);
  let toldMillis = Number.NEGATIVE_INFINITY;
  return {
    tell() {
      const width = widthOf(io.stdout);
      for (const request of inbox.requests()) {
        if (request.monotonicMillis <= toldMillis) continue;
        if (!isSettled(request) && performance.now() - request.monotonicMillis < PATIENCE_MILLIS) return;
        toldMillis = request.monotonicMillis;
        const told = tellOf(request);
        if (told === undefined) continue;
        const channel = request.channel === undefined ? '' : clean(nameOf(request.channel));
        const start = `${timeOfDay(request.receivedAtMillis)}  ${cutTo(channel, 20).padEnd(12)}  `;
        const line = cutTo(`${start}${told.what.padEnd(8)} ${told.text}`, width);
        const rest = line.slice(start.length);
        io.stdout.write(`${paint('dim', line.slice(0, start.length))}${told.isBad ? paint('red', rest) : rest}\n`);
      }
    },
  };
}

function isSettled({ status, fault }: InboxRequest): boolean {
  return status !== undefined || fault !== undefined;
}

interface Told {
  readonly what: string;
  readonly text: string;
  readonly isBad?: boolean;
}

/** What changes nothing and works is not told. */
const SILENT = /^(?!chat\.(?:postMessage|update|delete)$|webhook$)/;

function tellOf({ method, status, error, fault, retryAfterSeconds, body }: InboxRequest): Told | undefined {
  if (error !== undefined) {
    const wait = retryAfterSeconds === undefined ? '' : `, to come again in ${retryAfterSeconds} s`;
    return { what: 'refused', text: `${method}: ${error} (HTTP ${status ?? '–'}${wait})`, isBad: true };
  }
  if (fault !== undefined) return { what: 'fault', text: `${method}: ${fault}`, isBad: true };
  if (status === undefined) return { what: 'waits', text: `${method}: no answer yet`, isBad: true };
  if (SILENT.test(method)) return undefined;
  return { what: actOf(method, body), text: headlineOf((body ?? { text: '' }) as MessageContent) };
}

function actOf(method: string, body: InboxRequest['body']): string {
  if (method === 'chat.update') return 'edited';
  if (method === 'chat.delete') return 'deleted';
  return body?.thread_ts === undefined ? 'posted' : 'reply';
}
