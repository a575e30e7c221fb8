import assert from 'node:assert/strict';
import type { Logger } from '@opentelemetry/api-logs';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, type LoggerProviderConfig } from '@opentelemetry/sdk-logs';
import { type Inbox, type InboxOptions, messageText, startInbox } from '../../packages/slack-inbox/src/index.js';
import type { SlackExporterOptions } from '../../src/config/options.js';
import { createSlackLogRecordProcessor, type SlackLogRecordProcessor } from '../../src/processor.js';
import type { Overrides } from '../../src/setup.js';
import { type ManualClock, manualClock } from './clock.js';
import { captureDiag, type DiagCapture } from './diag.js';
import { appointJudge, type Judge } from './judge.js';
import { ERROR } from './records.js';
import { isolated, WAYS } from './slack.js';
import { type Traffic, watchTraffic } from './traffic.js';

/** An app with the SDK's own provider and processor, and us in it. */
export interface App {
  readonly slack: SlackLogRecordProcessor;
  readonly provider: LoggerProvider;
  readonly logger: Logger;
  /** Emits ERRORs with these bodies, and waits until the SDK has handed them over. */
  emit(...bodies: readonly string[]): Promise<void>;
  /** Waits until the SDK has handed over all that was emitted. */
  handedOver(): Promise<void>;
}

/** What an {@link App} is made with, besides what the row says of it. */
export interface AppParts extends Pick<LoggerProviderConfig, 'logRecordLimits'> {
  readonly resource?: Resource;
  readonly overrides?: Overrides;
}

/**
 * Where a row of the list of faults takes place: everything is real but time, which passes when the test says so, and no
 * sooner than all that is under way has come to its end. What must hold in every row is checked at every step.
 */
export interface World {
  readonly way: string;
  readonly clock: ManualClock;
  readonly said: DiagCapture;
  readonly judge: Judge;
  /** The first one; its token and its webhook are what {@link app} uses. */
  readonly inbox: Inbox;
  /** A further one, or one on a given port. */
  openInbox(options?: InboxOptions): Promise<Inbox>;
  /** Starts an app that posts to the inbox; `options` go on top. */
  app(options?: SlackExporterOptions, parts?: AppParts): App;
  /** Lets that much time go by. */
  pass(millis: number): Promise<void>;
  /** Lets time go by until it is so, at most so long. Gives how long it took, in steps of a second. */
  passUntil(isSo: () => boolean, mostMillis: number): Promise<number>;
  /** Lets time go by until that is over. */
  over<T>(promise: Promise<T>): Promise<T>;
  /** Is called when the row is over. */
  later(cleanUp: () => unknown): void;
}

/** What a row does. */
export type Row = (world: World) => Promise<void>;

/** A test of a fault, with a token and with a webhook. */
export function fault(title: string, row: Row): void {
  for (const { way, to } of WAYS) faultWith(way, to, title, row);
}

/** A test of a fault that only one of the ways has, or that is the same with both. */
export function faultOf(way: 'a token' | 'a webhook', title: string, row: Row): void {
  const found = WAYS.find((each) => each.way === way);
  assert.ok(found);
  faultWith(way, found.to, title, row);
}

function faultWith(way: string, to: (inbox: Inbox) => SlackExporterOptions, title: string, row: Row): void {
  it(`${title}, with ${way}`, async () => {
    const world = await RealWorld.create(way, to);
    try {
      await row(world);
      await world.end();
    } finally {
      await world.close();
    }
    await world.judge.verdict();
  });
}

/** Where the inboxes' time begins, in milliseconds since 1970. It does not jump. */
const INBOX_EPOCH = Date.UTC(2026, 0, 1);
/** More steps than any row needs. */
const MAX_STEPS = 200_000;

class RealWorld implements World {
  readonly way: string;
  readonly clock: ManualClock;
  readonly said = captureDiag();
  readonly judge = appointJudge();
  readonly #to: (inbox: Inbox) => SlackExporterOptions;
  readonly #traffic: Traffic;
  readonly #inboxes: Inbox[] = [];
  readonly #apps: App[] = [];
  readonly #cleanUps: (() => unknown)[] = [];

