import assert from 'node:assert/strict';
import fc from 'fast-check';
import { messageTemplate } from '../../../src/classify/template/template.js';
import { costMillis } from '../../support/cost.js';

/** Messages and their templates, by the kind of value that varies. */
const TEMPLATES: Record<string, readonly (readonly [message: string, template: string])[]> = {
  numbers: [
    ['user 4711 not found', 'user <user> not found'],
    ['order 4711 not found', 'order <num> not found'],
    ['balance is -12.50', 'balance is <num>'],
    ['12.5% of 1,234,567 rows', '<num> of <num> rows'],
    ['at 0x7fff5fbff8c0, mask 0x05', 'at <num>, mask <num>'],
    ['issue #123 costs $19.99', 'issue <num> costs <num>'],
    ['retry 3/5', 'retry <num>'],
    ['size 12, 13, 14', 'size <num>'],
    ['size 12', 'size <num>'],
    ['cells ( 3552 3534 **** 3515 )', 'cells ( <num> )'],
    ['enabled......0', 'enabled......<num>'],
    ['1,234 rows of 999', '<num> rows of <num>'],
    ['paid 12,345.67 USD', 'paid <num> USD'],
    ['version 1.2.3 started', 'version <num> started'],
    ['upgrade to v2.0.0-rc.1', 'upgrade to <num>'],
  ],
  'amounts with a unit': [
    ['timeout of 1200ms exceeded', 'timeout of <time> exceeded'],
    ['timeout of 12 seconds exceeded', 'timeout of <time> exceeded'],
    ['took 1h30m', 'took <time>'],
    ['took 1,234 ms', 'took <time>'],
    ['used 1,024 MB', 'used <size>'],
    ['lifetime <1 sec', 'lifetime <time>'],
    ['lifetime 00:01', 'lifetime <time>'],
    ['free 324.7 KB', 'free <size>'],
    ['18846 bytes (18.4 KB) received', '<size> received'],
    ['body of 10MB is too large', 'body of <size> is too large'],
  ],
  'dates and times': [
    ['2024-01-02T03:04:05.678Z failed', '<time> failed'],
    ['2024-01-02 03:04:05,678 failed', '<time> failed'],
    ['at 2026-01-02T03:04:05Z', 'at <time>'],
    ['at 2026-01-02T03:04:05+02:00', 'at <time>'],
    ['failed at 10/Oct/2000:13:55:36 -0700', 'failed at <time>'],
    ['failed on Fri Jul 01 08:16:53 PDT 2005 again', 'failed on <time> again'],
    ['expires Tue, 02 Jan 2024 10:00:00 GMT', 'expires <time>'],
    ['due 02.01.2024 or 1/2/2024', 'due <time> or <time>'],
    ['May I go', 'May I go'],
  ],
  'addresses and hosts': [
    ['connect ECONNREFUSED 10.0.0.3:5432', 'connect ECONNREFUSED <host>'],
    ['connect ECONNREFUSED ::1', 'connect ECONNREFUSED <host>'],
    ['request from ::ffff:127.0.0.1 refused', 'request from <host> refused'],
    ['fe80::1ff:fe23:4567:890a is down', '<host> is down'],
    ['getaddrinfo ENOTFOUND db.internal', 'getaddrinfo ENOTFOUND <host>'],
    ['api.example.com:443 closed', '<host> closed'],
    ['connect [fe80::1]:5432', 'connect <host>'],
    ['connect 2a05:d018:8c4::22f:443', 'connect <host>'],
    ['[12:30:45] restart', '[<time>] restart'],
    ['lease for 00:11:43:e3:ba:c3', 'lease for <mac>'],
    ['mail to a.b+c@d.example bounced', 'mail to <email> bounced'],
    ['GET https://api.example.com/v1/orders?id=5&x=1,2 failed', 'GET <url> failed'],
  ],
  'scripts without spaces between words': [
    ['用户123不存在', '用户<num>不存在'],
    ['订单456支付失败', '订单<num>支付失败'],
    ['用户１２３不存在', '用户<num>不存在'],
    ['注文1234の決済に失敗しました', '注文<num>の決済に失敗しました'],
    ['주문1234번을 찾을 수 없습니다', '주문<num>번을 찾을 수 없습니다'],
    ['ไม่พบผู้ใช้123', 'ไม่พบผู้ใช้<num>'],
    ['заказ123 не найден', 'заказ<num> не найден'],
    ['✅200 ok', '✅<num> ok'],
  ],
  'ids by chance': [
    ['Document gum3qBUlXWtEjseSkuXQ does not exist', 'Document <num> does not exist'],
    ['Document qBUlXWtEjseSkuXQabcd does not exist', 'Document <num> does not exist'],
    ['customer cus_NffrFeUfNVHibx is gone', 'customer <num> is gone'],
    ['session V1StGXR8_Z5jdHi6B-myT expired', 'session <num> expired'],
    ['pod web-7d9f8b6c5-xqzvp was evicted', 'pod <num> was evicted'],
    ['OrderNotFound in PostgreSQL', 'OrderNotFound in PostgreSQL'],
  ],
  'ids of many shapes': [
    ['trace 4bf92f3577b34da6a3ce929d0e0e4736', 'trace <num>'],
    ['instance b9000564-fe1a-409b-b8cc-1e88b294cd1d gone', 'instance <uuid> gone'],
    ['Received block blk_-1608999687919862906', 'Received block <num>'],
    ['Launching job_1445144423722_0001', 'Launching <num>'],
    ['generating core.1234', 'generating <num>'],
    ['node R04-M1-N4-I:J18-U11 is down', 'node <num> is down'],
    ['mail jA9J1UvC004306 queued', 'mail <num> queued'],
    ['token dXNlcjpQ9aGFr2ZXJz expired', 'token <num> expired'],
    ['hash deadbeefcafe differs', 'hash <num> differs'],
    ['worker eth0 joined', 'worker <num> joined'],
    ['getUserV2 failed', 'getUserV<num> failed'],
  ],
  paths: [
    ['open /var/log/app.log: denied', 'open <path>: denied'],
    ['open C:\\Program Files\\x\\y.dll', 'open <path>'],
    ['loaded ./config/local.json', 'loaded <path>'],
    ['at app.js:10:5', 'at <path>'],
    ['GET /users/4711?full=1 took 5 ms', 'GET <path> took <time>'],
    ['read/write error', 'read/write error'],
    ['GET / failed', 'GET <path> failed'],
  ],
  'values behind keys': [
    ['charge failed amount=42 plan=pro ok=true', 'charge failed amount=<value> plan=<value> ok=<value>'],
    ['uid=0 logname= rhost=10.0.0.1', 'uid=<value> logname= rhost=<value>'],
    ['size = 4,app = x', 'size = <value>,app = <value>'],
    ['lock=1, ws=WorkSource{10111}, tag="View Lock"', 'lock=<value>, ws=<value>, tag=<value>'],
    ['lock=1, ws=null, tag="Alarm"', 'lock=<value>, ws=<value>, tag=<value>'],
    ['failed code=ENOENT errno=-2', 'failed code=ENOENT errno=<num>'],
    [
      'level=error msg="dial tcp 10.0.0.1:5432: connection refused" user=al',
      'level=error msg="dial tcp <host>: connection refused" user=<value>',
    ],
    [
      '{"level":"error","msg":"charge of 5 failed","user":"al","amount":42}',
      '{"level":"error","msg":"charge of <num> failed","user":<value>,"amount":<value>}',
    ],
    ['if a == 5 then x => y', 'if a == <num> then x => y'],
  ],
  quotes: [
    ["Cannot read properties of undefined (reading 'id')", "Cannot read properties of undefined (reading 'id')"],
    ["no such file 'x.txt'", 'no such file <value>'],
    ['title "My nice song" is too long', 'title <value> is too long'],
    ["Can't find the users' data", "Can't find the users' data"],
    ['10.0.0.1 "GET /v2/5/detail HTTP/1.1" status: 200', '<host> "GET <path>" status: <num>'],
    [
      'duplicate key value violates unique constraint "users_email_key" Detail: Key (email)=(a@b.c) already exists.',
      'duplicate key value violates unique constraint "users_email_key" Detail: Key (email)=<value> already exists.',
    ],
  ],
  'names of people': [
    ['User alice not found', 'User <user> not found'],
    ["User 'alice' not found", 'User <user> not found'],
    ['Invalid user webmaster from 10.0.0.1', 'Invalid user <user> from <host>'],
    ['Failed password for root from 10.0.0.1', 'Failed password for <user> from <host>'],
    ['User creation failed', 'User creation failed'],
    ['Waiting for response from 10.0.0.1', 'Waiting for response from <host>'],
  ],
  'white space and lines': [
    ['', ''],
    ['  two\t words\r\n', 'two words'],
    ['\u001b[31mfailed\u001b[0m', 'failed'],
    ['---\nfailed 5\n  detail 7', 'failed <num>'],
    ['Traceback:\n  File "x.py", line 3\nValueError: bad 5', 'Traceback: ValueError: bad <num>'],
    ['Error: x\n    at f (a.js:1:2)', 'Error: x'],
  ],
};

