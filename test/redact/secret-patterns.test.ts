import assert from 'node:assert/strict';
import {
  isCardNumber,
  PREFIXED_TOKENS,
  redactPatternMatches,
  SECRET_PATTERNS,
} from '../../src/redact/secret-patterns.js';
import { hex, mixed, PEM, TOKENS } from '../support/secrets.js';

const redactSecrets = (text: string): string => SECRET_PATTERNS.reduce(redactPatternMatches, text);
const base64 = (text: string): string => Buffer.from(text).toString('base64');
/** 4 KB of base64 between the lines of a PEM key. */
const LONG_PEM = `-----BEGIN PRIVATE KEY-----\n${mixed(4_000)}`;

/** Texts before and after redaction, by the row of the table. */
const ROWS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'private key in PEM': [
    [`key: ${PEM} end`, 'key: -----BEGIN RSA PRIVATE KEY-----[redacted] end'],
    [`"${PEM.replaceAll('\n', '\\n')}"`, '"-----BEGIN RSA PRIVATE KEY-----[redacted]"'],
    [LONG_PEM, '-----BEGIN PRIVATE KEY-----[redacted]'],
    [`-----BEGIN OPENSSH PRIVATE KEY-----\n${mixed(20)}`, '-----BEGIN OPENSSH PRIVATE KEY-----[redacted]'],
    [
      `-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1\n\n${mixed(20)}\n-----END PGP PRIVATE KEY BLOCK-----.`,
      '-----BEGIN PGP PRIVATE KEY BLOCK-----[redacted].',
    ],
  ],
  'password in a URL': [
    ['postgres://app:s3cret@db:5432/shop', 'postgres://app:[redacted]@db:5432/shop'],
    ['redis://:s3cret@cache', 'redis://:[redacted]@cache'],
    ['https://u:p%40ss@h/p?mail=a@b.example', 'https://u:[redacted]@h/p?mail=a@b.example'],
    ['mongodb+srv://u:p@ss@h1,h2/db', 'mongodb+srv://u:[redacted]@h1,h2/db'],
    ['amqp://u:p/ss@[::1]:5672', 'amqp://u:[redacted]@[::1]:5672'],
  ],
  'password in an Oracle URL': [
    ['jdbc:oracle:thin:scott/tiger@h:1521:x', 'jdbc:oracle:thin:scott/[redacted]@h:1521:x'],
  ],
  'Slack webhook': [
    [
      'POST https://hooks.slack.com/services/T0/B0/x1 failed',
      'POST https://hooks.slack.com/services/[redacted] failed',
    ],
    ['https://hooks.slack.com/workflows/T0/A0/1/x', 'https://hooks.slack.com/workflows/[redacted]'],
  ],
  'Discord webhook': [['https://discord.com/api/webhooks/1/x-y', 'https://discord.com/api/webhooks/[redacted]']],
  'Teams webhook': [
    [
      'https://a.webhook.office.com/webhookb2/1@2/IncomingWebhook/3',
      'https://a.webhook.office.com/webhookb2/[redacted]',
    ],
  ],
  'signature of an Azure URL': [[`https://a/b?sv=1&sig=${mixed(30)}%3D&se=2`, 'https://a/b?sv=1&sig=[redacted]&se=2']],
  'token with a known prefix': Object.values(TOKENS).map((token) => [`(${token})`, '([redacted])'] as const),
  'bearer token': [
    ['sent Bearer abc123.def-456_x== to it', 'sent Bearer [redacted] to it'],
    ['bearer s3cr3t', 'bearer [redacted]'],
  ],
  'basic credentials': [[`Basic ${base64('aladdin:sesame')}, then`, 'Basic [redacted], then']],
  'password on a command line': [
    ['psql --db-password hunter2 -h x', 'psql --db-password [redacted] -h x'],
    ['x --api-key "a b" y', 'x --api-key [redacted] y'],
  ],
  'key of an Azure function': [
    [
      `GET https://f.azurewebsites.net/api/x?a=1&code=${'aB3='.repeat(10)}&b=2`,
      'GET https://f.azurewebsites.net/api/x?a=1&code=[redacted]&b=2',
    ],
  ],
  'password in .netrc': [
    ['machine h.io login bob password hunter2', 'machine h.io login bob password [redacted]'],
    ['machine h.io\n  login bob\n  password hunter2\n', 'machine h.io\n  login bob\n  password [redacted]\n'],
  ],
  'user and password of curl': [
    ['curl -u bob:hunter2 https://h', 'curl -u [redacted] https://h'],
    ["curl -s --user 'bob:a b' https://h", 'curl -s --user [redacted] https://h'],
  ],
  'cookie of curl': [['curl -b "sid=abc" https://h', 'curl -b [redacted] https://h']],
  'user and password of a command': [['svn co -u bob:hunter2 x', 'svn co -u bob:[redacted] x']],
  'password of a command': [['mysql -uroot -phunter2 shop', 'mysql -uroot -p[redacted] shop']],
  'card number': [
    ['card 4111111111111111 declined', 'card [redacted] declined'],
    ['4111 1111 1111 1111', '[redacted]'],
    ['5555-5555-5555-4444.', '[redacted].'],
    ['3782 822463 10005', '[redacted]'],
    ['"6011111111111117"', '"[redacted]"'],
    ['2223003122003222', '[redacted]'],
    ['30569309025904', '[redacted]'],
    ['3530111333300000', '[redacted]'],
    ['6304000000000000', '[redacted]'],
  ],
};

