import assert from 'node:assert/strict';
import fc from 'fast-check';
import { redactedStart } from '../../src/record/redacted-start.js';
import { isSecretKey } from '../../src/redact/secret-keys.js';
import { costMillis } from '../support/cost.js';
import { REDACTOR, redactorOf } from '../support/redactor.js';
import { mixed, PEM, TOKENS } from '../support/secrets.js';

/** Secrets in a text: the text before, the secret, and the text after. */
const SECRETS: readonly (readonly [string, string, string])[] = [
  ...Object.values(TOKENS).map((token) => ['', token, ''] as const),
  ['', PEM, ''],
  ['', '4111 1111 1111 1111', ''],
  ['Bearer ', mixed(40), ''],
  ['Basic ', Buffer.from('aladdin:open sesame').toString('base64'), ''],
  ['postgres://app:', 's3cr3t-Of-Db', '@db/shop'],
  ['password=', 's3cr3t!', ''],
  ['"apiKey":"', 's3cr3t \\" here', '"'],
  ['Cookie: ', 'sid=s3cr3t; a=b', '\n'],
];

const FRAGMENTS = [
  ...[
    'password',
    'token',
    'Authorization',
    'cookie',
    'api',
    'key',
    'Bearer ',
    'Basic ',
    '://',
    '@',
    ':',
    '=',
    ': ',
    ' = ',
  ],
  ...['"', "'", '`', '\\"', '\\', '[', ']', '{', '}', '<', '>', '(', ')', ',', ';', '&', ' ', '\n', '\t', '[redacted]'],
  ...[
    '-----BEGIN PRIVATE KEY-----',
    '-----END PRIVATE KEY-----',
    '4111111111111111',
    'eyJ',
    '.',
    'null',
    'user',
    'ä',
    '\u200b',
  ],
  ...Object.values(TOKENS).slice(0, 6),
];
const texts = fc
  .array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ unit: 'binary', maxLength: 10 })), { maxLength: 25 })
  .map((parts) => parts.join(''));

