import assert from 'node:assert/strict';
import { MATCH } from '../../../src/config/validate/match.js';
import { checked, OptionError } from '../../../src/config/validate/scalars.js';

const PATH = 'routes[2].match';
const SEVERITIES = 'one of TRACE, DEBUG, INFO, WARN, ERROR, FATAL';
const VALUE = 'a string of at most 500 characters, a number, or true or false';

function errorOf(match: unknown): string {
  try {
    checked(PATH, match, MATCH);
  } catch (error) {
    assert.ok(error instanceof OptionError);
    return error.problem;
  }
  assert.fail('it is taken');
}

/** Wrong matches, and the error after the path of the match. */
const WRONG: [unknown, string][] = [
  ['x', ': expected an object with conditions on a record, got the string "x"'],
  [
    { sevrity: 'ERROR' },
    '.sevrity: expected one of severity, scope, service, eventName, exceptionType, attributes, got an unknown option; did you mean severity?',
  ],
  [{ severity: 'loud' }, `.severity: expected ${SEVERITIES}, or an array of them, got the string "loud"`],
  [{ severity: 17 }, `.severity: expected ${SEVERITIES}, or an array of them, got 17`],
  [{ severity: ['ERROR', 'loud'] }, `.severity[1]: expected ${SEVERITIES}, got the string "loud"`],
  [{ severity: [] }, `.severity: expected ${SEVERITIES}, or an array of them, got an array of 0`],
  [
    { scope: '' },
    '.scope: expected a string of 1 to 500 characters, or an array of 1 to 100 of them, got the string ""',
  ],
  [{ service: ['a', 5] }, '.service[1]: expected a string of 1 to 500 characters, got 5'],
  [
    { eventName: ['x'.repeat(501)] },
    '.eventName[0]: expected a string of 1 to 500 characters, got a string of 501 characters',
  ],
  [
    { exceptionType: null },
    '.exceptionType: expected a string of 1 to 500 characters, or an array of 1 to 100 of them, got null',
  ],
  [
    { attributes: ['a'] },
    '.attributes: expected an object with conditions on attributes, by their keys, got an array of 1',
  ],
  [
    { attributes: { tier: null } },
    `.attributes.tier: expected ${VALUE}, an array of 1 to 100 of them, or an object with one of equals, oneOf, glob, exists, got null`,
  ],
  [{ attributes: { 'http.route': [Number.NaN] } }, `.attributes["http.route"][0]: expected ${VALUE}, got NaN`],
  [{ attributes: { a: {} } }, '.attributes.a: expected exactly one of equals, oneOf, glob, exists, got none'],
  [
    { attributes: { a: { glob: 'x', exists: true } } },
    '.attributes.a: expected exactly one of equals, oneOf, glob, exists, got 2',
  ],
  [
    { attributes: { a: { glob: '' } } },
    '.attributes.a.glob: expected a string of 1 to 500 characters, got the string ""',
  ],
  [
    { attributes: { a: { oneOf: [] } } },
    '.attributes.a.oneOf: expected an array of 1 to 100 values, got an array of 0',
  ],
  [{ attributes: { a: { equals: {} } } }, `.attributes.a.equals: expected ${VALUE}, got a value of type object`],
  [{ attributes: { a: { exists: 'yes' } } }, '.attributes.a.exists: expected true or false, got the string "yes"'],
  [
    { attributes: { a: { like: 'x' } } },
    '.attributes.a.like: expected one of equals, oneOf, glob, exists, got an unknown option',
  ],
];

describe('match', () => {
  for (const [match, error] of WRONG) {
    it(`wrong: ${error.slice(0, 100)}`, () => assert.equal(errorOf(match), PATH + error));
  }

  it('never quotes a secret', () => {
    for (const secret of ['xoxb-1-2-secret', 'https://hooks.slack.com/services/T0/B0/secret']) {
      for (const match of [{ severity: secret }, { attributes: { [secret]: {} } }, { [secret]: 1 }]) {
        assert.doesNotMatch(errorOf(match), /secret/);
      }
    }
  });

  it('without conditions matches everything', () => {
    assert.equal(checked(PATH, {}, MATCH), 'everything');
    assert.equal(checked(PATH, { scope: undefined }, MATCH), 'everything');
  });

  it('separates texts from globs', () => {
    assert.deepEqual(checked(PATH, { scope: ['a', 'b*'], attributes: { n: 5, t: { equals: 'b*' } } }, MATCH), {
      scope: { texts: new Set(['a']), globs: ['b*'] },
      attributes: new Map([
        ['n', { texts: new Set(['5']), globs: [] }],
        ['t', { texts: new Set(['b*']), globs: [] }],
      ]),
    });
  });
});
