import type { Inbox, InboxRequest, MessageContent } from 'slack-inbox';
import { clean } from '../../../../src/util/index.js';
import { createColors } from '../shared/colors.js';
import type { Io } from '../shared/command.js';
import { columnsOf, timeOfDay, truncate } from '../shared/format-message.js';
import { headlineOf } from '../shared/read-message.js';

/** Prints the requests that an inbox received, one line each: messages, edits, refusals and faults. */
export interface RequestPrinter {
  /** Prints the requests since the last call. */
  printNew(): void;
}

/** Options of {@link createRequestPrinter}. */
export interface RequestPrinterOptions {
  readonly channelName: (channelId: string) => string;
  readonly io: Pick<Io, 'stdout' | 'environment'>;
}

/** A request without an answer delays the lines of later requests for this time; then it is printed as waiting. */
const ANSWER_TIMEOUT_MILLIS = 1_000;

export function createRequestPrinter(
  inbox: Pick<Inbox, 'requests'>,
  { channelName, io }: RequestPrinterOptions,
): RequestPrinter {
  const colors = createColors(io.stdout, io.environment);
  let printedUntilMillis = Number.NEGATIVE_INFINITY;
  const print = (request: InboxRequest, { event, text, isFailure }: RequestLine): void => {
    const channel = request.channel === undefined ? '' : clean(channelName(request.channel));
    const start = `${timeOfDay(request.receivedAtMillis)}  ${truncate(channel, 20).padEnd(12)}  `;
    const line = truncate(`${start}${event.padEnd(8)} ${text}`, columnsOf(io.stdout));
    const rest = line.slice(start.length);
    io.stdout.write(`${colors.dim(line.slice(0, start.length))}${isFailure ? colors.red(rest) : rest}\n`);
  };
  return {
    printNew() {
      for (const request of inbox.requests()) {
        if (request.monotonicMillis <= printedUntilMillis) continue;
        if (!isAnswered(request) && performance.now() - request.monotonicMillis < ANSWER_TIMEOUT_MILLIS) return;
        printedUntilMillis = request.monotonicMillis;
        const line = describe(request);
        if (line !== undefined) print(request, line);
      }
    },
  };
}

function isAnswered({ status, fault }: InboxRequest): boolean {
  return status !== undefined || fault !== undefined;
}

interface RequestLine {
  /** `posted`, `refused`, … */
  readonly event: string;
  readonly text: string;
  readonly isFailure?: boolean;
}

/** Methods that change a message. Other methods are printed only when they fail. */
const CHANGES_MESSAGES = /^(?:chat\.(?:postMessage|update|delete)|webhook)$/;

function describe({ method, status, error, fault, retryAfterSeconds, body }: InboxRequest): RequestLine | undefined {
  if (error !== undefined) {
    const wait = retryAfterSeconds === undefined ? '' : `, retry after ${retryAfterSeconds} s`;
    return { event: 'refused', text: `${method}: ${error} (HTTP ${status ?? '–'}${wait})`, isFailure: true };
  }
  if (fault !== undefined) return { event: 'fault', text: `${method}: ${fault}`, isFailure: true };
  if (status === undefined) return { event: 'waiting', text: `${method}: no answer yet`, isFailure: true };
  if (!CHANGES_MESSAGES.test(method)) return undefined;
  return { event: eventOf(method, body), text: headlineOf((body ?? { text: '' }) as MessageContent) };
}

function eventOf(method: string, body: InboxRequest['body']): string {
  if (method === 'chat.update') return 'edited';
  if (method === 'chat.delete') return 'deleted';
  return body?.thread_ts === undefined ? 'posted' : 'reply';
}
