import assert from 'node:assert/strict';
import { FALLBACK, MENTION, QUIET_HOURS, ROUTES } from '../../../src/config/validate/routes.js';
import { type Check, checked, OptionError } from '../../../src/config/validate/scalars.js';

const HOOK = 'https://hooks.slack.com/services/T0/B0/secret';
const WHO = '"here", "channel", the id of a user ("U…", "W…") or of a user group ("S…")';
const TIME = 'a time from "00:00" to "23:59"';

function errorOf(path: string, value: unknown, check: Check<unknown>): string {
  try {
    checked(path, value, check);
  } catch (error) {
    assert.ok(error instanceof OptionError);
    return error.problem;
  }
  assert.fail('it is taken');
}

describe('mention', () => {
  it('becomes Slack markup without duplicates', () => {
    const of = (who: unknown): unknown => (checked('mention', { who }, MENTION) || undefined)?.markup;
    assert.equal(of('here'), '<!here>');
    assert.equal(
      of(['channel', 'U0123ABC', 'W0123ABC', 'S0123ABC']),
      '<!channel> <@U0123ABC> <@W0123ABC> <!subteam^S0123ABC>',
    );
    assert.equal(of(['here', 'here']), '<!here>');
  });

  it('is for all occasions by default', () => {
    const of = (on?: unknown): unknown => (checked('mention', { who: 'here', on }, MENTION) || undefined)?.on;
    assert.deepEqual(of(), new Set(['new', 'regressed', 'escalated', 'fatal']));
    assert.deepEqual(of(['fatal']), new Set(['fatal']));
    assert.equal(checked('mention', false, MENTION), false);
  });

  const WRONG: [unknown, string][] = [
    ['here', 'mention: expected an object with who and on, or false, got the string "here"'],
    [{}, `mention.who: expected ${WHO}, or an array of 1 to 20 of them, got undefined`],
    [{ who: 'everyone' }, `mention.who: expected ${WHO}, or an array of 1 to 20 of them, got the string "everyone"`],
    [{ who: [] }, `mention.who: expected ${WHO}, or an array of 1 to 20 of them, got an array of 0`],
    [{ who: ['here', '@anna'] }, `mention.who[1]: expected ${WHO}, got the string "@anna"`],
    [
      { who: 'U1> <!channel' },
      `mention.who: expected ${WHO}, or an array of 1 to 20 of them, got the string "U1> <!channel"`,
    ],
    [
      { who: 'here', on: 'new' },
      'mention.on: expected an array of 1 to 4 of new, regressed, escalated, fatal, got the string "new"',
    ],
    [
      { who: 'here', on: ['old'] },
      'mention.on[0]: expected one of new, regressed, escalated, fatal, got the string "old"',
    ],
    [{ whom: 'here' }, 'mention.whom: expected one of who, on, got an unknown option; did you mean who?'],
  ];
  for (const [value, error] of WRONG) {
    it(`wrong: ${error.slice(0, 80)}`, () => assert.equal(errorOf('mention', value, MENTION), error));
  }
});

describe('quietHours', () => {
  it('become minutes since midnight', () => {
    assert.deepEqual(checked('quietHours', { timeZone: 'Europe/Berlin', from: '22:00', to: '07:30' }, QUIET_HOURS), {
      ...{ timeZone: 'Europe/Berlin', fromMinutes: 1_320, toMinutes: 450 },
    });
    assert.equal(checked('quietHours', false, QUIET_HOURS), false);
  });

  const right = { timeZone: 'UTC', from: '22:00', to: '07:00' };
  const ZONE = 'the IANA name of a time zone, such as "Europe/Berlin"';
  const WRONG: [unknown, string][] = [
    [[], 'quietHours: expected an object with timeZone, from and to, or false, got an array of 0'],
    [{}, `quietHours.timeZone: expected ${ZONE}, got undefined`],
    [
      { ...right, timeZone: 'Europe/Atlantis' },
      `quietHours.timeZone: expected ${ZONE}, got the string "Europe/Atlantis"`,
    ],
    [{ ...right, timeZone: '+02:00' }, `quietHours.timeZone: expected ${ZONE}, got the string "+02:00"`],
    [{ ...right, from: '7:00' }, `quietHours.from: expected ${TIME}, got the string "7:00"`],
    [{ ...right, to: '24:00' }, `quietHours.to: expected ${TIME}, got the string "24:00"`],
    [{ ...right, to: 7 }, `quietHours.to: expected ${TIME}, got 7`],
    [{ ...right, to: '22:00' }, 'quietHours.to: expected another time than from, got the same'],
    [{ ...right, days: [] }, 'quietHours.days: expected one of timeZone, from, to, got an unknown option'],
  ];
  for (const [value, error] of WRONG) {
    it(`wrong: ${error.slice(0, 80)}`, () => assert.equal(errorOf('quietHours', value, QUIET_HOURS), error));
  }
});

