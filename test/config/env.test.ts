import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { configPath, fromEnvironment, unknownVariables, VARIABLES } from '../../src/config/env.js';

const source = readFileSync(new URL('../../src/config/options.ts', import.meta.url), 'utf8');
const body = /export interface SlackExporterOptions \{([\s\S]*?)\n\}/.exec(source)?.[1] ?? '';
/** The options as they are written down: doc comment, name and type. */
const OPTIONS = [...body.matchAll(/(\/\*\*[\s\S]*?\*\/)\s+readonly (\w+)\?: ([^;]+);/g)].map(
  ([, doc = '', name = '', type = '']) => ({
    doc,
    name,
    isFunction: /MeterProvider|RecordFilter|RecordFingerprint|MessageRenderer|=>/.test(type),
  }),
);

/** Only in code and in the file. */
const STRUCTURES = ['routes', 'quietHours', 'fallback'];

const parsed = (option: string, text: string): unknown => {
  const variable = VARIABLES.find((each) => each.option === option);
  assert.ok(variable);
  return fromEnvironment(variable, { [variable.name]: text });
};

describe('env', () => {
  it('has a variable for every option that is no function and no structure, and for nothing else', () => {
    assert.ok(
      OPTIONS.length >= 14 && OPTIONS.some(({ isFunction }) => isFunction),
      'the options can be read from their source',
    );
    const wanted = OPTIONS.filter(({ name, isFunction }) => !isFunction && !STRUCTURES.includes(name)).map(
      ({ name }) => name,
    );
    assert.deepEqual(VARIABLES.map(({ option }) => option).toSorted(), wanted.toSorted());
  });

  it('names each variable after OTEL_EXPORTER_SLACK_, and the documentation of its option names it', () => {
    assert.equal(new Set(VARIABLES.map(({ name }) => name)).size, VARIABLES.length);
    for (const { option, name } of VARIABLES) {
      assert.match(name, /^OTEL_EXPORTER_SLACK_[A-Z_]+$/);
      assert.ok(OPTIONS.find((each) => each.name === option)?.doc.includes(`\`${name}\``), `${option} → ${name}`);
    }
  });

  it('takes an empty variable for none', () => {
    for (const variable of VARIABLES) {
      for (const text of ['', '  ', '\t\n', undefined]) {
        assert.equal(fromEnvironment(variable, { [variable.name]: text }), undefined);
      }
      assert.equal(fromEnvironment(variable, {}), undefined);
    }
  });

  it('reads numbers as numbers, and gives back what is none', () => {
    assert.equal(parsed('timeoutMillis', ' 5000 '), 5_000);
    assert.equal(parsed('timeoutMillis', '-1.5'), -1.5);
    for (const text of ['5s', '1e3', '0x10', '5,000', 'Infinity', ''])
      assert.notEqual(typeof parsed('timeoutMillis', text), 'number');
    assert.equal(parsed('minSeverity', 'warn'), 'warn');
    assert.equal(parsed('minSeverity', '13'), 13);
  });

  it('reads a list at its commas', () => {
    assert.deepEqual(parsed('attributes', 'order.*,tenant,,'), ['order.*', 'tenant']);
  });

  it('reads whom to mention at the commas', () => {
    assert.deepEqual(parsed('mention', 'here, U0123,,S0123 '), { who: ['here', 'U0123', 'S0123'] });
  });

  it('knows where the file is', () => {
    assert.equal(configPath({ OTEL_EXPORTER_SLACK_CONFIG: ' /etc/slack.json ' }), '/etc/slack.json');
    assert.equal(configPath({ OTEL_EXPORTER_SLACK_CONFIG: ' ' }), undefined);
  });

  it('trims', () => {
    assert.equal(parsed('token', ' xoxb-1 \n'), 'xoxb-1');
  });

  it('names variables that look like ours and are none', () => {
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
