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

/** An app with the SDK's own provider and our processor. */
export interface App {
  readonly slack: SlackLogRecordProcessor;
  readonly provider: LoggerProvider;
  readonly logger: Logger;
  /** Emits ERROR records with these bodies, and waits until the SDK has exported them. */
  emit(...bodies: readonly string[]): Promise<void>;
  /** Waits until the SDK has exported all emitted records. */
  handedOver(): Promise<void>;
}

/** Further options of an {@link App}. */
export interface AppParts extends Pick<LoggerProviderConfig, 'logRecordLimits'> {
  readonly resource?: Resource;
  readonly overrides?: Overrides;
}

/**
 * The environment of a fault test. Everything is real except time, which passes only when the test advances it, and not
 * before all pending requests and file accesses are done. The invariants of all fault tests are checked at every step.
 */
export interface World {
  readonly way: string;
  readonly clock: ManualClock;
  readonly said: DiagCapture;
  readonly judge: Judge;
  /** The first inbox. {@link app} uses its token and its webhook. */
  readonly inbox: Inbox;
  /** Opens a further inbox, for example on a given port. */
  openInbox(options?: InboxOptions): Promise<Inbox>;
  /** Starts an app that posts to the inbox. `options` override the defaults. */
  app(options?: SlackExporterOptions, parts?: AppParts): App;
  /** Advances the time. */
  pass(millis: number): Promise<void>;
  /**
   * Advances the time in steps of a second until `isSo` returns true. Returns the elapsed time. Fails after
   * `mostMillis`.
   */
  passUntil(isSo: () => boolean, mostMillis: number): Promise<number>;
  /** Advances the time until the promise settles. */
  over<T>(promise: Promise<T>): Promise<T>;
  /** Registers a clean-up for the end of the test. */
  later(cleanUp: () => unknown): void;
}

/** The body of a fault test. */
export type Row = (world: World) => Promise<void>;

/** Defines a test of a fault, once with a token and once with a webhook. */
export function fault(title: string, row: Row): void {
  for (const { way, to } of WAYS) faultWith(way, to, title, row);
}

/** Defines a test of a fault that only a token or only a webhook has, or that is equal with both. */
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

/** The start of the inboxes' time, in milliseconds since 1970. Unlike the wall clock it does not jump. */
const INBOX_EPOCH = Date.UTC(2026, 0, 1);
/** More steps than any test needs. */
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
      assert.ok(step < MAX_STEPS, 'the promise did not settle');
      await this.pass(100);
    }
    return over;
  }

  later(cleanUp: () => unknown): void {
    this.#cleanUps.push(cleanUp);
  }

  /** Shuts down the apps, and checks that no timer is left. */
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

/** Returns the number of records that the SDK has not exported yet. */
function inTransit(slack: SlackLogRecordProcessor): number {
  const { accepted, dropped, destinations } = slack.stats();
  const behind = Object.values(destinations);
  const sum = (dropped: Readonly<Record<string, number>>): number =>
    Object.values(dropped).reduce((all, records) => all + records, 0);
  const lostBefore = sum(dropped) - behind.reduce((all, counts) => all + sum(counts.dropped), 0);
  return accepted - lostBefore - behind.reduce((all, counts) => all + counts.accepted, 0);
}

/** Waits in real time, which the SDK uses. */
export async function until(isSo: () => boolean): Promise<void> {
  const from = performance.now();
  while (!isSo()) {
    if (performance.now() - from > 10_000) throw new Error(`never: ${isSo}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Returns the id in each message of an inbox. */
export function idsIn(inbox: Inbox): readonly string[] {
  return inbox.messages().map((message) => /\bid ([0-9a-f]{8}(?:\.\d+)?)/.exec(messageText(message))?.[1] ?? 'none');
}