describe('a destination of a route or a fallback', () => {
  const NEITHER = 'expected a webhookUrl or a channel, got neither';
  const BOTH = 'expected either webhookUrl, or channel, got both';

  it('is a webhook, or a channel with or without a token', () => {
    for (const each of [{ webhookUrl: HOOK }, { channel: '#a' }, { channel: '#a', token: 'xoxb-1-a' }]) {
      assert.deepEqual(checked('routes', [{ ...each, fallback: each }], ROUTES), [{ ...each, fallback: each }]);
    }
  });

  it('has exactly one of webhook and channel', () => {
    assert.equal(errorOf('fallback', {}, FALLBACK), `fallback: ${NEITHER}`);
    assert.equal(errorOf('routes', [{ match: {} }], ROUTES), `routes[0]: ${NEITHER}`);
    assert.equal(errorOf('routes', [{ token: 'xoxb-1-a' }], ROUTES), `routes[0]: ${NEITHER}`);
    assert.equal(errorOf('fallback', { webhookUrl: HOOK, channel: '#a' }, FALLBACK), `fallback.webhookUrl: ${BOTH}`);
    assert.equal(
      errorOf('routes', [{ channel: '#a', fallback: { webhookUrl: HOOK, token: 'xoxb-1-a' } }], ROUTES),
      `routes[0].fallback.webhookUrl: ${BOTH}`,
    );
  });

  it('is rejected with its path and without its secret', () => {
    const message = errorOf('routes', [{ channel: '#a' }, { webhookUrl: `${HOOK} `.replace('https', 'http') }], ROUTES);
    assert.match(
      message,
      /^routes\[1\]\.webhookUrl: expected the URL of an incoming webhook, .*got a string of \d+ characters$/,
    );
    assert.doesNotMatch(message, /secret/);
  });
});

describe('routes', () => {
  it('are an array of objects without unknown keys', () => {
    assert.match(
      errorOf('routes', {}, ROUTES),
      /^routes: expected an array of at most 100 routes, got a value of type object$/,
    );
    assert.match(errorOf('routes', Array(101).fill({ channel: '#a' }), ROUTES), /got an array of 101$/);
    assert.equal(
      errorOf('routes', [{ chanel: '#a' }], ROUTES),
      'routes[0].chanel: expected one of webhookUrl, token, channel, apiUrl, match, minSeverity, continue, mention, ' +
        'quietHours, fallback, got an unknown option; did you mean channel?',
    );
  });

  it('are rejected with the path of the wrong part', () => {
    const wrong = (route: Record<string, unknown>): string => errorOf('routes', [{ channel: '#a', ...route }], ROUTES);
    assert.match(wrong({ match: { severity: 'loud' } }), /^routes\[0\]\.match\.severity: expected /);
    assert.match(wrong({ minSeverity: 'loud' }), /^routes\[0\]\.minSeverity: expected /);
    assert.match(wrong({ continue: 'yes' }), /^routes\[0\]\.continue: expected true or false, got the string "yes"$/);
    assert.match(wrong({ mention: { who: 'x' } }), /^routes\[0\]\.mention\.who: expected /);
    assert.match(wrong({ quietHours: { timeZone: 'x' } }), /^routes\[0\]\.quietHours\.timeZone: expected /);
    assert.match(wrong({ fallback: { channel: 'x' } }), /^routes\[0\]\.fallback\.channel: expected /);
  });
});
