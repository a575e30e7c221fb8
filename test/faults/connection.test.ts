import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { createServer } from 'node:https';
import { generate } from 'selfsigned';
import type { SlackExporterOptions } from '../../src/config/options.js';
import { type App, fault, type World } from '../support/faults.js';
import { listen, openRelay } from '../support/relay.js';
import { recordsShown } from '../support/slack.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** A random number with which each retry comes as late as possible. */
const LATE = { overrides: { random: () => 1 } };

describe('the connection to Slack', () => {
  let environment: NodeJS.ProcessEnv;
  beforeEach(() => {
    environment = { ...process.env };
    for (const name of Object.keys(process.env)) if (/_proxy$/i.test(name)) delete process.env[name];
  });
  afterEach(() => {
    process.env = environment;
  });

  /** Returns the same destination at another base URL. */
  function at(base: string, { way, inbox }: World): SlackExporterOptions {
    const moved = (url: string): string => new URL(new URL(url).pathname, base).href;
    return way === 'a webhook' ? { webhookUrl: moved(inbox.webhookUrl) } : { apiUrl: moved(inbox.apiUrl) };
  }

  /** Returns the times of the attempts, in milliseconds of the world's clock. */
  async function triesDuring(world: World, app: App, millis: number): Promise<readonly number[]> {
    const tries: number[] = [];
    for (const end = world.clock.monotonic() + millis; world.clock.monotonic() < end; ) {
      const before = app.slack.stats().requests;
      await world.pass(SECOND);
      for (let tried = before; tried < app.slack.stats().requests; tried++) tries.push(world.clock.monotonic());
    }
    return tries;
  }

  const gapsOf = (tries: readonly number[]): readonly number[] =>
    tries.slice(1).map((millis, index) => Math.round((millis - (tries[index] as number)) / SECOND));

  fault(
    'refused: all records stay pending, with a retry after 1 to 60 s and one warning, and arrive when Slack is back',
    async (world) => {
      const relay = await openRelay(world.inbox.url);
      world.later(() => relay.cut());
      await relay.cut();
      const app = world.app(at(`http://127.0.0.1:${relay.port}`, world), LATE);
      await app.emit('disk is full', 'disk is full');
      const tries = await triesDuring(world, app, 5 * MINUTE);
      // The first attempt follows directly after the record.
      deepEqual(gapsOf(tries), [4, 8, 16, 32, 60, 60, 60]);
      await app.emit('disk is full');
      deepEqual([app.slack.stats().pending, app.slack.stats().dropped, world.inbox.requests().length], [3, {}, 0]);
      equal(world.said.warnings.length, 1);
      match(world.said.warnings[0] ?? '', /no good answer from Slack \(ECONNREFUSED\).*waiting: 2 records/);
      await relay.mend();
      await world.passUntil(() => app.slack.stats().delivered === 3, 61 * SECOND);
      equal(world.inbox.messages().length, 1);
      equal(recordsShown(world.inbox), 3);
    },
  );

  fault('refused: no retry comes sooner than after a second, whatever the random number', async (world) => {
    const relay = await openRelay(world.inbox.url);
    await relay.cut();
    const app = world.app(at(`http://127.0.0.1:${relay.port}`, world), { overrides: { random: () => 0 } });
    await app.emit('disk is full');
    deepEqual(new Set(gapsOf(await triesDuring(world, app, MINUTE))), new Set([1]));
  });

  fault('DNS failure: all records stay pending, and the only warning names no URL', async (world) => {
    const app = world.app(at('https://slack.invalid', world), LATE);
    await app.emit('disk is full', 'search is down');
    await world.pass(9 * MINUTE);
    deepEqual([app.slack.stats().pending, app.slack.stats().dropped], [2, {}]);
    ok(app.slack.stats().requests >= 9);
    equal(world.said.warnings.length, 1);
    match(world.said.warnings[0] ?? '', /no good answer from Slack \((ENOTFOUND|EAI_AGAIN)\)/);
  });

  fault(
    'TLS error: nothing is sent to an untrusted server, and all records stay pending, with one warning',
    async (world) => {
      const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }]);
      const received: string[] = [];
      const server = createServer({ key, cert }, ({ url }, response) => {
        received.push(url ?? '');
        response.end('ok');
      });
      world.later(() => server.close());
      const app = world.app(at(`https://127.0.0.1:${await listen(server)}`, world), LATE);
      await app.emit('disk is full');
      await world.pass(9 * MINUTE);
      deepEqual([app.slack.stats().pending, app.slack.stats().dropped, received], [1, {}, []]);
      equal(world.said.warnings.length, 1);
      match(world.said.warnings[0] ?? '', /no good answer from Slack \((DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_\w+)\)/);
    },
  );
});
