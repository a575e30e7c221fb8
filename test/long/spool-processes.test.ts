import { deepEqual, equal, ok } from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { filesIn, Owners } from '../support/spool.js';

interface Child {
  readonly process: ChildProcess;
  readonly output: string[];
  send(command: object): void;
  /** Sends SIGKILL, and waits for the end of the process. */
  kill(): Promise<void>;
}

describe('processes that share a spool', function () {
  // Starts processes, which takes long on a busy machine.
  this.timeout(60_000);
  const owners = new Owners();
  const children: Child[] = [];
  const output: string[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) await child.kill();
    output.length = 0;
    await owners.endAll();
  });

  async function start(directory: string): Promise<Child> {
    const file = fileURLToPath(new URL('../children/spooler.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', file, directory], {
      stdio: ['ignore', 'pipe', 2, 'ipc'],
    });
    const lines: string[] = [];
    if (child.stdout === null) throw new Error('no output');
    const reader = createInterface(child.stdout).on('line', (line) => {
      lines.push(line);
      output.push(line);
    });
    const gone = Promise.all([once(child, 'exit'), once(reader, 'close')]);
    const started: Child = {
      process: child,
      output: lines,
      send: (command) => void child.send(command),
      async kill() {
        child.kill('SIGKILL');
        await gone;
      },
    };
    children.push(started);
    await until(() => lines.includes('ready '));
    return started;
  }

  async function until(condition: () => boolean): Promise<void> {
    for (const end = performance.now() + 40_000; !condition(); ) {
      if (performance.now() > end)
        throw new Error(`condition not met within 40 s; output: ${output.slice(-20).join(', ')}`);
      await sleep(5);
    }
  }

  const all = (what: string, lines: readonly string[] = output): string[] =>
    lines.filter((line) => line.startsWith(`${what} `)).map((line) => line.slice(what.length + 1));
  const values = (name: string, count: number): string[] => Array.from({ length: count }, (_, at) => `${name}-${at}`);
  /** Returns how often each entry was delivered. */
  function deliveries(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const value of all('delivered')) counts.set(value, (counts.get(value) ?? 0) + 1);
    return counts;
  }

  for (const count of [2, 5]) {
    it(`${count} of them, killed again and again, deliver each entry once, and at most one entry twice for each kill`, async () => {
      const directory = await owners.folder();
      const living = await Promise.all(Array.from({ length: count }, () => start(directory)));
      let kills = 0;
      for (let round = 0; round < 2 * count; round++) {
        for (const [index, child] of living.entries()) {
          child.send({ append: values(`r${round}c${index}`, 20) });
          child.send({ deliver: true });
        }
        const victim = living[round % count] as Child;
        await until(() => all('delivered', victim.output).length > 3 && all('stored', victim.output).length > 5);
        await victim.kill();
        kills++;
        living[round % count] = await start(directory);
      }
      for (const child of living) child.send({ deliver: true });
      await until(() => all('stored').every((value) => deliveries().has(value)));
      const counts = [...deliveries().values()];
      ok(Math.max(...counts) <= 2);
      ok(counts.filter((times) => times > 1).length <= kills, `${counts.filter((times) => times > 1).length} twice`);
      deepEqual([all('warned'), all('refused')], [[], []]);
    });
  }

  it('a process that is stopped and continued leaves its entries to the process that adopted them', async () => {
    const directory = await owners.folder();
    const [sleeper, heir] = [await start(directory), await start(directory)];
    sleeper.send({ append: values('before', 10) });
    await until(() => all('stored').length === 10);
    sleeper.process.kill('SIGSTOP');
    heir.send({ deliver: true });
    await until(() => all('delivered', heir.output).length === 10);
    sleeper.send({ deliver: true });
    sleeper.send({ append: values('after', 10) });
    sleeper.process.kill('SIGCONT');
    await until(() => all('delivered', sleeper.output).length === 10);
    await until(() => all('taken', sleeper.output).length > 0);
    ok([...deliveries().values()].every((times) => times === 1));
    equal(deliveries().size, 20);
  });

  it('a process with nothing else to do ends by itself', async () => {
    const directory = await owners.folder();
    const script = `
      import { openSpool } from './src/spool/spool.ts';
      import { systemClock } from './src/util/clock.ts';
      const spool = openSpool({ directory: process.argv[1], maxBytes: 2 ** 20, maxAgeMillis: 1_000, clock: systemClock,
        newId: () => crypto.randomUUID(), warn: console.error });
      spool.onRecovered(() => {});
      spool.put('key', 1);
      await spool.append(['a']);
      console.log(performance.now());`;
    const args = ['--import', 'tsx', '--input-type=module', '--eval', script, directory];
    const cwd = fileURLToPath(new URL('../..', import.meta.url));
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    const exit = once(child, 'exit');
    const [firstChunk] = await once(child.stdout, 'data');
    const from = performance.now();
    deepEqual(await exit, [0, null]);
    ok(Number(firstChunk) > 0 && performance.now() - from < 3_000);
  });

  it('a process that closes its spool, or exits, hands over at once, and leaves no files when all is delivered', async () => {
    const directory = await owners.folder();
    for (const end of ['close', 'exit']) {
      const child = await start(directory);
      child.send({ append: [end] });
      await until(() => all('stored').includes(end));
      child.send({ end });
      await once(child.process, 'exit');
      const next = owners.open(directory);
      await next.spool.flush();
      deepEqual(
        next.recovered.map(({ value }) => value),
        [end],
      );
      next.spool.acknowledge(next.recovered.map(({ id }) => id));
      await next.spool.close();
      deepEqual(await filesIn(directory), []);
    }
  });
});
