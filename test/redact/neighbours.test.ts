import { equal, ok } from 'node:assert/strict';
import { textOfValue } from '../../src/record/stringify.js';
import { costMillis } from '../support/cost.js';
import { REDACTOR } from '../support/redactor.js';
import { mixed } from '../support/secrets.js';

const R = '[redacted]';
const KEY_LINES = [mixed(64), mixed(64), `${mixed(30)}==`];
const PEM_LINES = ['-----BEGIN RSA PRIVATE KEY-----', ...KEY_LINES, '-----END RSA PRIVATE KEY-----'];
const CERTIFICATE_LINES = ['-----BEGIN CERTIFICATE-----', mixed(64), '-----END CERTIFICATE-----'];

/** Texts with secrets that are named by their neighbours. */
const HIDDEN: readonly (readonly [string, string])[] = [
  ['["password", "hunter2"]', `["password", "${R}"]`],
  ["[ 'password', 'hunter' ]", `[ 'password', '${R}' ]`],
  ['[["user","bob"],["authorization","Bearer abc1234"]]', `[["user","bob"],["authorization","${R}"]]`],
  ['"[\\"password\\",\\"hunter2\\"]"', `"[\\"password\\",\\"${R}\\"]"`],
  ['["Host","h","Authorization","Custom x","Accept","*/*"]', `["Host","h","Authorization","${R}","Accept","*/*"]`],
  [
    '["Host","h","X-Amz-Security-Token","abc","x-csrf-token","def"]',
    `["Host","h","X-Amz-Security-Token","${R}","x-csrf-token","${R}"]`,
  ],
  ['["x-functions-key","a1=="]', `["x-functions-key","${R}"]`],
  ['["set-cookie",["sid=1","b=2"]]', `["set-cookie",${R}]`],
  ['["host","h1","password","hunter2!"]', `["host","h1","password","${R}"]`],
  ['["pin", 1234]', `["pin", ${R}]`],
  ['["node","x.js","--password","hunter"]', `["node","x.js","--password","${R}"]`],
  ['["curl","-u","bob:hunter2","-b","sid=1"]', `["curl","-u","${R}","-b","${R}"]`],
  ['{"name":"password","value":"hunter2"}', `{"name":"password","value":"${R}"}`],
  ['{"key":"password","value":{"stringValue":"hunter2"}}', `{"key":"password","value":${R}}`],
  ['{"name":"password","type":"string","value":"hunter2"}', `{"name":"password","type":"string","value":"${R}"}`],
  ['{"value":"hunter2","key":"password"}', `{"value":"${R}","key":"password"}`],
  ["{ name: 'x-api-key', value: 'abc' }", `{ name: 'x-api-key', value: '${R}' }`],
  ['"{\\"name\\":\\"password\\",\\"value\\":\\"hunter2\\"}"', `"{\\"name\\":\\"password\\",\\"value\\":\\"${R}\\"}"`],
  ['{"path":["password"],"input":"hunter2"}', `{"path":["password"],"input":"${R}"}`],
  [
    '- name: DB_PASSWORD\n  value: hunter2\n- name: USER\n  value: bob',
    `- name: DB_PASSWORD\n  value: ${R}\n- name: USER\n  value: bob`,
  ],
  ['<add key="ApiKey" value="abc1" />', `<add key="ApiKey" value="${R}" />`],
  ['<input name="password" type="password" value="x1">', `<input name="password" type="password" value="${R}">`],
  ['<name>db.password</name>\n  <value>x1</value>', `<name>db.password</name>\n  <value>${R}</value>`],
  ['{"name":"Cookie","value":"sid=1"}', `{"name":"Cookie","value":"${R}"}`],
  ['{"name":"authorization","values":["Bearer abc"]}', `{"name":"authorization","values":${R}}`],
  ['form-data; name=password\n\nhunter2\n--b', `form-data; name=password\n\n${R}\n--b`],
  [
    'curl -X POST \\\n  -su bob:hunter2 \\\n  -b "sid=1" https://h',
    `curl -X POST \\\n  -su ${R} \\\n  -b ${R} https://h`,
  ],
  ['secret: !!str |\n  one\n  two\na: b', `secret: !!str |\n  ${R}\na: b`],
  ['token:\n\nabc123\n', `token:\n\n${R}\n`],
  ['<key>apiKey</key><string>x1</string>', `<key>apiKey</key><string>${R}</string>`],
  ['name="password"\r\n\r\nhunter2\r\n--b\r\n', `name="password"\r\n\r\n${R}\r\n--b\r\n`],
  ['form-data; name="password"\n\nhunter2 with\nlines\n--b', `form-data; name="password"\n\n${R}\n--b`],
  [
    'form-data; name="user[token]"; filename="x"\nContent-Type: text/plain\n\nabc\n--b',
    `form-data; name="user[token]"; filename="x"\nContent-Type: text/plain\n\n${R}\n--b`,
  ],
  ['"name=\\"password\\"\\r\\n\\r\\nhunter2\\r\\n--b"', `"name=\\"password\\"\\r\\n\\r\\n${R}\\r\\n--b"`],
  ['curl -b "sid=abc; t=1" https://h', `curl -b ${R} https://h`],
  ["curl -s https://h -b 'sid=abc'", `curl -s https://h -b ${R}`],
  ['curl --cookie sid=abc https://h', `curl --cookie ${R} https://h`],
  ['curl -u bob:hunter2 https://h', `curl -u ${R} https://h`],
  ['curl -ubob:hunter2 https://h', `curl -u${R} https://h`],
  ['curl --user "bob:my pass" https://h', `curl --user ${R} https://h`],
  ['svn co -u bob:hunter2 x', `svn co -u bob:${R} x`],
  ['http --auth bob:hunter2 GET h', `http --auth bob:${R} GET h`],
  ['mysql -uroot -phunter2 shop', `mysql -uroot -p${R} shop`],
  ['sshpass -p hunter2 ssh h', `sshpass -p ${R} ssh h`],
  ['redis-cli -h h -a hunter2 ping', `redis-cli -h h -a ${R} ping`],
  ['docker login -u bob -p hunter2 r.io', `docker login -u bob -p ${R} r.io`],
  ['password:\nhunter2\nuser: bob', `password:\n${R}\nuser: bob`],
  ['Password:\r\n  hunter2\r\n', `Password:\r\n  ${R}\r\n`],
  ['"password:\\n  hunter2\\nuser: bob"', `"password:\\n  ${R}\\nuser: bob"`],
  ['Authorization:\n  Bearer abc1234\nHost: x', `Authorization:\n  Bearer ${R}\nHost: x`],
  ['db:\n  password: |\n    line one\n    line two\n  user: bob', `db:\n  password: |\n    ${R}\n  user: bob`],
  ['password: >-  # folded\n  one\n\n  two\nuser: bob', `password: >-  # folded\n  ${R}\nuser: bob`],
  ['- token: |-\n    abc\n  user: bob', `- token: |-\n    ${R}\n  user: bob`],
  ['tokens:\n  - abc1\n  - def2\nuser: bob', `tokens:\n${R}\nuser: bob`],
  ['?q=password%3Dhunter2', `?q=password%3D${R}`],
  [JSON.stringify(PEM_LINES), `["-----BEGIN RSA PRIVATE KEY-----${R}"]`],
  [JSON.stringify(PEM_LINES, null, 4), `[\n    "-----BEGIN RSA PRIVATE KEY-----${R}"\n]`],
];

