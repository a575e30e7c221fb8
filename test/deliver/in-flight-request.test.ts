import { deepEqual, equal } from 'node:assert/strict';
import { InFlightRequest } from '../../src/deliver/in-flight-request.js';

/** A request without an answer, until its signal is aborted. */
function hang(signal: AbortSignal): Promise<string> {
  if (signal.aborted) return Promise.resolve('given up');
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve('given up')));
}

describe('the request in flight', () => {
  it('is given up when the loop ends', async () => {
    const inFlight = new InFlightRequest();
    const result = inFlight.send([], hang);
    inFlight.end();
    equal(await result, 'given up');
  });

  it('is given up at once when it begins after the end: the loop was on the way to it', async () => {
    const inFlight = new InFlightRequest();
    inFlight.end();
    deepEqual(await Promise.all([inFlight.send([], hang), inFlight.send([], hang)]), ['given up', 'given up']);
  });
});
