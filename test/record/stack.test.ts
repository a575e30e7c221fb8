import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { parseStack, type StackPart, stackLines, topFrame } from '../../src/record/stack.js';

const length = (line: string) => line.length;
const show = (stack: string, maxLength = 5_000) => stackLines(parseStack(stack), { maxLength, measure: length });
const top = (stack: string) => topFrame(parseStack(stack))?.text;
const ownOf = (parts: readonly StackPart[]) =>
  parts.flatMap(({ frames }) => frames.filter((frame) => frame.isAppCode).map(({ text }) => text));

const PG = `error: relation "orders" does not exist
    at Parser.parseErrorMessage (/app/node_modules/pg-protocol/dist/parser.js:283:98)
    at Socket.<anonymous> (/app/node_modules/pg/lib/client.js:11:3)
    at node:internal/main/run_main_module:28:49
    at async Promise.all (index 1)
    at async OrderRepo.find (file:///app/src/orders/repo.mjs:41:17)
    at new Promise (<anonymous>)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)
    at async /app/src/server.js:12:5`;

describe('stack', () => {
  it('shows the app’s own frames first, in order, without frames of Node’s event loop', () => {
    assert.deepEqual(show(PG), [
      '  at async OrderRepo.find (/app/src/orders/repo.mjs:41:17)',
      '  at async /app/src/server.js:12:5',
      '  at Parser.parseErrorMessage (/app/node_modules/pg-protocol/dist/parser.js:283:98)',
      '  at Socket.<anonymous> (/app/node_modules/pg/lib/client.js:11:3)',
      '  at node:internal/main/run_main_module:28:49',
      '  at async Promise.all (index 1)',
      '  at new Promise (<anonymous>)',
    ]);
  });

  it('has the first frame of the app as its top frame, else the first frame', () => {
    assert.equal(top(PG), 'at async OrderRepo.find (/app/src/orders/repo.mjs:41:17)');
    assert.equal(top('E: x\n    at node:fs:1:2\n    at a (/x/node_modules/b.js:1:1)'), 'at node:fs:1:2');
    assert.equal(top('nothing'), undefined);
  });

  it('recognizes a file of the app by its path, whatever its name', () => {
    const own = [
      '/app/src/native/bridge.js:1:2',
      '/app/native.js:1:2',
      '/home/node:x/a.js:1:2',
      '/app/internal/pay.js:1:2',
    ];
    const stack = ['E: x', ...own.map((place) => `    at f (${place})`)].join('\n');
    assert.deepEqual(
      ownOf(parseStack(stack)),
      own.map((place) => `at f (${place})`),
    );
  });

  it('reads Windows paths', () => {
    const stack = [
      'E: x',
      '    at f (C:\\app\\node_modules\\pg\\client.js:1:2)',
      '    at file:///C:/app/src/main.mjs:3:4',
      '    at Object.<anonymous> (C:\\app\\src\\pay.js:5:6)',
    ].join('\r\n');
    assert.deepEqual(ownOf(parseStack(stack)), [
      'at C:/app/src/main.mjs:3:4',
      'at Object.<anonymous> (C:\\app\\src\\pay.js:5:6)',
    ]);
  });

  it('does not show a message of several lines among the frames', () => {
    assert.deepEqual(show('Error: one\ntwo\n\nthree\n    at f (/app/a.js:1:1)'), ['  at f (/app/a.js:1:1)']);
  });

  describe('causes', () => {
    it('are shown under their titles, as pino writes them', () => {
      const stack = `Error: outer
    at outer (/app/a.js:1:1)
caused by: TypeError: middle
    at middle (/app/b.js:2:2)
caused by: RangeError: inner
    at inner (/app/node_modules/x/c.js:3:3)
    at own (/app/c.js:4:4)`;
      assert.deepEqual(show(stack), [
        '  at outer (/app/a.js:1:1)',
        'caused by TypeError: middle',
        '  at middle (/app/b.js:2:2)',
        'caused by RangeError: inner',
        '  at own (/app/c.js:4:4)',
        '  at inner (/app/node_modules/x/c.js:3:3)',
      ]);
    });

    it('are read from the output of util.inspect, with the properties of the errors', () => {
      const stack = `Error: outer
    at outer (/app/a.js:1:1)
    ... 4 lines matching cause stack trace ...
    at run (/app/r.js:9:9) {
  code: 'ECONNREFUSED',
  errno: -111,
  [cause]: TypeError: inner
  of two lines
      at inner (/app/b.js:2:2) {
    [cause]: Error: root
        at root (/app/c.js:3:3)
  }
}`;
      assert.deepEqual(show(stack), [
        '  at outer (/app/a.js:1:1)',
        '  at run (/app/r.js:9:9)',
        "  code: 'ECONNREFUSED',",
        '  errno: -111,',
        'caused by TypeError: inner',
        '  at inner (/app/b.js:2:2)',
        'caused by Error: root',
        '  at root (/app/c.js:3:3)',
      ]);
    });

    it('are read from the output of this version of Node', () => {
      const root = Object.assign(new TypeError('root'), { code: 'E_ROOT' });
      const printed = inspect(Object.assign(new Error('outer', { cause: root }), { status: 502 }), { colors: false });
      const lines = show(printed);
      assert.equal(lines.filter((line) => line === 'caused by TypeError: root').length, 1);
      assert.match(lines[0] ?? '', /^ {2}at .*stack\.test/);
      assert.ok(lines.some((line) => line.includes('status: 502')));
      assert.ok(lines.some((line) => line.includes("code: 'E_ROOT'")));
    });

    it('are also shown when the error above them has no frames', () => {
      assert.deepEqual(show('Error: outer\ncaused by: Error: inner\n    at f (/app/a.js:1:1)'), [
        'caused by Error: inner',
        '  at f (/app/a.js:1:1)',
      ]);
    });

    it('are read from the errors of an AggregateError', () => {
      const error = new AggregateError([new Error('first'), new Error('second')], 'all of them');
      const lines = show(inspect(error));
      assert.ok(lines.some((line) => line.includes('Error: first')));
      assert.ok(lines.some((line) => line.includes('Error: second')));
    });
  });

  describe('of other languages', () => {
    it('are shown unchanged', () => {
      const python = 'Traceback (most recent call last):\n  File "app.py", line 3, in <module>\nKeyError: 1';
      assert.deepEqual(show(python), python.split('\n'));
    });

    it('are not shown when they repeat the headline', () => {
      assert.deepEqual(show('Error: only this'), []);
      assert.deepEqual(show(''), []);
    });

    it('are parsed when they look like V8’s', () => {
      const java =
        'java.lang.X: a\n\tat com.shop.Pay.run(Pay.java:41)\nCaused by: java.io.Y: b\n\tat com.shop.Io.go(Io.java:2)\n\t... 12 more';
      assert.deepEqual(show(java), [
        '  at com.shop.Pay.run(Pay.java:41)',
        'caused by java.io.Y: b',
        '  at com.shop.Io.go(Io.java:2)',
      ]);
    });
  });

  describe('that are too long', () => {
    const many = ['E: x', ...Array.from({ length: 500 }, (_, n) => `    at f${n} (/app/src/file.js:${n}:1)`)].join(
      '\n',
    );

    it('end with the number of missing lines', () => {
      const lines = show(many, 400);
      const shown = lines.slice(0, -1);
      assert.deepEqual(shown, show(many, 1_000_000).slice(0, shown.length));
      assert.equal(lines.at(-1), `… ${500 - shown.length} more lines`);
      assert.ok(lines.join('\n').length <= 400);
    });

    it('count the lines that were cut off earlier', () => {
      const parts = parseStack('E: x\n    at f (/app/a.js:1:1)');
      const lines = stackLines(parts, { maxLength: 500, measure: length, alreadyMissing: 1_200 });
      assert.deepEqual(lines, ['  at f (/app/a.js:1:1)', '… 1,200 more lines']);
      assert.equal(stackLines(parts, { maxLength: 500, measure: length, alreadyMissing: 1 })[1], '… 1 more line');
    });

    it('never exceed the limit, count every missing line and cut no line, for any stack', () => {
      const line = fc.oneof(
        fc.constantFrom(
          '    at f (/app/a.js:1:1)',
          '    at g (node:fs:1:1) {',
          '  [cause]: Error: b',
          '}',
          '',
          'caused by: X: y',
        ),
        fc.string({ unit: 'binary', maxLength: 60 }).map((each) => `    at ${each}`),
        fc.string({ maxLength: 40 }),
      );
      const stack = fc.array(line, { maxLength: 30 }).map((lines) => lines.join('\n'));
      fc.assert(
        fc.property(stack, fc.integer({ min: 30, max: 900 }), fc.nat(100_000), (text, maxLength, alreadyMissing) => {
          const parts = parseStack(text);
          const all = stackLines(parts, { maxLength: 1_000_000, measure: length });
          const lines = stackLines(parts, { maxLength, measure: length, alreadyMissing });
          const [, missing] = /^… ([\d,]+) more lines?$/.exec(lines.at(-1) ?? '') ?? [];
          const shown = missing === undefined ? lines : lines.slice(0, -1);
          assert.ok(lines.join('\n').length <= maxLength);
          assert.deepEqual(shown, all.slice(0, shown.length));
          assert.equal(Number(missing?.replaceAll(',', '') ?? 0), all.length - shown.length + alreadyMissing);
        }),
      );
    });
  });

  it('shows the app’s files relative to the working directory', () => {
    const stack = `Error: x\n    at charge (${process.cwd()}/src/pay.js:4:2)\n    at async ${process.cwd()}/src/run.js:1:1`;
    assert.deepEqual(
      parseStack(stack)[0]?.frames.map(({ text }) => text),
      ['at charge (src/pay.js:4:2)', 'at async src/run.js:1:1'],
    );
  });
});