/** Innocent texts that look like the ones above. */
const UNTOUCHED: readonly string[] = [
  '["email", "password", "name"]',
  '["password", "email"]',
  'required: ["username","password"], optional: ["token","name"]',
  'expected one of "password", "token", "code"',
  '["content-type","authorization","x-api-key","accept"]',
  '["tokens", 1200]',
  '["user","bob"]',
  '["token_count","x1"]',
  '["docker","run","-u","1000:1000"]',
  '["tar","-b","20"]',
  '{"name":"user","value":"bob"}',
  '{"name":"password","value":null}',
  '{"name":"token_count","value":"7a"}',
  '{"value":"bob","name":"user"}',
  'name: password, value: missing',
  '- name: USER\n  value: bob',
  '<name>user</name><value>bob</value>',
  '{"name":"user","data":{"a":1}}',
  'curl -X PUT -vb cookies.txt https://h',
  'GET https://f.azurewebsites.net/api/x?code=404',
  'machine h.io login failed',
  'name="description"\r\n\r\nsome text\r\n--b',
  'name="password" is missing\n\nsee the manual',
  'curl -b cookies.txt https://h',
  'curl -u bob https://h',
  'docker run -u 1000:1000 x, chown -u www-data:www-data, -u node:node',
  'mysql -p -h host, mysqldump --port 3306, docker run -p 80:80 x',
  'Enter password:\nLogin failed for bob',
  'password:\nuser: bob',
  'password:\n2026-01-01T00:00:00Z next line',
  'password:\nERROR next line',
  'token:\n    at f (/app/a.js:1:1)',
  'password:\n  - must be longer\n  - must contain a digit',
  'Invalid token:\n{',
  'secret:\n',
  'name: |\n  some text',
  'https://h/a?x%3D1',
  JSON.stringify(CERTIFICATE_LINES),
  '-----BEGIN PRIVATE KEY----- is missing',
];

