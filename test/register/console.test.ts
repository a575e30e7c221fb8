import assert from 'node:assert/strict';
import { Console } from 'node:console';
import { PassThrough } from 'node:stream';
import { wrapConsole } from '../../src/register/console.js';

interface Emitted {
  readonly severityNumber: number;
  readonly body: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

describe('the bridge for the console', () => {
  function bridged(onEmit: (record: Emitted) => void = () => {}) {
    const out = new PassThrough();
    const target = new Console(out);
    const records: Emitted[] = [];
    const emit = (record: object): void => {
      records.push(record as Emitted);
      onEmit(record as Emitted);
    };
    const restore = wrapConsole(target, { emit });
    return { target, records, restore, printed: () => String(out.read() ?? '') };
  }

  it('creates records of errors and warnings, and prints the same output', () => {
    const { target, records, printed } = bridged();
    target.error('cart %d is %s', 88, 'empty');
    target.warn('late');
    target.log('hello');
    assert.deepEqual(
      records.map(({ severityNumber, body }) => [severityNumber, body]),
      [
        [17, 'cart 88 is empty'],
        [13, 'late'],
      ],
    );
    assert.equal(printed(), 'cart 88 is empty\nlate\nhello\n');
  });

  it('keeps the stack and the causes of an error', () => {
    const { target, records } = bridged();
    target.error('charge failed:', new TypeError('no funds', { cause: new Error('no bank') }), { cart: 88 });
    const [{ body = '', attributes = {} } = {}] = records;
    assert.equal(body, 'charge failed: { cart: 88 }');
    assert.deepEqual([attributes['exception.type'], attributes['exception.message']], ['TypeError', 'no funds']);
    assert.match(attributes['exception.stacktrace'] ?? '', /^TypeError: no funds\n[\s\S]*\[cause\]: Error: no bank/);
  });

  it('ignores console.trace(), which calls console.error()', () => {
    const { target, records, printed } = bridged();
    target.trace('here');
    target.trace();
    assert.deepEqual(records, []);
    assert.match(printed(), /^Trace: here\n/);
  });

  it('ignores output during an emit, and does not throw the error of a logger', () => {
    const { target, records } = bridged(() => {
      target.error('the exporter says this');
      throw new Error('broken');
    });
    target.error('late');
    assert.deepEqual(
      records.map(({ body }) => body),
      ['late'],
    );
  });

  it('can be removed', () => {
    const { target, records, restore } = bridged();
    restore();
    target.error('late');
    assert.deepEqual(records, []);
  });
});
