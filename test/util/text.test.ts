import assert from 'node:assert/strict';
import fc from 'fast-check';
import { escapedLength } from '../../src/render/mrkdwn.js';
import { clean, counted, countedOf, cutTo, missingMark, oneLine, startOf } from '../../src/util/text.js';
import { costMillis } from '../support/cost.js';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const graphemesOf = (text: string): string[] => [...segmenter.segment(text)].map(({ segment }) => segment);
const isWhole = (text: string): boolean => text.isWellFormed();

const FAMILY = '👨‍👩‍👧‍👦';
const CLUSTERS = [FAMILY, '🇩🇪', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👍🏽', 'e\u0301', '각', '\u1112\u1161\u11ab', '\r\n', 'n', 'क्षि', '☝️', ' '];
const clusterText = fc.array(fc.constantFrom(...CLUSTERS), { maxLength: 60 }).map((parts) => parts.join(''));
const anyText = fc.oneof(clusterText, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));
/** Includes lone surrogates, which a broken app may log. */
const brokenText = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 80 })
  .map((units) => String.fromCharCode(...units));

describe('text', () => {
  describe('startOf', () => {
    it('returns a text that fits unchanged', () => {
      assert.equal(startOf('abc', 3), 'abc');
      assert.equal(startOf('', 0), '');
    });

    for (const cluster of CLUSTERS.filter((each) => each.length > 1)) {
      it(`never cuts inside ${JSON.stringify(cluster)}, wherever the limit falls`, () => {
        for (const before of ['', 'a', 'ab', cluster]) {
          for (let limit = 0; limit <= before.length + cluster.length * 30; limit++) {
            const start = startOf(before + cluster.repeat(30), limit);
            const rest = start.slice(before.length);
            if (start.length >= before.length)
              assert.equal(rest, cluster.repeat(Math.floor(rest.length / cluster.length)));
          }
        }
      });
    }

    it('ends between two graphemes and returns as many of them as fit', () => {
      fc.assert(
        fc.property(anyText, fc.nat(200), (text, limit) => {
          let expected = '';
          for (const grapheme of graphemesOf(text)) {
            if (expected.length + grapheme.length > limit) break;
            expected += grapheme;
          }
          assert.equal(startOf(text, limit), expected);
        }),
      );
    });

    it('cuts inside a grapheme of ten thousand marks, but never inside a surrogate pair', () => {
      const zalgo = `a${'\u0301'.repeat(10_000)}`;
      assert.equal(startOf(zalgo, 500).length, 500);
      const astral = `a${'\u{1d165}'.repeat(10_000)}`;
      for (const limit of [500, 501]) assert.ok(isWhole(startOf(astral, limit)));
    });

    it('takes time in proportion to the result, not to the input', () => {
      const long = FAMILY.repeat(500_000);
      const millis = costMillis(() => {
        for (let round = 0; round < 20; round++) startOf(long, 1_000);
      });
      assert.ok(millis < 500, `${millis} ms`);
    });
  });

  describe('cutTo', () => {
    it('returns a text that fits unchanged', () => {
      assert.equal(cutTo('abc', 3), 'abc');
    });

    it('ends with the number of missing characters', () => {
      assert.equal(cutTo('x'.repeat(2_000), 100), `${'x'.repeat(79)}… (+1,921 characters)`);
    });

    it('never exceeds the limit, counts the missing characters and keeps surrogate pairs whole, for any text and limit', () => {
      fc.assert(
        fc.property(
          anyText,
          fc.nat(120),
          fc.constantFrom((text: string) => text.length, escapedLength, Buffer.byteLength),
          (text, limit, measure) => {
            const cut = cutTo(text, limit, { measure });
            assert.ok(measure(cut) <= limit, `${measure(cut)} > ${limit}`);
            assert.ok(!text.isWellFormed() || isWhole(cut));
            const [, mark] = /… \(\+([\d,]+) characters?\)$/.exec(cut) ?? [];
            if (cut === text || mark === undefined) return;
            const kept = cut.slice(0, cut.lastIndexOf('… (+'));
            assert.ok(text.startsWith(kept));
            assert.equal(Number(mark.replaceAll(',', '')), text.length - kept.length);
          },
        ),
      );
    });

    it('keeps the limit when there is no room for the mark and escaping lengthens every character', () => {
      for (let limit = 0; limit < 30; limit++)
        assert.ok(escapedLength(cutTo('<'.repeat(100), limit, { measure: escapedLength })) <= limit);
    });

    it('keeps as much as fits', () => {
      const cut = cutTo('&'.repeat(1_000), 200, { measure: escapedLength });
      assert.ok(200 - escapedLength(cut) < '&amp;'.length + '1,0'.length);
    });
  });

  describe('clean', () => {
    it('removes invisible characters: controls, zero-width characters, soft hyphens', () => {
      assert.equal(
        clean('a\u0000b\u001bc\u007fd\u0085e\u00adf\u200bg\u200ch\u2060i\ufeffj\u180ek\ufff9l'),
        'abcdefghijkl',
      );
      assert.equal(clean('tab\tstays'), 'tab\tstays');
    });

    it('replaces direction marks with U+FFFD', () => {
      for (const mark of '\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c') {
        assert.equal(clean(`gpj${mark}.exe`), 'gpj\ufffd.exe');
      }
    });

    it('removes ANSI escape sequences as a whole, and keeps the text between them', () => {
      assert.equal(clean('\u001b[31mred\u001b[0m and \u001b[1;38;5;208mbold\u001b[22m [31m'), 'red and bold [31m');
    });

    it('turns every kind of line end into a newline', () => {
      assert.equal(clean('a\r\nb\rc\u2028d\u2029e'), 'a\nb\nc\nd\ne');
    });

    it('keeps joined emoji and removes a joiner that joins no emoji', () => {
      for (const emoji of [FAMILY, '🏳️‍🌈', '👩🏽‍💻', '❤️‍🔥']) assert.equal(clean(emoji), emoji);
      assert.equal(clean('a\u200db \u200d👩\u200d\u200d👩\u200d'), 'ab 👩👩');
    });

    it('replaces lone surrogates', () => {
      assert.equal(clean('a\ud800b\udc00c'), 'a\ufffdb\ufffdc');
    });

    it('returns well-formed text that needs no further cleaning, for any text', () => {
      fc.assert(
        fc.property(fc.oneof(brokenText, anyText), (text) => {
          const cleaned = clean(text);
          assert.ok(isWhole(cleaned));
          assert.equal(clean(cleaned), cleaned);
          assert.doesNotMatch(cleaned, /(?![\n\t])[\p{Cc}\u200b\u202a-\u202e\u2066-\u2069\ufeff]/u);
          assert.ok(cleaned.length <= text.length);
        }),
      );
    });
  });

  describe('oneLine', () => {
    it('turns each run of white space into one space', () => {
      assert.equal(oneLine('  a\n\t b\u00a0\u2003c \n'), 'a b c');
    });
  });

  it('formats counts with thousands separators', () => {
    assert.equal(counted(1_234_567), '1,234,567');
    assert.equal(countedOf(1, 'record'), '1 record');
    assert.equal(countedOf(0, 'record'), '0 records');
    assert.equal(missingMark(1), '… (+1 character)');
    assert.equal(missingMark(1_204), '… (+1,204 characters)');
  });
});
