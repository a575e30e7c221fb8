import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { copyOfStart, redactedStart } from '../../src/record/redacted-start.js';
import { textOfValue } from '../../src/record/stringify.js';
import { costMillis } from '../support/cost.js';
import { REDACTOR, redactorOf } from '../support/redactor.js';
import { TOKENS } from '../support/secrets.js';

const text = (value: unknown, maxLength = 200) => textOfValue(value, { maxLength });
const throwing = (): never => {
  throw new Error('no');
};

describe('textOfValue', () => {
  it('writes plain values as JSON, and a string unchanged', () => {
    assert.equal(text('a "b"'), 'a "b"');
    const value = { s: 'a "b"', n: -1.5, t: true, z: null, list: [1, 'x', [], {}], map: { '': 0 } };
    assert.equal(text(value), JSON.stringify(value));
  });

  it('writes values that JSON cannot represent', () => {
    assert.equal(text([1n, undefined, Number.NaN, Symbol('s'), () => 0]), '[1n,undefined,NaN,Symbol(s),[function]]');
    assert.equal(text(new Date(0)), '1970-01-01T00:00:00.000Z');
    assert.equal(text(new Date(Number.NaN)), 'Invalid Date');
    assert.equal(text({ e: new RangeError('far') }), '{"e":RangeError: far}');
    assert.equal(text([Buffer.alloc(7), new ArrayBuffer(3), new Float64Array(2)]), '[[7 bytes],[3 bytes],[16 bytes]]');
  });

  it('stops at a cycle, and writes a repeated object twice', () => {
    const cycle: Record<string, unknown> = { a: 1 };
    cycle.self = cycle;
    assert.equal(text(cycle), '{"a":1,"self":[circular]}');
    const shared = { b: 2 };
    assert.equal(text([shared, shared]), '[{"b":2},{"b":2}]');
  });

  it('stops at the maximum depth', () => {
    assert.equal(text([[[[[[1]]]]]]), '[[[[[[…]]]]]]');
    assert.equal(textOfValue({ a: { b: 1 } }, { maxLength: 99, maxDepth: 1 }), '{"a":{…}}');
  });

  it('writes the rest of a map when one entry cannot be read', () => {
    const value = {
      a: 1,
      get bad() {
        return throwing();
      },
      b: 2,
    };
    assert.equal(text(value), '{"a":1,"bad":[unreadable],"b":2}');
  });

  it('never calls toJSON, and survives every throwing trap of a proxy', () => {
    assert.equal(text({ toJSON: throwing, a: 1 }), '{"toJSON":[function],"a":1}');
    const handler = { get: throwing, ownKeys: throwing, getPrototypeOf: throwing, has: throwing };
    assert.equal(text([new Proxy({}, handler), 1]), '[[unreadable],1]');
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    assert.equal(text({ proxy, b: 1 }), '{"proxy":[unreadable],"b":1}');
    assert.equal(text([[[[[proxy, 1]]]]]), '[[[[[[unreadable],1]]]]]');
  });

  it('writes an own __proto__ like any key', () => {
    assert.equal(text(JSON.parse('{"__proto__":{"a":1}}')), '{"__proto__":{"a":1}}');
  });

  it('writes the number of missing entries', () => {
    assert.match(textOfValue(Array(60).fill(1), { maxLength: 999 }), /^\[(1,){50}…\+10\]$/);
  });

  it('never writes more than maxLength', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withSparseArray: true, withTypedArray: true }),
        fc.nat(100),
        (value, maxLength) => {
          assert.ok(textOfValue(value, { maxLength }).length <= maxLength);
        },
      ),
    );
  });

  for (const [name, make] of [
    ['arrays of arrays of nothing', () => nested([])],
    ['maps in arrays of arrays, with nothing in them', () => nested({}, 4)],
    ['the same error in arrays of arrays', () => nested(new Error('x'.repeat(1_000_000)))],
    ['arrays of arrays of cycles', () => nested(cycle())],
    ['a number of ten million bits', () => [2n ** 10_000_000n, -(2n ** 10_000_000n)]],
    ['a boxed string of a million characters', () => new String('x'.repeat(1_000_000))],
    ['a string of ten million characters', () => ({ a: 'x'.repeat(10_000_000) })],
    ['a list that says it has four billion entries', () => new Array(4_294_967_295)],
  ] as const) {
    it(`takes time in proportion to its output, not to ${name}`, () => {
      const value = make();
      assert.ok(text(value, 3_000).length <= 3_000);
      const millis = costMillis(() => text(value, 3_000));
      assert.ok(millis < 200, `${millis} ms`);
    });
  }

  it('copies strings, so that neither a cut nor a slice of the app’s keeps the long string in memory', () => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    const kept: string[] = [];
    gc();
    const before = process.memoryUsage().heapUsed;
    for (let round = 0; round < 10; round++) {
      const long = 'x'.repeat(4_000_000 + round).replace('x', 'y');
      kept.push(copyOfStart(long, 3_000), copyOfStart(long.slice(100, 600), 3_000), text({ long }, 3_000));
    }
    gc();
    const grown = process.memoryUsage().heapUsed - before;
    assert.equal(kept.length, 30);
    assert.ok(grown < 8_000_000, `${grown} bytes are kept`);
  });

  describe('without secrets', () => {
    const without = (value: unknown, maxLength = 500) => textOfValue(value, { maxLength, redactor: REDACTOR });
    const token = TOKENS['npm token'] as string;

    for (const [name, value, written] of [
      [
        'named ones',
        { password: 'a', a: { apiKey: 1, b: [{ cvv: 123 }] } },
        '{"password":"[redacted]","a":{"apiKey":"[redacted]","b":[{"cvv":"[redacted]"}]}}',
      ],
      [
        'named ones that hold values',
        { token: { a: 1 }, cookies: { a: 'b' }, secrets: ['x'] },
        '{"token":"[redacted]","cookies":"[redacted]","secrets":"[redacted]"}',
      ],
      [
        'counts, and what there is none of',
        { tokens: 5, password: null, token: '' },
        '{"tokens":5,"password":null,"token":""}',
      ],
      ['in texts', { a: `x ${token}`, b: ['token=a b'] }, '{"a":"x [redacted]","b":["token=[redacted] b"]}'],
      ['in names', { [`x ${token}`]: 1 }, '{"x [redacted]":1}'],
      ['in errors', [new Error('token=a')], '[Error: token=[redacted]]'],
      ['in numbers', [4_111_111_111_111_111, 4_111_111_111_111_111n], '[[redacted],[redacted]n]'],
      [
        'in lists of headers',
        ['Cookie', 'a', 'x', 'authorization', 'b'],
        '["Cookie","[redacted]","x","authorization","[redacted]"]',
      ],
      [
        'beside their names',
        [
          { path: 'password', value: 'a' },
          { name: 'user', value: 'b' },
        ],
        '[{"path":"password","value":"[redacted]"},{"name":"user","value":"b"}]',
      ],
      ['alone', `a ${token}`, 'a [redacted]'],
    ] as const) {
      it(`${name}: ${written}`, () => assert.equal(without(value), written));
    }

    it('cycles and throwing getters are written as far as possible', () => {
      const value: Record<string, unknown> = { password: 'a' };
      value.self = value;
      Object.defineProperty(value, 'token', { enumerable: true, get: throwing });
      assert.equal(without(value), '{"password":"[redacted]","self":[circular],"token":[unreadable]}');
    });

    it('a secret at the cut is redacted', () => {
      for (let room = 1; room < token.length + 20; room++) {
        assert.ok(!without({ a: 'x', b: `y ${token}` }, room).includes(token.slice(0, 6)), `${room}`);
        assert.ok(!redactedStart(`y ${token}`, room, REDACTOR).includes(token.slice(0, 6)), `${room}`);
      }
    });

    it('nothing is redacted without a redactor', () => {
      assert.equal(textOfValue({ token }, { maxLength: 99, redactor: redactorOf(false) }), `{"token":"${token}"}`);
    });
  });

  it('makes copies well-formed', () => {
    for (const broken of ['\ud800', `\udc00${'x'.repeat(20)}\ud800`])
      assert.ok(copyOfStart(broken, 100).isWellFormed());
  });
});

function nested(leaf: unknown, depths = 5): unknown {
  let value = leaf;
  for (let depth = 0; depth < depths; depth++) value = Array(50).fill(value);
  return value;
}

function cycle(): unknown {
  const list: unknown[] = [];
  for (let index = 0; index < 50; index++) list.push(list);
  return list;
}
