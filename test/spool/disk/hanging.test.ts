import { deepEqual, equal } from 'node:assert/strict';
import { type Owner, Owners } from '../../support/spool.js';
import { until } from '../../support/until.js';

const REASON = 'the disk does not answer; check the file system of the directory, or name a directory on a local disk';

describe('a spool on a disk that hangs', () => {
  const owners = new Owners();
  const answers: (() => void)[] = [];
  afterEach(async () => {
    for (const answer of answers.splice(0)) answer();
    await owners.endAll();
  });

  /** Lets the operations of this kind hang. Returns how many have begun. */
  function freeze(owner: Owner, operation: RegExp): { readonly begun: () => number; thaw(): void } {
    let begun = 0;
    owner.files.fault = (call) => {
      if (!operation.test(call)) return undefined;
      begun++;
      return new Promise((resolve) => void answers.push(() => resolve(undefined)));
    };
    return {
      begun: () => begun,
      thaw() {
        owner.files.fault = undefined;
        for (const answer of answers.splice(0)) answer();
      },
    };
  }

  /** Advances the time until the promise is settled. */
  async function over<T>(owner: Owner, promise: Promise<T>): Promise<T> {
    let isOver = false;
    const ended = promise.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await owner.clock.advance(100);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return ended;
  }

  for (const operation of ['makeDirectory', 'facts', 'create', 'write', 'datasync', 'list', 'open', 'read', 'rename']) {
    it(`A2: ${operation}: every call ends, one operation is outstanding, one warning, and all is saved after it answers`, async () => {
      const directory = await owners.folder();
      const dead = owners.open(directory);
      await dead.spool.append(['dead']);
      dead.spool.put('key', 'value');
      await dead.spool.flush();
      await dead.spool.close();
      const owner = owners.open(directory, { isDeaf: true });
      const recovered: unknown[] = [];
      const frozen = freeze(owner, new RegExp(`^${operation}$`));
      owner.spool.onRecovered((entries) => void recovered.push(...entries.map(({ value }) => value)));
      const appended = await over(owner, owner.spool.append(['a', 'b']));
      await over(owner, owner.spool.flush());
      await over(owner, owner.spool.check());
      await over(owner, owner.spool.verify());
      await over(owner, owner.spool.readAll());
      owner.spool.acknowledge(appended.ids);
      deepEqual([frozen.begun(), owner.warnings], [1, [REASON]]);
      frozen.thaw();
      await until(() => owner.spool.stats().failure === undefined);
      await owner.pass(20_000);
      equal((await over(owner, owner.spool.append(['c']))).isDurable, true);
      await until(() => recovered.length > 0);
      deepEqual(recovered, ['dead']);
    });
  }

  it('A2: says so once in an hour, and asks for what was not saved once the disk answers', async () => {
    const owner = owners.open(await owners.folder());
    await owner.spool.append(['a']);
    let asked = 0;
    owner.spool.onRetry(() => void asked++);
    const frozen = freeze(owner, /./);
    equal((await over(owner, owner.spool.append(['b']))).isDurable, false);
    for (let minute = 0; minute < 60; minute++) {
      await owner.clock.advance(60_000);
      equal((await owner.spool.append(['c'])).isDurable, false);
    }
    deepEqual([owner.warnings, frozen.begun(), asked], [[REASON], 1, 0]);
    frozen.thaw();
    await until(() => asked > 0);
    equal(owner.spool.stats().failure, undefined);
    equal((await owner.spool.append(['d'])).isDurable, true);
  });

  it('A2: makes no synchronous call at the end while an operation hangs, and returns that nothing is saved', async () => {
    const owner = owners.open(await owners.folder());
    await owner.spool.append(['a']);
    const frozen = freeze(owner, /./);
    equal((await over(owner, owner.spool.append(['b']))).isDurable, false);
    const before = frozen.begun();
    equal(owner.spool.closeSync(['b']), false);
    equal(frozen.begun(), before);
    frozen.thaw();
  });

  it('A2: writes the acknowledgements when the disk answers after the spool is closed', async () => {
    const directory = await owners.folder();
    const owner = owners.open(directory);
    const { ids } = await owner.spool.append(['a', 'b']);
    const frozen = freeze(owner, /./);
    equal((await over(owner, owner.spool.append(['c']))).isDurable, false);
    owner.spool.acknowledge(ids.slice(0, 1));
    await over(owner, owner.spool.close());
    frozen.thaw();
    const next = owners.open(directory);
    await until(() => owner.spool.stats().failure === undefined);
    await owner.spool.close();
    await next.pass(20_000);
    deepEqual(
      next.recovered.map(({ value }) => value),
      ['b'],
    );
  });
});