describe('redactor', () => {
  it('never throws, and redacts nothing more in a second pass', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const once = REDACTOR.text(text);
        assert.equal(REDACTOR.text(once), once);
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds a secret in any surrounding text', () => {
    const words = fc.array(
      fc.constantFrom('failed', 'user 7', 'a=b', '(x)', 'https://h/p?q=1', '{"a":1}', 'ä', 'at f (/a.js:1:2)', '\n'),
      {
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(words, fc.constantFrom(...SECRETS), words, (before, [start, secret, end], after) => {
        const text = [...before, `${start}${secret}${end}`, ...after].join(' ');
        const shown = REDACTOR.text(text);
        assert.ok(!shown.includes(secret), shown);
        assert.ok(shown.includes(`${start}`), shown);
        for (const word of before) assert.ok(shown.includes(word), shown);
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds a secret that is cut at any position', () => {
    for (const [start, secret, end] of SECRETS) {
      for (let room = 0; room <= secret.length; room++) {
        const text = `${'x '.repeat(1_500).slice(0, 3_000 - start.length - room - 1)} ${start}${secret}${end} and more`;
        const shown = redactedStart(text, 3_000, REDACTOR);
        const rest = shown.slice(shown.lastIndexOf(start) + start.length);
        assert.ok(
          '-----BEGIN RSA PRIVATE KEY-----[redacted]'.includes(rest) || rest.startsWith('[redacted]'),
          `${room}: ${rest}`,
        );
      }
    }
  });

  it('finds a secret that contains invisible characters', () => {
    const token = TOKENS['GitHub token'] as string;
    assert.equal(redactedStart(`a ${token.slice(0, 9)}\u200b${token.slice(9)}`, 100, REDACTOR), 'a [redacted]');
  });

  it('takes at most 10 ms for any text', () => {
    const units = [
      ...[
        'a',
        'a@',
        '1',
        '4111 ',
        'Bearer ',
        'Basic aaaa ',
        '-----BEGIN',
        '-----BEGIN PRIVATE KEY-----',
        '://',
        '://a:',
        'a:',
        'a=',
      ],
      ...[
        'token:',
        'token:"',
        'token:{',
        'token:{\n',
        'token: \\"',
        "token:'\n",
        'pin:',
        'password=,',
        'password=a;',
        'cookie: ',
        '"cookie",',
      ],
      ...[
        'eyJ',
        'eyJaaaaaaaa.',
        'sk-',
        'AKIA',
        '<a ',
        '<token>',
        '\\',
        'token=[31m',
        '--token ',
        'jdbc:oracle:thin:a',
        'a key: ',
        ' ',
        'a.',
      ],
    ];
    for (const unit of units) {
      const long = unit.repeat(Math.ceil(100_000 / unit.length));
      const millis = costMillis(() => redactedStart(long, 8_000, REDACTOR), 5);
      assert.ok(millis < 20, `${JSON.stringify(unit)}: ${millis} ms`);
    }
  });

  describe('with options', () => {
    it('that switch it off redacts nothing', () => {
      const off = redactorOf(false, ['a']);
      const text = `password=x ${PEM}`;
      assert.deepEqual([off.text(text), off.hides('password', 'x'), off.denies('a')], [text, false, true]);
    });

    it('redacts the values of the user’s own names, also in texts', () => {
      const own = redactorOf({ keys: ['iban', 'Customer.*', '*_salary'] });
      for (const key of ['iban', 'IBAN', 'customer.name', 'net_salary', 'password'])
        assert.equal(own.hides(key, 'x'), true, key);
      assert.equal(own.hides('iban', true), true);
      for (const key of ['iban2', 'customer', 'salary']) assert.equal(own.hides(key, 'x'), false, key);
      assert.equal(own.text('iban=DE1 net_salary: 5'), 'iban=[redacted] net_salary: [redacted]');
    });

    it('shows the values of allowed names, except those that look like a secret', () => {
      const own = redactorOf({ keys: ['a*'], allowKeys: ['token', 'csrf*', 'abc'] });
      for (const key of ['token', 'TOKEN', 'csrf_token', 'abc']) assert.equal(own.hides(key, 'x'), false, key);
      for (const key of ['access_token', 'abd']) assert.equal(own.hides(key, 'x'), true, key);
      assert.equal(own.text(`token=x token=${TOKENS['npm token']}`), 'token=x token=[redacted]');
    });

    it('redacts every match of the user’s own patterns, in every call', () => {
      const own = redactorOf({ patterns: [/emp-\d+/i, /\bx*/y, /^b$/m] });
      assert.equal(own.text('EMP-1 emp-22\nb\nxx'), '[redacted] [redacted]\n[redacted]\n[redacted]');
      assert.equal(own.text('EMP-1'), '[redacted]');
    });

    it('shows no text on which a pattern throws, and warns once', () => {
      const bad = /x/;
      Object.defineProperty(bad, 'source', { value: 'x' });
      const own = redactorOf({ patterns: [bad] });
      const { replace } = String.prototype;
      // V8 throws this when a pattern needs more stack than is left.
      String.prototype.replace = function (this: string, pattern: unknown, ...rest: unknown[]): string {
        if (pattern instanceof RegExp && pattern.source === 'x') throw new RangeError('hidden');
        return Reflect.apply(replace, this, [pattern, ...rest]);
      } as typeof replace;
      try {
        assert.equal(own.text('secret'), '[redacted]');
      } finally {
        String.prototype.replace = replace;
      }
      assert.match(own.warnings.join(), /^redact: a pattern of redact\.patterns threw RangeError/);
    });

    it('leaves out denied attributes', () => {
      const { denies } = redactorOf({}, ['user.*', 'x']);
      assert.deepEqual(['user.id', 'x', 'xx', 'user', 'X'].map(denies), [true, true, false, false, false]);
    });
  });

  it('decides by names as the table states', () => {
    for (const [key, value] of [
      ['password', 'x'],
      ['user', 'x'],
      ['tokens', 5],
    ] as const) {
      assert.equal(REDACTOR.hides(key, value), isSecretKey(key, value));
    }
  });
});
