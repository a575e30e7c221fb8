import { type Inbox, type InboxOptions, messageText, startInbox } from '../../packages/slack-inbox/src/index.js';
import type { SlackExporterOptions } from '../../src/config/options.js';
import { createRateLimits } from '../../src/deliver/rate-limiter.js';
import type { Overrides } from '../../src/setup.js';
import { captureDiag, type DiagCapture } from './diag.js';

/** The inboxes and other resources of a test. Call `closeAll()` in `afterEach`. */
export interface Opened {
  inbox(options?: InboxOptions): Promise<Inbox>;
  /** Registers an object to shut down at the end of the test, and returns it. */
  ending<T extends { shutdown(): Promise<void> }>(thing: T): T;
  closeAll(): Promise<void>;
}

/** Creates an {@link Opened}. */
export function opened(): Opened {
  const inboxes: Inbox[] = [];
  const things: { shutdown(): Promise<void> }[] = [];
  return {
    async inbox(options) {
      const inbox = await startInbox(options);
      inboxes.push(inbox);
      return inbox;
    },
    ending(thing) {
      things.push(thing);
      return thing;
    },
    async closeAll() {
      // The inboxes first: this ends hanging requests, so that a shutdown does not wait for them.
      await Promise.all(inboxes.splice(0).map((inbox) => inbox.close()));
      await Promise.all(things.splice(0).map((thing) => thing.shutdown()));
    },
  };
}

/** For a `describe`: closes the resources of each test after it, and captures the `diag` lines of each test. */
export function eachTest(): { readonly open: Opened; readonly said: Pick<DiagCapture, 'warnings' | 'errors' | 'all'> } {
  const open = opened();
  const said = { warnings: [] as string[], errors: [] as string[], all: [] as string[] };
  let capture: DiagCapture;
  beforeEach(() => {
    capture = captureDiag();
    Object.assign(said, { warnings: capture.warnings, errors: capture.errors, all: capture.all });
  });
  afterEach(async () => {
    await open.closeAll();
    capture.stop();
  });
  return { open, said };
}

/** Options for a webhook and for a token, for tests with both. */
export const WAYS: readonly { readonly way: string; readonly to: (inbox: Inbox) => SlackExporterOptions }[] = [
  { way: 'a webhook', to: (inbox) => ({ webhookUrl: inbox.webhookUrl }) },
  { way: 'a token', to: (inbox) => ({ token: inbox.token, channel: inbox.channel, apiUrl: inbox.apiUrl }) },
];

/** Returns overrides for a test: an empty environment, and rate limits that no other test shares. */
export function isolated(overrides: Overrides = {}): Overrides {
  return { environment: {}, rateLimits: createRateLimits(), random: () => 0, ...overrides };
}

/** Returns all messages of the inbox as plain text. */
export function texts(inbox: Inbox): readonly string[] {
  return inbox.messages().map((message) => messageText(message));
}

/**
 * Returns the number of records that the messages of the inbox show, added up as a reader would. A headline shows
 * `ERROR ×40` or `30 problems, 1,204 records`; a message that continues an earlier one shows how many `more`. A message
 * with the id of an earlier one replaces it, with newer totals. Replies in threads show no counts.
 */
export function recordsShown(inbox: Inbox): number {
  let shown: { readonly ids: readonly string[]; readonly records: number }[] = [];
  for (const message of inbox.messages().filter(({ thread_ts }) => thread_ts === undefined)) {
    const text = messageText(message);
    const ids = [...text.matchAll(/\bid ((?:[0-9a-f]{8}(?:\.\d+)? ?)+)$/gm)].flatMap(([, list]) =>
      (list ?? '').trim().split(' '),
    );
    shown = shown.filter((earlier) => !earlier.ids.some((id) => ids.includes(id)));
    shown.push({ ids, records: shownIn(text) });
  }
  return shown.reduce((sum, { records }) => sum + records, 0);
}

/** Returns the number of records that the messages report as lost. */
export function recordsSaidLost(inbox: Inbox): number {
  const lost = texts(inbox).flatMap((text) => [...text.matchAll(/⚠️ ([\d,]+) records? never arrived/gu)]);
  return lost.reduce((sum, [, count = '0']) => sum + Number(count.replaceAll(',', '')), 0);
}

function shownIn(text: string): number {
  const [headline = ''] = text.split('\n', 1);
  if (headline.includes('never arrived')) return 0;
  const many = /([\d,]+) (?:more )?records?$/.exec(headline)?.[1];
  const more = /^.{0,200}?([\d,]+) more since the last message/m.exec(text)?.[1];
  const count = many ?? more ?? / ×([\d,]+) /.exec(headline)?.[1] ?? '1';
  return Number(count.replaceAll(',', ''));
}