/** Texts that look like a secret and are none. */
const UNTOUCHED: readonly string[] = [
  'user 0af76519-16cd-43dd-8448-eb211c80319c',
  'trace 0af7651916cd43dd8448eb211c80319c span b7ad6b7169203331',
  '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  `commit ${hex(40)}, blob sha256:${hex(64)}`,
  'order 4111111111111112 and 1234567890123456',
  'at 1767268800000, 1767268800000000000, 2026-01-01T12:00:00.000Z, 20260101120000',
  '10.0.0.3:5432, ::1, 2001:db8::ff00:42:8329, 192.168.178.101',
  '+49 170 1234567, +1 (555) 123-4567, 0049 30 1234 5678 90, +4111111111111111',
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk',
  '/app/src/token/secret.ts:10:5, C:\\app\\password.js, ./node_modules/@scope/api-key/index.js',
  '    at Object.password (/app/src/auth/token.js:10:5)\n    at async file:///app/secret.mjs:1:1',
  'http://localhost:8080/img@2x.png https://user@host/a:b@c https://h/@scope/x',
  'Bearer authentication required, Bearer realm="x", error="y"; Basic authentication, Basic Authorization',
  'WWW-Authenticate: Bearer authorization_uri="https://login.example/x"',
  'https://hooks.slack.com/ and https://slack.com/services, discord.com/api/v10/users',
  'expected -----BEGIN PRIVATE KEY----- but got nothing; -----BEGIN CERTIFICATE-----',
  'sk-loading-indicator-of-the-whole-page, npm_config_loglevel, hf_a, SG.a.b, key-value, xoxo-x',
  'snowflake 175928847299117063, ean 4006381333931',
  'eyJhbGciOiJIUzI1NiJ9 without a body',
  'uuid of digits 12345678-1234-4234-8234-123456789012',
];

describe('secret patterns', () => {
  it('all have an example in this file', () => {
    assert.deepEqual(
      Object.keys(ROWS),
      SECRET_PATTERNS.map(({ what }) => what),
    );
    assert.deepEqual(
      Object.keys(TOKENS),
      PREFIXED_TOKENS.map(({ what }) => what),
    );
  });

  for (const pattern of SECRET_PATTERNS) {
    it(`${pattern.what} is matched by its own pattern, and redacted by all patterns together`, () => {
      for (const [before, after] of ROWS[pattern.what] ?? []) {
        assert.equal(redactPatternMatches(before, pattern), after);
        assert.equal(redactSecrets(before), after);
        assert.equal(redactSecrets(after), after);
      }
    });
  }

  for (const { what, source } of PREFIXED_TOKENS) {
    it(`${what} is matched by its own row, anywhere in a text`, () => {
      const token = TOKENS[what] as string;
      assert.match(token, new RegExp(`^${source}$`));
      for (const [before, after] of [
        ['', ''],
        ['(', ')'],
        ['"', '",'],
        ['a=', ' b'],
        ['/', '?'],
        ['ä', 'ä'],
        ['_', ' '],
      ]) {
        assert.equal(redactSecrets(`${before}${token}${after}`), `${before}[redacted]${after}`);
      }
    });
  }

  for (const text of UNTOUCHED) {
    it(`redact nothing in ${JSON.stringify(text)}`, () => assert.equal(redactSecrets(text), text));
  }

  it('take a number for a card number only with an issuer’s length and prefix and a valid check digit', () => {
    for (const digits of [
      '4222222222222',
      '4000000000000000006',
      '371449635398431',
      '6200000000000005',
      '2200000000000004',
    ]) {
      assert.equal(isCardNumber(digits), true, digits);
    }
    for (const digits of [
      '4111111111111112',
      '0000000000000000',
      '1111111111111117',
      '411111111111111',
      '9999999999999995',
    ]) {
      assert.equal(isCardNumber(digits), false, digits);
    }
  });
});
