import assert from 'node:assert/strict';
import { redactAssignments } from '../../src/redact/assignments.js';
import { isSecretKey, mayBeSecretKey } from '../../src/redact/secret-keys.js';

const without = (text: string): string => redactAssignments(text, { mayHide: mayBeSecretKey, hides: isSecretKey });

const HIDDEN: readonly (readonly [string, string])[] = [
  ['password=hunter2', 'password=[redacted]'],
  ['login failed: password: hunter2, user: bob', 'login failed: password: [redacted], user: bob'],
  ['token = abc;', 'token = [redacted];'],
  ['password=p,w!x(y)z user=bob', 'password=[redacted] user=bob'],
  ['a=1,password=x,b=2', 'a=1,password=[redacted],b=2'],
  ['f(password=x)', 'f(password=[redacted])'],
  ['Server=db;User Id=sa;Password=a;b;Encrypt=True', 'Server=db;User Id=sa;Password=[redacted];Encrypt=True'],
  ['AccountName=a;AccountKey=abc==;EndpointSuffix=x', 'AccountName=a;AccountKey=[redacted];EndpointSuffix=x'],
  ['GET /a?access_token=abc&x=1', 'GET /a?access_token=[redacted]&x=1'],
  ['user[password]=x&b=1', 'user[password]=[redacted]&b=1'],
  ['user%5Bpassword%5D=x&a%5Bb%5D=1', 'user%5Bpassword%5D=[redacted]&a%5Bb%5D=1'],
  ['{"password":"hunt\\"er2","user":"bob"}', '{"password":"[redacted]","user":"bob"}'],
  ['"{\\"password\\":\\"x\\",\\"a\\":1}"', '"{\\"password\\":\\"[redacted]\\",\\"a\\":1}"'],
  ['"{\\"password\\":\\"a\\\\\\"b\\",\\"a\\":1}"', '"{\\"password\\":\\"[redacted]\\",\\"a\\":1}"'],
  ["{ password: 'x', a: 1 }", "{ password: '[redacted]', a: 1 }"],
  ["tokens: [ 'a', 'b' ], c", 'tokens: [redacted], c'],
  ['credentials: { user: 1, p: { x: 2 } } c', 'credentials: [redacted] c'],
  ["tokens: [ 'a',\n 'b'", "tokens: [redacted]\n 'b'"],
  ["password: 'never closed\nnext", "password: '[redacted]\nnext"],
  ['"password" => "x"', '"password" => "[redacted]"'],
  ['password := x', 'password := [redacted]'],
  ["headers['x-api-key'] = 'x'", "headers['x-api-key'] = '[redacted]'"],
  ['Authorization: Bearer abc def', 'Authorization: Bearer [redacted] def'],
  ['Authorization: abc def', 'Authorization: [redacted]'],
  ['Authorization: Digest username="x", response="y"\nHost: x', 'Authorization: Digest [redacted]\nHost: x'],
  ['"authorization": "Bearer abc"', '"authorization": "Bearer [redacted]"'],
  ["-H 'Authorization: Custom abc' https://x", "-H 'Authorization: [redacted]' https://x"],
  ['Cookie: a=b; c="d"\r\nHost: x', 'Cookie: [redacted]\r\nHost: x'],
  ['"GET / HTTP/1.1\\r\\nCookie: a=b; c=d\\r\\nHost: x"', '"GET / HTTP/1.1\\r\\nCookie: [redacted]\\r\\nHost: x"'],
  ['cookie=a=b; Path=/; HttpOnly user=bob', 'cookie=[redacted] user=bob'],
  ['Set-Cookie: sid=x; Path=/', 'Set-Cookie: [redacted]'],
  ['Key (email, token)=(a, abc) already exists', 'Key (email, token)=([redacted]) already exists'],
  ['invalid API key: abc', 'invalid API key: [redacted]'],
  ['session id: abc, card number: 12', 'session id: [redacted], card number: [redacted]'],
  ['<password>x</password><user>bob</user>', '<password>[redacted]</password><user>bob</user>'],
  ['<ns:Token type="a">x</ns:Token>', '<ns:Token type="a">[redacted]</ns:Token>'],
  ['password=<x>', 'password=[redacted]'],
  ['password=\u001b[31mx', 'password=[redacted]'],
  ['pin: 1234', 'pin: [redacted]'],
  ['msg: password=a b', 'msg: password=[redacted] b'],
  ['password=[redacted]!x', 'password=[redacted]'],
];

const UNTOUCHED: readonly string[] = [
  'password is required; password: must be longer; token: expired',
  'Unexpected token: { in JSON, Unexpected token: punc',
  'token_count=5, tokens: 1200, author: bob, passenger=7, cookie_banner: on, monkey=1, secretary: x, keyboard: de, pinned=y',
  'password: null, hasPassword=true, token=, password: ""',
  'if (token == x) return token === y, token != z, Foo::token::bar',
  '    at Object.token (/app/token:10:5)\n    at /app/secret:10',
  'https://h/token/abc, primary key: 5, error code: 12, order number: 7, session.id=abc, trace id: 1',
  'gpio pin: 13, pass: 12, fail: 3',
];

describe('redactAssignments', () => {
  for (const [before, after] of HIDDEN) {
    it(`redacts ${JSON.stringify(before)}`, () => {
      assert.equal(without(before), after);
      assert.equal(without(after), after);
    });
  }

  for (const text of UNTOUCHED) {
    it(`leaves ${JSON.stringify(text)} unchanged`, () => assert.equal(without(text), text));
  }
});