describe('secrets beside their names', () => {
  for (const [before, after] of HIDDEN) {
    it(`A19: hides ${JSON.stringify(before).slice(0, 100)}`, () => {
      equal(REDACTOR.text(before), after);
      equal(REDACTOR.text(after), after, 'a second time');
    });
  }

  for (const text of UNTOUCHED) {
    it(`A19: leaves ${JSON.stringify(text).slice(0, 100)} unchanged`, () => equal(REDACTOR.text(text), text));
  }

  const written = (value: unknown): string => textOfValue(value, { maxLength: 1_000, redactor: REDACTOR });

  for (const [value, text] of [
    [['password', 'hunter'], `["password","${R}"]`],
    [Object.entries({ user: 'bob', password: 'x' }), `[["user","bob"],["password","${R}"]]`],
    [[['authorization', 'Custom x']], `[["authorization","${R}"]]`],
    [
      ['Host', 'h', 'x-amz-security-token', 'a', 'X-CSRF-Token', 'b'],
      `["Host","h","x-amz-security-token","${R}","X-CSRF-Token","${R}"]`,
    ],
    [['pin', 1234], `["pin","${R}"]`],
    [['set-cookie', ['a=b']], `["set-cookie","${R}"]`],
    [['curl', '-u', 'bob:x', '--token', 'abc'], `["curl","-u","${R}","--token","${R}"]`],
    [[{ name: 'password', value: 'x' }], `[{"name":"password","value":"${R}"}]`],
    [[{ Key: 'password', Value: 'x' }], `[{"Key":"password","Value":"${R}"}]`],
    [[{ header: 'x-functions-key', content: 'x' }], `[{"header":"x-functions-key","content":"${R}"}]`],
    [{ path: ['user', 'password'], input: 'x' }, `{"path":["user","password"],"input":"${R}"}`],
    [{ key: 'password', value: { stringValue: 'x' } }, `{"key":"password","value":"${R}"}`],
    [{ key: PEM_LINES }, `{"key":["-----BEGIN RSA PRIVATE KEY-----","${R}","${R}","${R}","${R}"]}`],
    [['email', 'password', 'token'], '["email","password","token"]'],
    [['password', 'email'], '["password","email"]'],
    [['content-type', 'authorization', 'x-api-key'], '["content-type","authorization","x-api-key"]'],
    [['tokens', 1200], '["tokens",1200]'],
    [[{ name: 'user', value: 'bob' }], '[{"name":"user","value":"bob"}]'],
    [CERTIFICATE_LINES, JSON.stringify(CERTIFICATE_LINES)],
    [[...PEM_LINES, 'after'].slice(-2), '["-----END RSA PRIVATE KEY-----","after"]'],
  ] as const) {
    it(`A19: writes ${JSON.stringify(value).slice(0, 80)} as ${text.slice(0, 80)}`, () => equal(written(value), text));
  }

  it('A19: a private key in a list is hidden to its last line, and no further', () => {
    equal(written([...PEM_LINES, 'after']), `["-----BEGIN RSA PRIVATE KEY-----","${R}","${R}","${R}","${R}","after"]`);
  });

  it('A19: texts that are full of such names take at most 10 ms', () => {
    for (const unit of [
      ...[
        '"token","',
        '["token",',
        '"token",\'',
        "'-u',",
        '"name":"token","value":',
        'name=token value=',
        'name="token"\n\n',
      ],
      ...[
        '"value":"',
        '"value":"x","name":"',
        'token:\n',
        'token:\n- ',
        'token: |\n ',
        'token:\n  x\n',
        'curl -u ',
        'curl ',
        'mysql ',
        '-u a:',
      ],
      ...['"a" ,', '[', 'name:a\nb:c\n', 'name=a b=c ', 'name=', 'value:', '"\\\\\\', 'token%3D', '- ', 'redis-cli \t'],
    ]) {
      const text = unit.repeat(Math.ceil(8_512 / unit.length)).slice(0, 8_512);
      const millis = costMillis(() => REDACTOR.text(text), 5);
      ok(millis < 20, `${JSON.stringify(unit)}: ${millis} ms`);
    }
  });
});
