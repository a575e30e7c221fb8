import assert from 'node:assert/strict';
import {
  API_URL,
  aFunction,
  CHANNEL,
  type Check,
  checked,
  OptionError,
  SEVERITY,
  TEXTS,
  TOKEN,
  TRACE_URL,
  WEBHOOK_URL,
  wholeNumber,
} from '../../../src/config/validate/scalars.js';

const HOOK = 'https://hooks.slack.com/services/T0/B0/x';
const throws = (value: unknown, check: Check<unknown>): string => {
  try {
    checked('name', value, check);
  } catch (error) {
    assert.ok(error instanceof OptionError && error instanceof TypeError);
    return error.problem;
  }
  assert.fail(`${String(value)} is taken`);
};

/** A check, the values that it accepts with their results, and the values that it rejects. */
const CHECKS: [string, Check<unknown>, [unknown, unknown][], unknown[]][] = [
  [
    'a whole number',
    wholeNumber(1, 60),
    [
      [1, 1],
      [60, 60],
    ],
    [0, 61, 1.5, Number.NaN, '5', null, undefined, 5n, [5]],
  ],
  [
    'a severity',
    SEVERITY,
    [
      ['error', 17],
      ['WARN', 13],
      ['Fatal', 21],
      [1, 1],
      [24, 24],
      [18, 18],
    ],
    ['loud', 'critical', '', 0, 25, '17', null],
  ],
  [
    'texts',
    TEXTS,
    [
      [[], []],
      [
        ['a', ' b '],
        ['a', 'b'],
      ],
    ],
    ['a', [''], [' '], [5], {}, null],
  ],
  [
    'a webhook',
    WEBHOOK_URL,
    [
      [HOOK, HOOK],
      ['http://127.0.0.1:80/services/x', 'http://127.0.0.1/services/x'],
      ['http://[::1]:9/x', 'http://[::1]:9/x'],
      ['http://localhost:9/x', 'http://localhost:9/x'],
    ],
    [
      '',
      'hooks.slack.com/services/x',
      'http://hooks.slack.com/services/x',
      'http://localhost.evil.example/x',
      'http://127.0.0.1.evil.example/x',
      'https://hooks.slack.com',
      'https://u:p@hooks.slack.com/x',
      'ftp://hooks.slack.com/x',
      5,
      null,
      new URL(HOOK),
    ],
  ],
  [
    'an API',
    API_URL,
    [
      ['https://slack.com/api', 'https://slack.com/api/'],
      ['https://slack-gov.com/api/', 'https://slack-gov.com/api/'],
      ['http://127.0.0.1:9', 'http://127.0.0.1:9/'],
    ],
    [
      'http://slack.com/api/',
      'https://slack.com/api/?x',
      'https://slack.com/api/#x',
      'https://u@slack.com/',
      'slack.com',
      5,
    ],
  ],
  [
    'a token',
    TOKEN,
    [
      ['xoxb-1-2-aB', 'xoxb-1-2-aB'],
      ['xoxe.xoxb-1-a', 'xoxe.xoxb-1-a'],
    ],
    ['', 'xoxb-', 'xoxb-a b', 'xoxb-a\nb', 'Bearer xoxb-1', 'secret', 5],
  ],
  [
    'a channel',
    CHANNEL,
    [
      ['C0123ALERTS', 'C0123ALERTS'],
      ['#alerts', '#alerts'],
      ['#größe', '#größe'],
    ],
    ['', 'alerts', '#', '#a b', '#a,b', 'c0123', `#${'x'.repeat(81)}`, 5],
  ],
  [
    'a trace URL',
    TRACE_URL,
    [
      ['https://t.example/{traceId}', 'https://t.example/{traceId}'],
      ['http://t/{traceId}?s={spanId}', 'http://t/{traceId}?s={spanId}'],
    ],
    ['https://t.example/', '{traceId}', 'javascript:{traceId}', 5],
  ],
  ['a function', aFunction('() => void'), [[assert, assert]], ['() => 1', {}, null]],
];

describe('checks', () => {
  for (const [name, check, right, wrong] of CHECKS) {
    it(`accept and reject ${name}`, () => {
      for (const [value, expected] of right) assert.deepEqual(checked('name', value, check), expected);
      for (const value of wrong) assert.match(throws(value, check), /^name: expected .+, got .+$/);
    });
  }

  it('report the expected and the given value', () => {
    assert.equal(
      throws(0, wholeNumber(1, 1_000_000, 'records')),
      'name: expected a whole number of records from 1 to 1,000,000, got 0',
    );
    assert.match(throws('loud', SEVERITY), /got the string "loud"$/);
    assert.match(throws(null, SEVERITY), /got null$/);
    assert.match(throws([1, 2], SEVERITY), /got an array of 2$/);
    assert.match(throws({}, SEVERITY), /got a value of type object$/);
    assert.match(throws('x'.repeat(61), SEVERITY), /got a string of 61 characters$/);
    assert.match(throws(true, TEXTS), /got true$/);
  });

  it('never quote a secret, whatever option it was set for', () => {
    const secrets = [
      'xoxb-12-34-s3cr3t',
      'XOXB-12-34-s3cr3t',
      '/services/T0/B0/s3cr3t',
      'http://u:s3cr3t@h',
      'xoxe.xoxp-s3cr3t',
    ];
    for (const [, check] of CHECKS) {
      for (const secret of secrets) {
        if (check.read(secret, 'name') !== undefined) continue;
        assert.match(throws(secret, check), /got a string of \d+ characters$/);
      }
      if (check.isSecret) assert.doesNotMatch(throws('s3cr3t', check), /s3cr3t/);
    }
  });

  it('are marked secret when their values are', () => {
    for (const check of [WEBHOOK_URL, TOKEN, API_URL]) assert.equal(check.isSecret, true);
  });
});
