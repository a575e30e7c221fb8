import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isAt, jsonLines } from '../src/ui/json-lines.js';

describe('inbox: the JSON that the page shows', () => {
  it('is the output of JSON.stringify', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const lines = jsonLines(value).map(({ text }) => text);
        assert.equal(lines.join('\n'), JSON.stringify(value, null, 2));
      }),
    );
  });

  it('has the JSON pointer of each line', () => {
    const lines = jsonLines({ blocks: [{ type: 'section' }, { 'a/b~c': { text: 'x' } }] });
    const at = (pointer: string) => lines.filter((line) => isAt(line, pointer)).map(({ text }) => text.trim());
    assert.deepEqual(at('/blocks/0'), ['{', '"type": "section"', '},']);
    assert.deepEqual(at('/blocks/1/a~1b~0c/text'), ['"text": "x"']);
    assert.deepEqual(at('/blocks/10'), []);
    assert.equal(at('').length, lines.length);
  });
});
