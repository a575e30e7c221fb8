import { deepEqual, equal } from 'node:assert/strict';
import { whenSettled } from '../../src/util/settled.js';

describe('waiting for a promise', () => {
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it('A9: calls each waiter once, in order, when the promise resolves or rejects, and no removed one', async () => {
    for (const isRejected of [false, true]) {
      const called: string[] = [];
      let settle = (): void => {};
      const promise = new Promise<void>((resolve, reject) => {
        settle = isRejected ? () => reject(new Error('no')) : resolve;
      });
      whenSettled(promise, () => called.push('a'));
      whenSettled(promise, () => called.push('b'))();
      whenSettled(promise, () => called.push('c'));
      await turn();
      equal(called.length, 0);
      settle();
      await turn();
      deepEqual(called, ['a', 'c']);
      whenSettled(promise, () => called.push('d'));
      await turn();
      deepEqual(called, ['a', 'c', 'd']);
    }
  });
});
