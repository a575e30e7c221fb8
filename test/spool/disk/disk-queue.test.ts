import { deepEqual, equal, rejects, throws } from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiskQueue } from '../../../src/spool/disk/disk-queue.js';
import { DiskHangs } from '../../../src/spool/disk/errors.js';
import { limitFiles } from '../../../src/spool/disk/limited-files.js';
import { manualClock } from '../../support/clock.js';
import { breakable } from '../../support/spool.js';
import { until } from '../../support/until.js';

const MAX_MILLIS = 3_000;

/** An operation that the test ends. */
function operation<T>(result: T) {
  let answer = (): void => {};
  const answered = new Promise<T>((resolve) => {
    answer = () => resolve(result);
  });
  const started: string[] = [];
  const run = (): Promise<T> => {
    started.push('started');
    return answered;
  };
  return { started, answer, run };
}

describe('A2: the queue of disk operations', () => {
  function setup() {
    const clock = manualClock();
    const queue = new DiskQueue();
    const seen: string[] = [];
    queue.watch({ onHang: () => seen.push('hangs'), onAnswer: () => seen.push('answers') });
    const limits = { clock, maxMillis: MAX_MILLIS };
    const hang = async (): Promise<void> => {
      await clock.advance(MAX_MILLIS);
      await until(() => queue.isHanging);
    };
    return { clock, queue, seen, limits, hang };
  }

  it('runs one operation at a time, in their order', async () => {
    const { queue, limits } = setup();
    const [first, second] = [operation(1), operation(2)];
    const results = Promise.all([queue.run(first.run, limits), queue.run(second.run, limits)]);
    deepEqual([first.started.length, second.started.length], [1, 0]);
    first.answer();
    second.answer();
    deepEqual(await results, [1, 2]);
  });

  it('A2: gives up an operation at its limit, and starts none until it answers', async () => {
    const { queue, seen, limits, hang } = setup();
    const [late, waiting, refused, next] = [operation(1), operation(2), operation(3), operation(4)];
    const results = Promise.allSettled([queue.run(late.run, limits), queue.run(waiting.run, limits)]);
    await hang();
    deepEqual(
      (await results).map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    await rejects(queue.run(refused.run, limits), DiskHangs);
    deepEqual([waiting.started, refused.started, seen], [[], [], ['hangs']]);
    late.answer();
    await until(() => !queue.isHanging);
    next.answer();
    equal(await queue.run(next.run, limits), 4);
    deepEqual(seen, ['hangs', 'answers']);
  });

  it('leaves no timer when an operation answers or fails in time', async () => {
    const { clock, queue, limits } = setup();
    await queue.run(async () => 1, limits);
    await rejects(
      queue.run(() => Promise.reject(new Error('broken')), limits),
      /broken/,
    );
    equal(clock.timers(), 0);
  });

  it('closes and removes a file that is created after it was given up, so that it can be created again', async () => {
    const { clock, queue, hang } = setup();
    const folder = await mkdtemp(join(tmpdir(), 'queue-'));
    const real = breakable();
    const files = limitFiles(real, { queue, clock, maxMillis: MAX_MILLIS });
    let answer = (): void => {};
    real.fault = (call) =>
      call === 'create'
        ? new Promise((resolve) => {
            answer = () => resolve(undefined);
          })
        : undefined;
    const path = join(folder, 'file');
    const created = rejects(files.create(path, 'append'), DiskHangs);
    await hang();
    await created;
    real.fault = undefined;
    answer();
    await until(() => real.calls.get('remove') === 1);
    deepEqual(await readdir(folder), []);
    const file = await files.create(path, 'append');
    await file.close();
    await rm(folder, { recursive: true });
  });

  it('closes a file once the disk answers, and does not wait for that', async () => {
    const { clock, queue, limits, hang } = setup();
    const folder = await mkdtemp(join(tmpdir(), 'queue-'));
    const real = breakable();
    const closed: string[] = [];
    const create = real.create;
    real.create = async (path, mode) => {
      const file = await create(path, mode);
      const close = (): Promise<void> => {
        closed.push(path);
        return file.close();
      };
      return { ...file, close };
    };
    const files = limitFiles(real, { queue, ...limits, clock });
    const file = await files.create(join(folder, 'file'), 'append');
    const stuck = operation(1);
    const given = rejects(queue.run(stuck.run, limits), DiskHangs);
    await hang();
    await given;
    await file.close();
    equal(closed.length, 0);
    stuck.answer();
    await until(() => closed.length === 1);
    await rm(folder, { recursive: true });
  });

  it('starts no synchronous operation while one may hang', async () => {
    const { clock, queue, limits, hang } = setup();
    const { sync } = limitFiles(breakable(), { queue, ...limits, clock });
    const stuck = operation(1);
    const given = rejects(queue.run(stuck.run, limits), DiskHangs);
    equal(sync.facts(tmpdir()).isDirectory, true, 'the operation has just begun');
    await clock.advance(501);
    throws(() => sync.facts(tmpdir()), DiskHangs);
    await hang();
    await given;
    throws(() => sync.facts(tmpdir()), DiskHangs);
    stuck.answer();
    await until(() => !queue.isHanging);
    equal(sync.facts(tmpdir()).isDirectory, true);
  });
});
