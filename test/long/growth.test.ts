import { deepEqual, equal, ok } from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Fault, Inbox } from '../../packages/slack-inbox/src/index.js';
import type { Holdings } from '../children/long-running.js';
import { opened, WAYS } from '../support/slack.js';

/** The rounds until every bounded store is full, including the groups of the destination. */
const ROUNDS_BEFORE = 80;
const ROUNDS = 160;
/** Variation by the garbage collector and V8's own tables. A leak of half a kilobyte per record would exceed it. */
const MAX_MIB = 2;

const FAULTS: readonly Fault[] = [
  { kind: 'rate_limited', retryAfter: 1 },
  { kind: 'status', status: 500 },
  { kind: 'reset' },
  { kind: 'hang_before_headers' },
];

describe('an app that runs for a long time', function () {
  this.timeout(100_000);
  const open = opened();
  const children: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await open.closeAll();
  });

  function start(options: object): ChildProcess {
    const file = fileURLToPath(new URL('../children/long-running.ts', import.meta.url));
    const child = fork(file, [JSON.stringify(options)], { execArgv: ['--import', 'tsx'] });
    children.push(child);
    return child;
  }

  async function ask<T>(child: ChildProcess, request: object | string): Promise<T> {
    child.send(request);
    const [answer] = (await once(child, 'message')) as [T];
    return answer;
  }

  /** Runs rounds without faults, then with each fault in turn. */
  async function runRounds(child: ChildProcess, inbox: Inbox, rounds: number): Promise<void> {
    const half = rounds / 2;
    await ask(child, { rounds: half });
    for (const fault of FAULTS) {
      inbox.setFaults([fault]);
      await ask(child, { rounds: half / FAULTS.length });
    }
    inbox.setFaults([]);
  }

  for (const { way, to } of WAYS) {
    it(`does not accumulate memory, sockets, timers or listeners of ours, with ${way}`, async () => {
      const inbox = await open.inbox({ rateLimit: false });
      const child = start({ ...to(inbox), timeoutMillis: 300 });
      await once(child, 'message');
      await runRounds(child, inbox, ROUNDS_BEFORE);
      const before = await ask<Holdings>(child, 'holdings');
      await runRounds(child, inbox, ROUNDS);
      const after = await ask<Holdings>(child, 'holdings');
      ok(before.isDelivered && after.isDelivered, 'not all was delivered');
      ok(after.heapMiB - before.heapMiB < MAX_MIB, `grew from ${before.heapMiB} to ${after.heapMiB} MiB`);
      deepEqual([after.listeners, after.handles], [before.listeners, before.handles]);
      deepEqual(after.warnings, []);
      child.send('end');
      const [code] = (await once(child, 'exit')) as [number];
      equal(code, 0);
    });
  }
});
