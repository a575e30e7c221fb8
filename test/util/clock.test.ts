import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { sleepUntil, systemClock } from '../../src/util/clock.js';
import { manualClock } from '../support/clock.js';

describe('clock', () => {
  describe('sleepUntil', () => {
    const watch = (sleep: Promise<void>): { isAwake: boolean } => {
      const state = { isAwake: false };
      void sleep.then(() => {
        state.isAwake = true;
      });
      return state;
    };

    it('resolves at the due time and not before', async () => {
      const clock = manualClock();
      const sleeper = watch(sleepUntil(clock, 1_000));
      await clock.advance(999);
      assert.equal(sleeper.isAwake, false);
      await clock.advance(1);
      assert.equal(sleeper.isAwake, true);
      assert.equal(clock.timers(), 0);
    });

    it('resolves at once when the due time has passed', async () => {
      const clock = manualClock();
      await sleepUntil(clock, 0);
      await sleepUntil(clock, Number.NEGATIVE_INFINITY);
      assert.equal(clock.timers(), 0);
    });

    it('sleeps for three months, longer than one timer can wait', async () => {
      const clock = manualClock();
      const millis = 90 * 24 * 3_600_000;
      const sleeper = watch(sleepUntil(clock, millis));
      await clock.advance(millis - 1);
      assert.equal(sleeper.isAwake, false);
      await clock.advance(1);
      assert.equal(sleeper.isAwake, true);
    });

    it('continues to sleep when a timer fires a little early', async () => {
      const clock = manualClock();
      let early = 3;
      const after = (millis: number, callback: () => void) => clock.after(Math.max(0, millis - early--), callback);
      const sleeper = watch(sleepUntil({ ...clock, after }, 1_000));
      await clock.advance(999);
      assert.equal(sleeper.isAwake, false);
      await clock.advance(1);
      assert.equal(sleeper.isAwake, true);
    });

    it('is independent of jumps of the wall clock', async () => {
      const clock = manualClock();
      const sleeper = watch(sleepUntil(clock, 1_000));
      clock.jump(86_400_000);
      await clock.advance(500);
      clock.jump(-2 * 86_400_000);
      assert.equal(sleeper.isAwake, false);
      await clock.advance(500);
      assert.equal(sleeper.isAwake, true);
    });

    it('ends early when the signal is aborted, and leaves neither timer nor listener behind', async () => {
      const clock = manualClock();
      const stop = new AbortController();
      const sleeper = watch(sleepUntil(clock, 1_000, { signal: stop.signal }));
      await clock.advance(1);
      stop.abort();
      await clock.advance(0);
      assert.equal(sleeper.isAwake, true);
      assert.equal(clock.timers(), 0);
      await sleepUntil(clock, 5_000, { signal: stop.signal });
      assert.equal(clock.timers(), 0);
    });

    it('removes its listener when the due time is reached', async () => {
      const clock = manualClock();
      let listeners = 0;
      const { signal } = new AbortController();
      const counting = new Proxy(signal, {
        get(target, key) {
          if (key === 'addEventListener') listeners++;
          if (key === 'removeEventListener') listeners--;
          const value = Reflect.get(target, key, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
      const sleep = sleepUntil(clock, 10, { signal: counting });
      await clock.advance(10);
      await sleep;
      assert.equal(listeners, 0);
    });
  });

  describe('systemClock', () => {
    it('does not fire at once when the delay is longer than the longest timer', async () => {
      let fired = 0;
      const cancels = [2 ** 31, 2 ** 40, Number.POSITIVE_INFINITY].map((millis) =>
        systemClock.after(millis, () => fired++),
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
      for (const cancel of cancels) cancel();
      assert.equal(fired, 0);
    });

    it('cancels a timer', async () => {
      let fired = 0;
      systemClock.after(1, () => fired++)();
      await new Promise((resolve) => setTimeout(resolve, 10));
      assert.equal(fired, 0);
    });

    it('keeps the process alive only with ref', () => {
      const clockFile = fileURLToPath(new URL('../../src/util/clock.ts', import.meta.url));
      const script = (ref: boolean) => `
        import { systemClock } from ${JSON.stringify(clockFile)};
        systemClock.after(${ref ? 50 : 30_000}, () => console.log('fired'), { ref: ${ref} });`;
      const run = (ref: boolean) =>
        execFileSync(process.execPath, ['--import=tsx', '--input-type=module', '--eval', script(ref)], {
          timeout: 15_000,
        });
      assert.equal(run(true).toString(), 'fired\n');
      assert.equal(run(false).toString(), '');
    });
  });
});