  private constructor(way: string, to: (inbox: Inbox) => SlackExporterOptions) {
    this.way = way;
    this.#to = to;
    this.#traffic = watchTraffic(() => this.#inboxes.flatMap((inbox) => inbox.requests()));
    this.clock = manualClock(() => this.#traffic.quiet());
  }

  static async create(way: string, to: (inbox: Inbox) => SlackExporterOptions): Promise<RealWorld> {
    const world = new RealWorld(way, to);
    await world.openInbox();
    return world;
  }

  get inbox(): Inbox {
    return this.#inboxes[0] as Inbox;
  }

  async openInbox(options: InboxOptions = {}): Promise<Inbox> {
    const clock = { now: () => INBOX_EPOCH + this.clock.monotonic() };
    const inbox = await startInbox({ clock, ...options });
    this.#inboxes.push(inbox);
    this.judge.keepSecret(inbox.token, new URL(inbox.webhookUrl).pathname);
    return inbox;
  }

  app(options: SlackExporterOptions = {}, { overrides, resource, ...limits }: AppParts = {}): App {
    const given = { ...this.#to(this.inbox), scheduledDelayMillis: 1, ...options };
    for (const url of [given.webhookUrl]) if (url !== undefined) this.judge.keepSecret(new URL(url).pathname);
    const slack = createSlackLogRecordProcessor(given, isolated({ clock: this.clock, ...overrides }));
    const provider = new LoggerProvider({
      processors: [slack],
      resource: resource ?? resourceFromAttributes({ 'service.name': 'checkout' }),
      ...limits,
    });
    const logger = provider.getLogger('orders');
    const handedOver = (): Promise<void> => until(() => inTransit(slack) === 0);
    const app: App = {
      slack,
      provider,
      logger,
      async emit(...bodies) {
        for (const body of bodies) logger.emit({ severityNumber: ERROR, body });
        await handedOver();
      },
      handedOver,
    };
    this.#apps.push(app);
    return app;
  }

  async pass(millis: number): Promise<void> {
    await this.clock.advance(millis);
    this.#look();
  }

  async passUntil(isSo: () => boolean, mostMillis: number): Promise<number> {
    const from = this.clock.monotonic();
    await this.pass(0);
    while (!isSo()) {
      assert.ok(this.clock.monotonic() - from < mostMillis, `not within ${mostMillis} ms: ${isSo}`);
      await this.pass(1_000);
    }
    return this.clock.monotonic() - from;
  }

  async over<T>(promise: Promise<T>): Promise<T> {
    let isOver = false;
    const over = promise.finally(() => {
      isOver = true;
    });
    for (let step = 0; !isOver; step++) {
      assert.ok(step < MAX_STEPS, 'it is never over');
      await this.pass(100);
    }
    return over;
  }

  later(cleanUp: () => unknown): void {
    this.#cleanUps.push(cleanUp);
  }

  /** Ends the apps in order, and looks at what is left. */
  async end(): Promise<void> {
    await this.over(Promise.all(this.#apps.map(({ provider }) => provider.shutdown())));
    await this.pass(1_000);
    assert.equal(this.clock.timers(), 0, 'no timer is left behind');
  }

  async close(): Promise<void> {
    this.#look();
    this.judge.heard(...this.said.all, ...this.#inboxes.flatMap((inbox) => inbox.messages()));
    await Promise.all(this.#inboxes.map((inbox) => inbox.close()));
    for (const { provider } of this.#apps) void provider.shutdown();
    await this.pass(60_000);
    for (const cleanUp of this.#cleanUps) await cleanUp();
    this.#traffic.stop();
    this.said.stop();
  }

  #look(): void {
    for (const { slack } of this.#apps) this.judge.books(slack.stats());
  }
}

/** Records that the SDK has not handed over yet. */
function inTransit(slack: SlackLogRecordProcessor): number {
  const { accepted, dropped, destinations } = slack.stats();
  const behind = Object.values(destinations);
  const sum = (dropped: Readonly<Record<string, number>>): number =>
    Object.values(dropped).reduce((all, records) => all + records, 0);
  const lostBefore = sum(dropped) - behind.reduce((all, counts) => all + sum(counts.dropped), 0);
  return accepted - lostBefore - behind.reduce((all, counts) => all + counts.accepted, 0);
}

/** Waits in real time, which is the SDK's. */
export async function until(isSo: () => boolean): Promise<void> {
  const from = performance.now();
  while (!isSo()) {
    if (performance.now() - from > 10_000) throw new Error(`never: ${isSo}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The ids in the messages of an inbox, one list a message. */
export function idsIn(inbox: Inbox): readonly string[] {
  return inbox.messages().map((message) => /\bid ([0-9a-f]{8}(?:\.\d+)?)/.exec(messageText(message))?.[1] ?? 'none');
}
