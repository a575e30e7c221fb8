import assert from 'node:assert/strict';
import { resolveOptions } from '../../src/config/resolve.js';
import type { ConfigFile, Settings } from '../../src/config/settings.js';
import { readFile } from '../../src/config/sources.js';

const TOKEN = 'xoxb-1-2-secret';
const HOOK = 'https://hooks.slack.com/services/T0/B0/secret';

function fileOf(options: unknown): ConfigFile {
  return { path: '/etc/slack.json', options: options as Record<string, unknown> };
}

function warningsOf(file: ConfigFile): readonly string[] {
  const warnings: string[] = [];
  readFile(file, (warning) => warnings.push(warning));
  return warnings;
}

describe('options in the file', () => {
  it('can be every option that is not a function', () => {
    const options = {
      ...{ token: TOKEN, channel: '#all', apiUrl: 'https://slack-gov.com/api/', minSeverity: 'WARN' },
      routes: [{ channel: '#pay', match: { attributes: { tier: { oneOf: ['gold', 1] } } }, continue: true }],
      mention: { who: ['here'], on: ['new'] },
      quietHours: { timeZone: 'Asia/Kolkata', from: '22:00', to: '07:00' },
      fallback: { webhookUrl: HOOK },
      ...{ traceUrl: 'https://t.example/{traceId}', attributes: ['a'], timeoutMillis: 1, flushTimeoutMillis: 2 },
      ...{ maxQueueSize: 3, maxExportBatchSize: 3, scheduledDelayMillis: 4 },
    };
    const fromFile = resolveOptions({}, {}, fileOf(JSON.parse(JSON.stringify(options))));
    assert.deepEqual(fromFile.warnings, []);
    assert.deepEqual(fromFile.settings, resolveOptions(options as never, {}).settings);
  });

  it('yield to the environment, and both yield to code', () => {
    const file = fileOf({ webhookUrl: HOOK, minSeverity: 'WARN', timeoutMillis: 1, flushTimeoutMillis: 1 });
    const environment = { OTEL_EXPORTER_SLACK_TIMEOUT: '2', OTEL_EXPORTER_SLACK_FLUSH_TIMEOUT: '2' };
    const { minSeverity, timeoutMillis, flushTimeoutMillis } = resolveOptions(
      { flushTimeoutMillis: 3 },
      environment,
      file,
    ).settings;
    assert.deepEqual([minSeverity, timeoutMillis, flushTimeoutMillis], [13, 2, 3]);
  });

  it('can be switched off by code', () => {
    const file = fileOf({ webhookUrl: HOOK, mention: { who: 'here' } });
    const mentionOf = ({ routes }: Settings): unknown => routes[0]?.target.mention?.markup;
    assert.equal(mentionOf(resolveOptions({}, {}, file).settings), '<!here>');
    assert.equal(mentionOf(resolveOptions({ mention: false }, {}, file).settings), undefined);
  });

  it('are ignored one by one when they are wrong', () => {
    const file = fileOf({
      webhookUrl: HOOK,
      minSeverity: 'loud',
      timeoutMillis: 5,
      nonsense: 1,
      routes: [{ channel: 5 }],
    });
    const { settings, warnings } = resolveOptions({}, {}, file);
    assert.deepEqual([settings.minSeverity, settings.timeoutMillis, settings.routes.length], [17, 5, 1]);
    assert.equal(warnings.length, 3);
    assert.match(
      warnings[0] ?? '',
      /^\/etc\/slack\.json: minSeverity: expected .*"loud"; the option minSeverity is ignored$/,
    );
    assert.match(
      warnings[1] ?? '',
      /^\/etc\/slack\.json: nonsense: expected one of webhookUrl, .*; the option nonsense is ignored$/,
    );
    assert.match(
      warnings[2] ?? '',
      /^\/etc\/slack\.json: routes\[0\]\.channel: expected .*; the option routes is ignored$/,
    );
  });

  it('cannot be functions', () => {
    assert.match(
      warningsOf(fileOf({ filter: 'record => true' })).join(),
      /filter: expected a function \(record\) => boolean/,
    );
  });

  it('cannot be null', () => {
    assert.match(
      warningsOf(fileOf({ token: null })).join(),
      /token: expected a bot token .*, got null; the option token is ignored/,
    );
  });

  it('are all ignored when the file has a problem', () => {
    const { settings, warnings } = resolveOptions(
      { webhookUrl: HOOK },
      {},
      { path: 'slack.json', problem: 'expected JSON' },
    );
    assert.deepEqual(warnings, ['slack.json: expected JSON; the file is ignored']);
    assert.equal(settings.routes.length, 1);
  });

  it('that name two destinations lose the webhook', () => {
    const { settings, warnings } = resolveOptions({}, {}, fileOf({ webhookUrl: HOOK, token: TOKEN, channel: '#a' }));
    assert.equal(settings.routes[0]?.target.destination.kind, 'channel');
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0] ?? '',
      /^\/etc\/slack\.json: webhookUrl: expected either webhookUrl, or token and channel/,
    );
  });

  it('are never quoted with a secret, not even one in the path of the file', () => {
    const wrong = {
      token: `${TOKEN} `,
      webhookUrl: HOOK.replace('https', 'ftp'),
      [TOKEN]: 1,
      routes: [{ [TOKEN]: 1 }],
    };
    const said = [...warningsOf(fileOf(wrong)), ...warningsOf({ path: TOKEN, problem: 'expected JSON' })];
    assert.equal(said.length, 5);
    assert.doesNotMatch(said.join('\n'), /secret/);
    // The name of this folder only looks like a secret.
    const { path, problem } = { path: '/srv/services/shop/slack.json', problem: 'expected JSON' };
    assert.deepEqual(warningsOf({ path, problem }), ['slack.json: expected JSON; the file is ignored']);
  });
});
