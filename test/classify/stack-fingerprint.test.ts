import { equal, notEqual, ok } from 'node:assert/strict';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { stackPlaces as readPlaces, titleEnd } from '../../src/classify/stack-fingerprint.js';
import { costMillis } from '../support/cost.js';

const stackOf = (...frames: readonly string[]): string =>
  `Error: x\n${frames.map((frame) => `    at ${frame}`).join('\n')}`;
const stackPlaces = (stack: string): string => readPlaces(stack).text;
const placeOf = (frame: string): string => stackPlaces(stackOf(frame));

describe('the places of a stack', () => {
  const SAME: readonly (readonly [why: string, one: string, other: string])[] = [
    ['another line and column', 'charge (/app/src/pay.js:41:13)', 'charge (/app/src/pay.js:57:9)'],
    ['another root', 'charge (/srv/app-1.2/src/pay.js:1:1)', 'charge (/var/releases/20260102/src/pay.js:1:1)'],
    ['ESM and CommonJS', 'charge (file:///app/src/pay.js:1:1)', 'charge (/app/src/pay.js:1:1)'],
    ['Windows', 'charge (C:\\deploy\\7\\src\\pay.js:1:1)', 'charge (/app/src/pay.js:1:1)'],
    ['Windows as a URL', 'charge (file:///C:/deploy/src/pay.js:1:1)', 'charge (/app/src/pay.js:1:1)'],
    ['source and what is built of it', 'charge (/app/src/pay.ts:1:1)', 'charge (/app/dist/pay.js:1:1)'],
    ['a query', 'charge (file:///app/src/pay.js?t=1712:1:1)', 'charge (file:///app/src/pay.js:1:1)'],
    ['a bundle’s hash', 'charge (/app/dist/main.3f2a1b9c.js:1:1)', 'charge (/app/dist/main.77c01d2e.js:1:1)'],
    ['a chunk’s hash', 'charge (/app/dist/chunk-Q7XK2L.mjs:1:1)', 'charge (/app/dist/chunk-ZZ81PA.mjs:1:1)'],
    ['minified names', 't (/app/dist/main.js:1:20000)', 'e (/app/dist/main.js:1:30000)'],
    ['async and not', 'async charge (/app/src/pay.js:1:1)', 'charge (/app/src/pay.js:1:1)'],
    ['a function’s prefix', 'Object.charge (/app/src/pay.js:1:1)', 'charge (/app/src/pay.js:1:1)'],
    ['an alias', 'Pay.charge [as run] (/app/src/pay.js:1:1)', 'Pay.charge (/app/src/pay.js:1:1)'],
    [
      'row 12: a folder of Windows with blanks and brackets',
      'charge (C:\\Program Files (x86)\\a\\src\\pay.js:1:1)',
      'charge (/app/src/pay.js:1:1)',
    ],
    ['row 12: such a folder without a function', 'C:\\Program Files (x86)\\a\\src\\pay.js:1:1', '/app/src/pay.js:7:7'],
    [
      'row 12: another line of .NET',
      'Acme.Pay.Run(Order o) in /src/Pay.cs:line 9',
      'Acme.Pay.Run(Order o) in /src/Pay.cs:line 42',
    ],
    [
      'row 12: another line in eval',
      'run (eval at load (/app/src/rules.js:4:5), <anonymous>:3:5)',
      'run (eval at load (/app/src/rules.js:9:1), <anonymous>:7:1)',
    ],
    ['row 9: the hash of Vite', 'charge (/app/dist/pay-DiwrgTda.js:1:1)', 'charge (/app/dist/pay-B_x-9aQ2.js:1:1)'],
    ['row 9: the hash of Turbopack', 'f1 (/app/ssr/_e742affb._.js:1:1)', 'f1 (/app/ssr/_40653aff._.js:1:1)'],
    ['no folder that is known', 'charge (/opt/one/pay.js:1:1)', 'charge (/var/two/pay.js:1:1)'],
  ];
  for (const [why, one, other] of SAME) {
    it(`are the same: ${why}`, () => {
      ok(placeOf(one).length > 1, placeOf(one));
      equal(placeOf(one), placeOf(other));
    });
  }

  const DIFFERENT: readonly (readonly [why: string, one: string, other: string])[] = [
    ['another function', 'charge (/app/src/pay.js:1:1)', 'refund (/app/src/pay.js:1:1)'],
    ['another file', 'charge (/app/src/pay.js:1:1)', 'charge (/app/src/card.js:1:1)'],
    ['another folder', 'get (/app/src/users/index.js:1:1)', 'get (/app/src/orders/index.js:1:1)'],
  ];
  for (const [why, one, other] of DIFFERENT) {
    it(`are different: ${why}`, () => notEqual(placeOf(one), placeOf(other)));
  }

  it('are those of the app, without the frames of libraries and Node between them', () => {
    const plain = stackOf('charge (/app/src/pay.js:1:1)', 'handle (/app/src/http.js:1:1)');
    const between = stackOf(
      'check (/app/node_modules/ajv/lib/ajv.js:1:1)',
      'charge (/app/src/pay.js:1:1)',
      'new Promise (<anonymous>)',
      'async Promise.all (index 0)',
      'handle (/app/src/http.js:1:1)',
      'process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
    );
    equal(stackPlaces(plain), stackPlaces(between));
  });

  it('are those of libraries and Node when the app has no frame', () => {
    const socket = stackOf('TCPConnectWrap.afterConnect [as oncomplete] (node:net:1555:16)');
    const parser = stackOf('Parser.parse (/app/node_modules/pg-protocol/dist/parser.js:1:1)');
    ok(stackPlaces(socket).includes('afterConnect'));
    notEqual(stackPlaces(socket), stackPlaces(parser));
  });

  it('are independent of the depth of a recursion', () => {
    const walk = 'walk (/app/src/tree.js:3:3)';
    equal(
      stackPlaces(stackOf(walk, walk, walk, 'main (/app/src/main.js:1:1)')),
      stackPlaces(stackOf(walk, 'main (/app/src/main.js:1:1)')),
    );
  });

  it('include those of the causes with their types, as util.inspect and pino print them', () => {
    const cause = new TypeError('inner');
    cause.stack = 'TypeError: inner\n    at inner (/app/src/b.js:2:2)';
    const error = new Error('outer', { cause });
    error.stack = 'Error: outer\n    at outer (/app/src/a.js:1:1)';
    const pino = `${error.stack}\ncaused by: ${cause.stack}`;
    equal(stackPlaces(pino), 'outer a\nTypeError\ninner b');
    equal(stackPlaces(inspect(error)), stackPlaces(pino));
    notEqual(stackPlaces(pino), stackPlaces(error.stack));
  });

  it('are independent of the message', () => {
    const frames = '    at f (/app/src/a.js:1:1)';
    equal(stackPlaces(`Error: one\n${frames}`), stackPlaces(`Error: two\nand three\n${frames}`));
  });

  it('are all in the text behind the title, if the first line is one', () => {
    const frames = '    at f (/app/src/a.js:1:1)';
    const texts = [
      `Error: one\n${frames}`,
      `caused by: TypeError: one\n${frames}`,
      `at f (/app/src/b.js:1:1)\n${frames}`,
      `[cause]: Error\n`,
      'no line end',
      '',
    ];
    for (const text of texts) equal(stackPlaces(text.slice(titleEnd(text))), stackPlaces(text), text);
    equal(titleEnd(`Error: one\n${frames}`), 'Error: one\n'.length);
    const line = fc.constantFrom(
      'Error: x',
      'caused by: RangeError',
      '  [cause]: Error',
      frames,
      'at g (/b.js:1:1)',
      '',
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const text = lines.join('\n');
        equal(stackPlaces(text.slice(titleEnd(text))), stackPlaces(text));
      }),
    );
  });

  it('are absent for a text that is not a stack, and never throw', () => {
    equal(stackPlaces('prod-eu'), '');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => typeof stackPlaces(text) === 'string'),
    );
  });

  it('are independent of stacks that were read before, also with a missing parenthesis', () => {
    const places: readonly (readonly [frame: string, place: string])[] = [
      ['charge (/app/src/a.js:1:1)', 'charge a'],
      ['charge (/app/src/a.js:1:1', 'charge a.js:1:'],
      ['charge (/app/src/a.js:1:12', 'charge a'],
      ['/app/src/a.js:1:1', 'a'],
      ['/app/src/a.js:1:1)', 'a.js:1:1)'],
      ['refund (/app/src/b.js:1:1', 'refund b.js:1:'],
      ['refund (/app/src/b.js:1:1)', 'refund b'],
    ];
    for (const [frame, place] of [...places, ...places.toReversed()]) equal(placeOf(frame), place);
  });

  it('take linear time for a name that is one long word', () => {
    const long = stackOf(`f (/app/src/${'_'.repeat(7_900)}1!:1:1)`);
    const millis = costMillis(() => stackPlaces(long), 5);
    ok(millis < 20, `${millis} ms`);
  });

  it('take time in proportion to the beginning of a stack, not to all of it', () => {
    const hostile = [
      'at '.repeat(1_000_000),
      '('.repeat(1_000_000),
      `at f (${'/'.repeat(1_000_000)}`,
      '\n'.repeat(1_000_000),
    ];
    for (const text of hostile) {
      ok(costMillis(() => stackPlaces(text)) < 200, 'a million characters took as long as a thousand may');
    }
  });
});
