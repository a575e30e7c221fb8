import assert from 'node:assert/strict';
import { isCardNumber, MARKED_TOKENS, SHAPES, withoutShape } from '../../src/redact/secret-patterns.js';
import { hex, mixed, PEM, TOKENS } from '../support/secrets.js';

const withoutShapes = (text: string): string => SHAPES.reduce(withoutShape, text);
const base64 = (text: string): string => Buffer.from(text).toString('base64');
/** 4 KB that say that they are a key. */
const LONG_PEM = `-----BEGIN PRIVATE KEY-----\n${mixed(4_000)}`;

/** What there was, and what is left of it: by the row of the table. */
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
  'password in a URL of Oracle': [
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
  'marked token': Object.values(TOKENS).map((token) => [`(${token})`, '([redacted])'] as const),
  'bearer token': [
    ['sent Bearer abc123.def-456_x== to it', 'sent Bearer [redacted] to it'],
    ['bearer s3cr3t', 'bearer [redacted]'],
  ],
  'basic credentials': [[`Basic ${base64('aladdin:sesame')}, then`, 'Basic [redacted], then']],
  'cookie in a list of headers': [["[ 'Cookie', 'a=b; c=d', 'Host' ]", "[ 'Cookie', [redacted], 'Host' ]"]],
  'password on a command line': [
    ['psql --db-password hunter2 -h x', 'psql --db-password [redacted] -h x'],
    ['x --api-key "a b" y', 'x --api-key [redacted] y'],
  ],
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

/** What looks like a secret and is none. */
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

describe('the shapes of secrets', () => {
  it('are all tried here', () => {
    assert.deepEqual(
      Object.keys(ROWS),
      SHAPES.map(({ what }) => what),
    );
    assert.deepEqual(
      Object.keys(TOKENS),
      MARKED_TOKENS.map(({ what }) => what),
    );
  });

  for (const shape of SHAPES) {
    it(`${shape.what} is known alone, and hidden among the others`, () => {
      for (const [before, after] of ROWS[shape.what] ?? []) {
        assert.equal(withoutShape(before, shape), after);
        assert.equal(withoutShapes(before), after);
        assert.equal(withoutShapes(after), after);
      }
    });
  }

  for (const { what, source } of MARKED_TOKENS) {
    it(`${what} is known by a row of its own, and wherever it stands`, () => {
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
        assert.equal(withoutShapes(`${before}${token}${after}`), `${before}[redacted]${after}`);
      }
    });
  }

  for (const text of UNTOUCHED) {
    it(`nothing is hidden in ${JSON.stringify(text)}`, () => assert.equal(withoutShapes(text), text));
  }

  it('a card number has the length and the beginning of an issuer, and the check digit', () => {
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
