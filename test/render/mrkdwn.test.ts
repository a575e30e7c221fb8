import assert from 'node:assert/strict';
import fc from 'fast-check';
import { liveMarkup } from '../../packages/slack-inbox/src/index.js';
import {
  codeBlock,
  dateMarkup,
  escaped,
  escapedLength,
  escapeMrkdwn,
  FENCE_LENGTH,
  inlineCode,
  linkMarkup,
} from '../../src/render/mrkdwn.js';

const HOSTILE = [
  '<!channel>',
  '<@U123>',
  '<https://evil.example|click>',
  '```',
  '`',
  '*b*',
  '&amp;',
  '&',
  '@here',
  '\n',
  'x',
];
const hostileText = fc.oneof(
  fc.array(fc.constantFrom(...HOSTILE), { maxLength: 40 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
);

describe('mrkdwn', () => {
  it('escapes the three characters that Slack parses, and only these', () => {
    assert.equal(escapeMrkdwn('<!channel> & "co" \'x\' &lt;'), '&lt;!channel&gt; &amp; "co" \'x\' &amp;lt;');
  });

  it('computes the length of a text after escaping', () => {
    fc.assert(fc.property(hostileText, (text) => assert.equal(escapedLength(text), escapeMrkdwn(text).length)));
  });

  it('keeps an escaped text within its limit and never cuts an entity', () => {
    fc.assert(
      fc.property(hostileText, fc.nat(300), (text, limit) => {
        const markup = escaped(text, limit);
        assert.ok(markup.length <= limit);
        assert.doesNotMatch(markup, /[<>]|&(?!amp;|lt;|gt;)/);
      }),
    );
  });

  it('keeps inline code in one pair of ticks, on one line, within its limit, ticks included', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 3, max: 300 }), (text, limit) => {
        const code = inlineCode(text, limit);
        assert.ok(code.length <= limit);
        assert.match(code, /^$|^`[^`\n]+`$/);
      }),
    );
  });

  it('returns an empty string instead of empty ticks', () => {
    assert.equal(inlineCode(' \n\u200b', 100), '');
  });

  it('lets no backticks in a line end the code block', () => {
    const block = codeBlock(['a ```b', '````', 'c `d` ``e``']);
    assert.equal(block, '```\na ˋˋˋb\nˋˋˋˋ\nc `d` ``e``\n```');
    assert.equal(codeBlock(['abc']).length, 3 + FENCE_LENGTH);
  });

  it('formats a time for the time zone of the reader, with UTC for clients without support', () => {
    const markup = dateMarkup(Date.UTC(2026, 0, 2, 3, 4, 5, 678), '{date_short_pretty} {time_secs}');
    assert.equal(markup, '<!date^1767323045^{date_short_pretty} {time_secs}|2026-01-02 03:04:05 UTC>');
  });

  it('lets no character of a URL end the link', () => {
    const link = linkMarkup('https://trace.example/a|b>c<d e\nf', 'label');
    assert.equal(link, '<https://trace.example/a%7Cb%3Ec%3Cd%20e%0Af|label>');
    assert.deepEqual(liveMarkup({ text: link, parse: 'none' }), [link]);
  });
});
