import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { configPath, fromEnvironment, unknownVariables, VARIABLES } from '../../src/config/env.js';

const source = readFileSync(new URL('../../src/config/options.ts', import.meta.url), 'utf8');
const body = /export interface SlackExporterOptions \{([\s\S]*?)\n\}/.exec(source)?.[1] ?? '';
/** The options in the source: doc comment, name and type. */
const OPTIONS = [...body.matchAll(/(\/\*\*[\s\S]*?\*\/)\s+readonly (\w+)\?: ([^;]+);/g)].map(
  ([, doc = '', name = '', type = '']) => ({
    doc,
    name,
    isFunction: /MeterProvider|RecordFilter|RecordFingerprint|MessageRenderer|=>/.test(type),
  }),
);

/** Options without a variable: only in code and in the file. */
const STRUCTURES = ['routes', 'quietHours', 'fallback'];

const parsed = (option: string, text: string): unknown => {
  const variable = VARIABLES.find((each) => each.option === option);
  assert.ok(variable);
  return fromEnvironment(variable, { [variable.name]: text });
};

describe('environment variables', () => {
  it('exist for every option that is neither a function nor an object, and for no other', () => {
    assert.ok(
      OPTIONS.length >= 14 && OPTIONS.some(({ isFunction }) => isFunction),
      'the options can be read from their source',
    );
    const wanted = OPTIONS.filter(({ name, isFunction }) => !isFunction && !STRUCTURES.includes(name)).map(
      ({ name }) => name,
    );
    assert.deepEqual(VARIABLES.map(({ option }) => option).toSorted(), wanted.toSorted());
  });

  it('begin with OTEL_EXPORTER_SLACK_, and are documented with their options', () => {
    assert.equal(new Set(VARIABLES.map(({ name }) => name)).size, VARIABLES.length);
    for (const { option, name } of VARIABLES) {
      assert.match(name, /^OTEL_EXPORTER_SLACK_[A-Z_]+$/);
      assert.ok(OPTIONS.find((each) => each.name === option)?.doc.includes(`\`${name}\``), `${option} → ${name}`);
    }
  });

  it('are ignored when they are empty', () => {
    for (const variable of VARIABLES) {
      for (const text of ['', '  ', '\t\n', undefined]) {
        assert.equal(fromEnvironment(variable, { [variable.name]: text }), undefined);
      }
      assert.equal(fromEnvironment(variable, {}), undefined);
    }
  });

  it('are read as numbers where possible, else as text', () => {
    assert.equal(parsed('timeoutMillis', ' 5000 '), 5_000);
    assert.equal(parsed('timeoutMillis', '-1.5'), -1.5);
    for (const text of ['5s', '1e3', '0x10', '5,000', 'Infinity', ''])
      assert.notEqual(typeof parsed('timeoutMillis', text), 'number');
    assert.equal(parsed('minSeverity', 'warn'), 'warn');
    assert.equal(parsed('minSeverity', '13'), 13);
  });

  it('are split at commas for a list', () => {
    assert.deepEqual(parsed('attributes', 'order.*,tenant,,'), ['order.*', 'tenant']);
  });

  it('are split at commas for a mention', () => {
    assert.deepEqual(parsed('mention', 'here, U0123,,S0123 '), { who: ['here', 'U0123', 'S0123'] });
  });

  it('contain the path of the JSON file', () => {
    assert.equal(configPath({ OTEL_EXPORTER_SLACK_CONFIG: ' /etc/slack.json ' }), '/etc/slack.json');
    assert.equal(configPath({ OTEL_EXPORTER_SLACK_CONFIG: ' ' }), undefined);
  });

  it('are trimmed', () => {
    assert.equal(parsed('token', ' xoxb-1 \n'), 'xoxb-1');
  });

  it('are reported when they have our prefix and do not exist', () => {
    const environment = {
      OTEL_EXPORTER_SLACK_TOKEN: 'x',
      OTEL_EXPORTER_SLACK_CONFIG: 'x',
      OTEL_EXPORTER_SLACK_WEBHOOK: 'x',
      OTEL_EXPORTER_SLACK_EMPTY: '',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'x',
    };
    assert.deepEqual(unknownVariables(environment), ['OTEL_EXPORTER_SLACK_WEBHOOK']);
  });
});
