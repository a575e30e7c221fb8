import assert from 'node:assert/strict';
import {
  effectiveSeverity,
  SEVERITY_BANDS,
  severityBand,
  severityLabel,
  severityNumberOf,
} from '../../src/record/severity.js';

describe('severity', () => {
  it('has OpenTelemetry’s bands', () => {
    const names = Array.from({ length: 25 }, (_, number) => severityBand(number).name);
    const four = (name: string) => Array(4).fill(name);
    assert.deepEqual(names, ['UNSPECIFIED', ...SEVERITY_BANDS.flatMap(({ name }) => four(name))]);
  });

  it('has a colour in Slack’s format, and its own emoji from INFO upwards', () => {
    for (const { color } of [...SEVERITY_BANDS, severityBand(0)]) assert.match(color, /^#[0-9a-f]{6}$/);
    assert.equal(new Set(SEVERITY_BANDS.slice(2).flatMap(({ color, emoji }) => [color, emoji])).size, 8);
  });

  it('accepts the level names of loggers in any case', () => {
    const names = [
      'trace',
      'silly',
      'Debug',
      'verbose',
      'info',
      'http',
      'notice',
      'Warning',
      'err',
      'crit',
      'alert',
      'EMERG',
    ];
    assert.deepEqual(names.map(severityNumberOf), [1, 1, 5, 5, 9, 9, 10, 13, 17, 18, 19, 21]);
    for (const text of ['', 'oops', '__proto__', 'x'.repeat(10_000_000)])
      assert.equal(severityNumberOf(text), undefined);
  });

  it('is the number, else the level name of the text, else 0', () => {
    assert.equal(effectiveSeverity(13, 'FATAL'), 13);
    assert.equal(effectiveSeverity(0, 'fatal'), 21);
    assert.equal(effectiveSeverity(undefined, 'error'), 17);
    for (const [number, text] of [
      [undefined, undefined],
      ['17', {}],
      [Number.NaN, 'loud'],
      [-4, null],
      [17n, 5],
    ]) {
      assert.equal(effectiveSeverity(number, text), 0);
    }
  });

  it('is shown as its band, with the severity text if it differs', () => {
    assert.equal(severityLabel(17, 'ERROR'), 'ERROR');
    assert.equal(severityLabel(17, ' error '), 'ERROR');
    assert.equal(severityLabel(18, 'critical'), 'ERROR (CRITICAL)');
    assert.equal(severityLabel(21), 'FATAL');
    assert.equal(severityLabel(17, 'a text that is no level at all'), 'ERROR');
    assert.equal(severityLabel(0, ''), 'UNSPECIFIED');
  });
});
