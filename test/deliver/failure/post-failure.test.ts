import { deepEqual, equal } from 'node:assert/strict';
import { type Cause, causeOfChange, causeOfPost } from '../../../src/deliver/failure/cause.js';
import { type PostEvidence, postVerdict } from '../../../src/deliver/failure/post-failure.js';

const OPEN: Cause = { of: 'open', isRefusal: false };
const OPEN_REFUSAL: Cause = { of: 'open', isRefusal: true };
const OF_MESSAGE: Cause = { of: 'message', isRefusal: true };
const OF_ENDPOINT: Cause = { of: 'endpoint', isRefusal: true };

describe('the verdict on a failed post', () => {
  const verdict = (cause: Cause, changes: Partial<PostEvidence> = {}): string =>
    postVerdict({
      ...{ cause, groups: 1, failures: 3, isBlocked: false, isMinimal: false, hasOtherPassed: false },
      ...changes,
    });

  it('A1: one of several groups may be the cause, so they are split', () => {
    for (const cause of [OPEN, OPEN_REFUSAL, OF_MESSAGE]) equal(verdict(cause, { groups: 11 }), 'split');
  });

  it('A1: a group alone is reduced, and rejected only in its last form', () => {
    for (const cause of [OPEN, OPEN_REFUSAL, OF_MESSAGE]) equal(verdict(cause), 'reduce');
    equal(verdict(OF_MESSAGE, { isMinimal: true }), 'reject');
    const refused = (failures: number): string =>
      verdict(OPEN_REFUSAL, { isMinimal: true, hasOtherPassed: true, failures });
    deepEqual([refused(9), refused(10)], ['reduce', 'reject'], 'an answer of something on the way counts less');
  });

  it('A1: an endpoint that refuses even a message without text is the cause, unless others passed', () => {
    equal(verdict(OPEN_REFUSAL, { isMinimal: true }), 'all refused');
  });

  it('A1: a timeout or a 500 never rejects a message', () => {
    equal(verdict(OPEN, { isMinimal: true, hasOtherPassed: true }), 'reduce');
  });

  it('an endpoint that names itself as the cause is believed', () => {
    equal(verdict(OF_ENDPOINT, { groups: 3 }), 'endpoint');
  });

  it('a blocked endpoint that answers in the same way is still blocked', () => {
    equal(verdict(OPEN_REFUSAL, { isBlocked: true }), 'still blocked');
    equal(verdict(OPEN_REFUSAL, { isBlocked: true, isMinimal: true }), 'all refused');
    equal(verdict(OF_MESSAGE, { isBlocked: true }), 'reduce');
  });
});

describe('the cause of a failed request', () => {
  const refused = (reason: string) => ({ kind: 'refused', reason, because: 'destination' }) as const;

  it('is the endpoint when nothing of the message was sent', () => {
    equal(causeOfPost({ kind: 'retry', reason: 'ECONNREFUSED' }, false).of, 'endpoint');
  });

  it('is open when Slack had the message: a timeout, a 500, a word of Slack’s', () => {
    for (const reason of ['TIMEOUT', 'http_500', 'unreadable_answer'])
      equal(causeOfPost({ kind: 'unknown', reason }, false).of, 'open', reason);
    equal(causeOfPost({ kind: 'retry', reason: 'service_unavailable' }, false).of, 'open');
  });

  it('A1: is not the endpoint, whatever the answer says, when others passed meanwhile', () => {
    equal(causeOfPost(refused('restricted_action'), false).of, 'endpoint');
    equal(causeOfPost(refused('restricted_action'), true).of, 'open');
    equal(causeOfPost(refused('token_revoked'), true).of, 'endpoint');
  });

  it('A10: of an update is its message, unless the token is refused', () => {
    equal(causeOfChange(refused('channel_not_found')).of, 'open');
    equal(causeOfChange(refused('token_revoked')).of, 'endpoint');
    equal(causeOfChange(refused('no_service')).of, 'endpoint');
  });
});
