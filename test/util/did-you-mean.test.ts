import assert from 'node:assert/strict';
import fc from 'fast-check';
import { didYouMean, nearest } from '../../src/util/did-you-mean.js';

const KNOWN = ['webhookUrl', 'token', 'channel', 'minSeverity', 'who', 'on'];

describe('nearest', () => {
  const MEANT: readonly [string, string | undefined][] = [
    ['chanel', 'channel'],
    ['webhookURL', 'webhookUrl'],
    ['webhook_url', 'webhookUrl'],
    ['minseverity', 'minSeverity'],
    ['minServerity', 'minSeverity'],
    ['tokn', 'token'],
    ['hwo', 'who'],
    ['webhook', 'webhookUrl'],
    ['whom', 'who'],
    ['no', undefined],
    ['url', undefined],
    ['severity', undefined],
    ['', undefined],
    ['x'.repeat(10_000), undefined],
  ];
  for (const [name, meant] of MEANT) {
    it(`suggests ${meant ?? 'nothing'} for ${JSON.stringify(name.slice(0, 20))}`, () => {
      assert.equal(nearest(name, KNOWN), meant);
    });
  }

  it('finds a name with one letter too many, too few or wrong', () => {
    const long = KNOWN.filter((name) => name.length > 4);
    fc.assert(
      fc.property(fc.constantFrom(...long), fc.nat(9), fc.constantFrom('', 'q', 'zz'), (name, at, put) => {
        const start = at % name.length;
        const misspelt = name.slice(0, start) + put + name.slice(start + 1);
        assert.equal(nearest(misspelt, KNOWN), name);
      }),
    );
  });

  it('adds a hint only when there is a suggestion', () => {
    assert.equal(didYouMean('chanel', KNOWN), '; did you mean channel?');
    assert.equal(didYouMean('nonsense', KNOWN), '');
    assert.equal(didYouMean('nonsense', []), '');
  });
});
