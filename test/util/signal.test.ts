import assert from 'node:assert/strict';
import { Signal } from '../../src/util/signal.js';

describe('signal', () => {
  it('resolves all waiting promises, once for each fire()', async () => {
    const signal = new Signal();
    let woken = 0;
    const wait = async () => {
      await signal.next();
      woken++;
    };
    const waiting = [wait(), wait()];
    signal.fire();
    await Promise.all(waiting);
    assert.equal(woken, 2);
    const again = wait();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(woken, 2, 'the next event is another one');
    signal.fire();
    await again;
    assert.equal(woken, 3);
  });

  it('does not remember a fire() for which nobody waited', async () => {
    const signal = new Signal();
    signal.fire();
    let isWoken = false;
    void signal.next().then(() => {
      isWoken = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(isWoken, false);
  });
});
