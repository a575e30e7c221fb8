import { type Inbox, type InboxOptions, messageText, startInbox } from '../../packages/slack-inbox/src/index.js';
import type { SlackExporterOptions } from '../../src/config/options.js';
import { createRateLimits } from '../../src/deliver/rate-limiter.js';
import type { Overrides } from '../../src/setup.js';
import { captureDiag, type DiagCapture } from './diag.js';

/** Inboxes and whatever else a test opened; `closeAll()` belongs into `afterEach`. */
export interface Opened {
  inbox(options?: InboxOptions): Promise<Inbox>;
  /** Something that is shut down at the end of the test. */
  ending<T extends { shutdown(): Promise<void> }>(thing: T): T;
  closeAll(): Promise<void>;
}

/** Makes an {@link Opened}. */
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
      // The inbox first: what hangs in it ends, and a shutdown need not wait for it.
      await Promise.all(inboxes.splice(0).map((inbox) => inbox.close()));
      await Promise.all(things.splice(0).map((thing) => thing.shutdown()));
    },
  };
}

/** For a `describe`: what each of its tests opens is closed behind it, and what is said through `diag` is kept for it. */
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

/** The two ways to Slack, for tests that hold for both. */
export const WAYS: readonly { readonly way: string; readonly to: (inbox: Inbox) => SlackExporterOptions }[] = [
  { way: 'a webhook', to: (inbox) => ({ webhookUrl: inbox.webhookUrl }) },
  { way: 'a token', to: (inbox) => ({ token: inbox.token, channel: inbox.channel, apiUrl: inbox.apiUrl }) },
];

/** What a test hands in: an environment that is empty and a pace that no other test has touched. */
export function isolated(overrides: Overrides = {}): Overrides {
  return { environment: {}, rateLimits: createRateLimits(), random: () => 0, ...overrides };
}

/** All messages of the inbox as a person reads them. */
export function texts(inbox: Inbox): readonly string[] {
  return inbox.messages().map((message) => messageText(message));
}

/**
 * How many records the messages of the inbox speak of, added up as a reader would: a headline says `ERROR ×40`, or
 * `30 problems, 1,204 records`; where a message goes on from an earlier one it says how many are `more`. A message with
 * an id of an earlier one is that one again, with the totals of later. Replies in threads tell no counts.
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

/** How many records the messages say to be lost. */
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