const EQUAL: readonly (readonly [string, string])[] = [
  ['size 12, 13, 14', 'size 5'],
  ['iar 003a90fc dear 00b360e8', 'iar 00544528 dear 00112233'],
  ['bus 0000:00:1e.0 found', 'bus 0000:00:02.0 found'],
  ['got no answer from [Site_A8]', 'got no answer from [Site_C5]'],
  ['10.0.0.1:443 closed', 'www.example.com:443 closed'],
  ['user bob logged in', 'user "bob" logged in'],
  ['via interface ee0', 'via interface alt0'],
  ['invalid user bob from 10.0.0.1', 'invalid user  0101 from 10.0.0.2'],
  ['took 1 s,  2 s', 'took 5 sec'],
];

const DIFFERENT: readonly (readonly [string, string])[] = [
  ["Cannot read properties of undefined (reading 'id')", "Cannot read properties of undefined (reading 'name')"],
  ['10.0.0.1 "GET /x HTTP/1.1" 200', '10.0.0.1 "POST /x HTTP/1.1" 200'],
  ['connect ECONNREFUSED 10.0.0.3', 'connect ETIMEDOUT 10.0.0.3'],
  ['failed code=ENOENT', 'failed code=EACCES'],
  ['User creation failed', 'User deletion failed'],
  ['getUserV2 failed', 'getOrderV2 failed'],
  ['level=error msg="connection refused"', 'level=error msg="permission denied"'],
  ['Traceback:\nValueError: x', 'Traceback:\nKeyError: x'],
  ['1 2 3', 'a b c'],
];

