import { deepEqual, equal } from 'node:assert/strict';
import {
  afterFailure,
  afterPass,
  afterRecovery,
  cleared,
  GOOD_STANDING,
  type Standing,
} from '../../../src/groups/standing/standing.js';
import { failureOf } from '../../support/groups.js';

describe('the standing of a message', () => {
  it('counts failures, those alone too, with the times of the first and the last', () => {
    const first = afterFailure(GOOD_STANDING, failureOf({ event: 'doubted', together: 3, nowMillis: 5 }));
    const { failures, failuresAlone, troubledAtMillis, failedAtMillis, heldUntilAtMillis } = afterFailure(
      first,
      failureOf({ event: 'doubted', nowMillis: 7, holdMillis: 10 }),
    );
    deepEqual([failures, failuresAlone], [2, 1]);
    deepEqual([troubledAtMillis, failedAtMillis, heldUntilAtMillis], [5, 7, 17]);
  });

  it('is good again after a pass with everything', () => {
    equal(afterPass(afterFailure(GOOD_STANDING, failureOf()), 'normal'), GOOD_STANDING);
  });

  it('keeps the reduced form and its reason after a pass, also when the endpoint is the cause of a later failure', () => {
    const passed = afterPass(afterFailure(GOOD_STANDING, failureOf({ reason: 'http_406' })), 'minimal');
    deepEqual([passed.state, passed.reason, passed.failures], ['minimal', 'http_406', 0]);
    equal(cleared(afterFailure(passed, failureOf({ event: 'doubted' }))).state, 'minimal');
  });

  it('is what it was before when the endpoint was the cause, but others are tried first', () => {
    const { state, failures, failedAtMillis } = cleared(afterFailure(GOOD_STANDING, failureOf({ nowMillis: 9 })));
    deepEqual([state, failures, failedAtMillis], ['normal', 0, 9]);
  });

  it('may share a message with other suspects after a recovery if all failures were in the outage, and waits no longer', () => {
    const failed = (nowMillis: number): Standing =>
      afterRecovery(afterFailure(GOOD_STANDING, failureOf({ event: 'doubted', nowMillis, holdMillis: 60_000 })), 100);
    deepEqual([failed(100).state, failed(100).maxTogether], ['suspect', Number.POSITIVE_INFINITY]);
    deepEqual([failed(99).state, failed(99).maxTogether], ['suspect', 1]);
    equal(failed(99).heldUntilAtMillis, Number.NEGATIVE_INFINITY);
  });

  it('is sent in the minimal form as a probe, whatever its state was', () => {
    const { state, isProbe } = afterFailure(GOOD_STANDING, failureOf({ event: 'doubted', isProbeNext: true }));
    deepEqual([state, isProbe], ['minimal', true]);
  });

  it('without any text may share a message again, until that fails', () => {
    const plain = { ...GOOD_STANDING, state: 'plain', maxTogether: 1 } as const;
    const minimal = afterFailure(plain, failureOf({ event: 'refused' }));
    deepEqual([minimal.state, minimal.maxTogether], ['minimal', Number.POSITIVE_INFINITY]);
    equal(afterFailure(minimal, failureOf({ event: 'doubted', together: 9, maxTogether: 1 })).maxTogether, 1);
  });
});
