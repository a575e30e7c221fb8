import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { type Damage, encodeFrame, type Frame, readFrames } from '../../../src/spool/segments/frame.js';

const encode = (values: readonly unknown[]): Buffer[] =>
  values.map((value) => encodeFrame('entry', JSON.stringify(value)));
const read = (bytes: Buffer): (Frame | Damage)[] => [...readFrames(bytes)];
const bodies = (bytes: Buffer): unknown[] =>
  read(bytes).flatMap((frame) => (frame.kind === 'damage' ? [] : [frame.body]));

describe('frames', () => {
  it('are read as they were written, one per line', () => {
    const bytes = Buffer.concat([
      encodeFrame('entry', '{"a":"\\n"}'),
      encodeFrame('memory', '"ü"'),
      encodeFrame('adopted', '0'),
    ]);
    deepEqual(
      read(bytes).map((frame) => [frame.kind, 'body' in frame && frame.body]),
      [
        ['entry', { a: '\n' }],
        ['memory', 'ü'],
        ['adopted', 0],
      ],
    );
    equal(bytes.toString().split('\n').length, 4);
  });

  it('survive damage to any byte, except the frame with that byte', () => {
    const values = ['first', { second: [1, 2, 3] }, 'third', '', 'fifth \u001e \n'];
    const frames = encode(values);
    const whole = Buffer.concat(frames);
    let from = 0;
    frames.forEach((frame, index) => {
      for (let at = from; at < from + frame.length; at++) {
        for (const byte of [0x00, 0x0a, 0x1e, 0x30, (whole[at] ?? 0) ^ 1]) {
          if (byte === whole[at]) continue;
          const bytes = Buffer.from(whole);
          bytes[at] = byte;
          const isFeed = at === from + frame.length - 1;
          deepEqual(bodies(bytes), isFeed ? values : values.toSpliced(index, 1), `byte ${at} = ${byte}`);
        }
      }
      from += frame.length;
    });
  });

  it('of an entry never look like another kind after one flipped bit', () => {
    const whole = encodeFrame('entry', '"first"');
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const bytes = Buffer.from(whole);
      bytes[bit >> 3] = (whole[bit >> 3] as number) ^ (1 << (bit & 7));
      for (const frame of readFrames(bytes)) {
        const isEntry =
          frame.kind === 'damage' ? frame.was === 'entry' || frame.was === undefined : frame.kind === 'entry';
        ok(isEntry, `bit ${bit}`);
      }
    }
  });

  it('survive removed or inserted bytes, except the frames that they touch', () => {
    const values = ['one', 'two', 'three', 'four'];
    const frames = encode(values);
    const whole = Buffer.concat(frames);
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc
        .constantFrom('\n', '\x1e', '\x1e00000000e00000003"x"\n', '\x1effffffffeffffffff')
        .map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(30), garbage, (from, length, put) => {
        const bytes = Buffer.concat([whole.subarray(0, from), put, whole.subarray(from + length)]);
        const left = values.filter((_, index) => bytes.includes((frames[index] as Buffer).subarray(0, -1)));
        deepEqual(bodies(bytes), left);
      }),
      { numRuns: 2_000 },
    );
  });

  it('have an unknown kind when they end before their kind', () => {
    const torn = encodeFrame('entry', '1').subarray(0, 8);
    // The byte in which a whole frame has its kind is one of the checksum here, and may be a letter of any kind.
    const next = Array.from({ length: 50 }, (_, at) => encodeFrame('entry', `${at}`));
    for (const frame of next) {
      const [damage] = readFrames(Buffer.concat([torn, frame]));
      deepEqual(damage, { kind: 'damage', was: undefined, end: torn.length });
    }
  });

  it('are not found in random bytes, and reading never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => deepEqual(bodies(Buffer.from(bytes)), [])));
    equal(read(Buffer.alloc(0)).length, 0);
  });

  it('have a standard CRC-32 checksum', () => {
    // CRC-32 (IEEE) of `e00000003"a"`, computed with Python's zlib.
    equal(encodeFrame('entry', '"a"').toString('latin1', 1, 9), '5da84346');
  });
});
