import { equal } from 'node:assert/strict';
import { Deadline } from '../../src/shutdown/deadline.js';
import { manualClock } from '../support/clock.js';

describe('the deadline', () => {
  const setup = () => {
    const clock = manualClock();
    return { clock, deadline: new Deadline(clock, 10_000) };
  };

  it('is the whole timeout for a first flush', async () => {
    const { clock, deadline } = setup();
    await clock.advance(500);
    equal(deadline.begin(), 10_500);
  });

  it('is shared by calls during a flush, and by a call right after it when records are pending', async () => {
    const { clock, deadline } = setup();
    equal(deadline.begin(), 10_000);
    await clock.advance(3_000);
    equal(deadline.begin(), 10_000);
    deadline.end(false);
    deadline.end(false);
    await clock.advance(10);
    equal(deadline.begin(), 10_000);
  });

  it('is a new one when everything is delivered, or after a pause', async () => {
    const { clock, deadline } = setup();
    deadline.begin();
    deadline.end(true);
    await clock.advance(10);
    equal(deadline.begin(), 10_010);
    deadline.end(false);
    await clock.advance(1_000);
    equal(deadline.begin(), 11_010);
  });
});
