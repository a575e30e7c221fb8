import { deepEqual, equal } from 'node:assert/strict';
import { GOOD_STANDING, type Standing } from '../../src/groups/standing/standing.js';
import { type Caution, isolate, NO_CAUTION } from '../../src/plan/isolate.js';
import { groupOf, momentOf, planOf } from '../support/groups.js';

/** Groups by their fingerprint, each with the part of its standing that matters. */
type Standings = Readonly<Record<string, Partial<Standing>>>;

const FAILED: Partial<Standing> = {
  state: 'suspect',
  failures: 1,
  failuresAlone: 1,
  failedAtMillis: 1,
  maxTogether: 1,
};

function groupsOf(standings: Standings) {
  return Object.entries(standings).map(([fingerprint, standing]) =>
    groupOf(
      { body: `body of ${fingerprint}` },
      { fingerprint, id: fingerprint, standing: { ...GOOD_STANDING, ...standing } },
    ),
  );
}

/** Returns the fingerprints of the posts that share the next message. */
function next(standings: Standings, caution: Partial<Caution> = {}, nowMillis = 10, isClosing = false) {
  const posts = groupsOf(standings).map((group) => ({ group, decision: { act: 'post', reason: 'new' } as const }));
  const { posts: chosen, readyAtMillis } = isolate(posts, momentOf(nowMillis, { isClosing }), {
    ...NO_CAUTION,
    ...caution,
  });
  return { names: chosen.map(({ group }) => group.fingerprint), readyAtMillis };
}

describe('the isolation of posts', () => {
  it('A1: what never failed goes first, together', () => {
    deepEqual(next({ a: {}, b: FAILED, c: {} }).names, ['a', 'c']);
  });

  it('A1: what failed follows alone, in turns', () => {
    deepEqual(next({ a: { ...FAILED, failedAtMillis: 5 }, b: { ...FAILED, failedAtMillis: 3 } }).names, ['b']);
  });

  it('A1: what failed gets its turn also while new problems come', () => {
    deepEqual(next({ a: {}, b: FAILED }, { isSuspectsTurn: true }).names, ['b']);
  });

  it('A1: a suspect that is held delays nothing, and is ready at its time', () => {
    const held = { ...FAILED, heldUntilAtMillis: 99 };
    deepEqual(next({ a: held, b: {} }, { isSuspectsTurn: true }).names, ['b']);
    deepEqual(next({ a: held }), { names: [], readyAtMillis: 99 });
    deepEqual(next({ a: held }, {}, 10, true).names, ['a'], 'at the end nothing is held');
  });

  it('A1: a part of a large message is sent together', () => {
    const part = { ...FAILED, failuresAlone: 0, maxTogether: 2 };
    deepEqual(next({ a: part, b: part, c: part, d: FAILED }).names, ['a', 'b']);
  });

  it('A1: groups without any text share a message', () => {
    const minimal = { ...FAILED, state: 'minimal', maxTogether: Number.POSITIVE_INFINITY } as const;
    deepEqual(next({ a: minimal, b: FAILED, c: minimal }).names, ['a', 'c']);
  });

  it('A1: a probe goes before everything', () => {
    deepEqual(next({ a: {}, b: { ...FAILED, isProbe: true } }).names, ['b']);
  });

  it('A1: a blocked endpoint is tried with one post, the one that failed least recently', () => {
    deepEqual(next({ a: FAILED, b: {}, c: {} }, { isProbing: true }).names.length, 1);
    deepEqual(next({ a: FAILED, b: { ...FAILED, failedAtMillis: 0 } }, { isProbing: true }).names, ['b']);
  });

  it('A1: the last message of a process has everything, and only the counts of what failed', () => {
    const { notification } = planOf(groupsOf({ a: {}, b: FAILED, c: {} }), 10, {
      isAllInOne: true,
      isGathered: true,
      moment: { isClosing: true },
    });
    const texts = notification?.rows.map(({ fingerprint, what }) => [fingerprint, /body of|left out/.exec(what)?.[0]]);
    deepEqual(
      new Map(texts as [string, string][]),
      new Map([
        ['a', 'body of'],
        ['b', 'left out'],
        ['c', 'body of'],
      ]),
    );
    equal(notification?.form, 'full');
  });
});