const PARTS = Object.values(TEMPLATES)
  .flat()
  .flatMap(([message]) => message.split(' '));
const realistic = fc.array(fc.constantFrom(...PARTS), { maxLength: 12 }).map((parts) => parts.join(' '));
const anyText = fc.oneof(realistic, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary', maxLength: 200 }));
/** Includes lone surrogates, which a broken app may log. */
const brokenText = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 300 })
  .map((units) => String.fromCharCode(...units));

describe('messageTemplate', () => {
  for (const [kind, rows] of Object.entries(TEMPLATES)) {
    describe(`replaces ${kind}`, () => {
      for (const [message, template] of rows) {
        it(JSON.stringify(message), () => {
          assert.equal(messageTemplate(message), template);
          assert.equal(messageTemplate(template), template, 'a template of a template is itself');
        });
      }
    });
  }

  for (const [one, other] of EQUAL) {
    it(`is the same for ${JSON.stringify(one)} and ${JSON.stringify(other)}`, () =>
      assert.equal(messageTemplate(one), messageTemplate(other)));
  }

  for (const [one, other] of DIFFERENT) {
    it(`differs for ${JSON.stringify(one)} and ${JSON.stringify(other)}`, () =>
      assert.notEqual(messageTemplate(one), messageTemplate(other)));
  }

  it('returns a template of at most 1,000 characters for any string, the same each time', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, brokenText), fc.nat(50), (text, times) => {
        const long = text.repeat(times + 1);
        const template = messageTemplate(long);
        assert.ok(template.length <= 1_000);
        assert.equal(messageTemplate(long), template);
      }),
    );
  });

  const kinds: Record<string, fc.Arbitrary<string>> = {
    'whole numbers': fc.integer().map(String),
    fractions: fc.float({ noNaN: true, noDefaultInfinity: true }).map((number) => number.toFixed(3)),
    'IPv4 addresses': fc.ipV4(),
    UUIDs: fc.uuid(),
    'ISO dates': fc
      .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
      .map((date) => date.toISOString()),
    hashes: fc.stringMatching(/^[\da-f]{31}\d$/),
    durations: fc.nat().map((millis) => `${millis}ms`),
    e_mails: fc.stringMatching(/^[a-z]{1,9}@[a-z]{1,9}\.com$/),
  };
  for (const [kind, values] of Object.entries(kinds)) {
    it(`is the same for any of many ${kind}`, () => {
      fc.assert(
        fc.property(values, values, (one, other) => {
          const frame = (value: string): string => messageTemplate(`job ${value} failed (was ${value}), giving up`);
          assert.equal(frame(one), frame(other));
        }),
      );
    });
  }

  it('is independent of the text after the first 2,000 characters', () => {
    const long = 'word '.repeat(1_000);
    assert.equal(messageTemplate(`${long}one`), messageTemplate(`${long}two`));
  });

  it('takes the same time for a hundred times the text', () => {
    const hostile = [
      'a',
      '1',
      ' ',
      '=',
      '"',
      "'",
      'a.',
      '/',
      '\\',
      ':',
      'deadbeef',
      '[',
      '=(',
      "'a'a ",
      'Jan 1 ',
      '\n',
    ];
    for (const unit of hostile) {
      const text = unit.repeat(100_000 / unit.length);
      for (let warm = 0; warm < 20; warm++) messageTemplate(text);
      const millis = costMillis(() => messageTemplate(text), 20);
      assert.ok(millis < 10, `${JSON.stringify(unit)}: ${millis} ms`);
    }
  });
});
