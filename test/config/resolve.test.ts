import assert from 'node:assert/strict';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { VARIABLES } from '../../src/config/env.js';
import type { SlackExporterOptions } from '../../src/config/options.js';
import { type ResolvedOptions, resolveOptions } from '../../src/config/resolve.js';
import { OptionError } from '../../src/config/validate/scalars.js';
import type { Destination } from '../../src/slack/types.js';

const HOOK = 'https://hooks.slack.com/services/T0/B0/code';
const ENV_HOOK = 'https://hooks.slack.com/services/T0/B0/env';
const TOKEN = 'xoxb-1-2-code';
const ENV_TOKEN = 'xoxb-1-2-env';
const API = 'https://slack.com/api/';
const SECRETS = /hooks\.slack\.com\/services\/T0|xoxb-1-2/;

const nameOf = (option: string): string =>
  VARIABLES.find((each) => each.option === option)?.name ?? assert.fail(option);
const inEnvironment = (options: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(options).map(([option, text]) => [nameOf(option), text]));
const settled = (code: Record<string, unknown>, environment: Record<string, string> = {}): ResolvedOptions =>
  resolveOptions(code as SlackExporterOptions, inEnvironment(environment));
const errorOf = (code: Record<string, unknown>, environment: Record<string, string> = {}): string => {
  try {
    settled(code, environment);
  } catch (error) {
    assert.ok(error instanceof OptionError);
    return error.problem;
  }
  assert.fail('nothing is thrown');
};

const destinationOf = ({ settings }: ResolvedOptions): Destination | undefined => {
  assert.ok(settings.routes.length <= 1);
  return settings.routes[0]?.target.destination;
};

const webhook = (url: string): Destination => ({ kind: 'webhook', url });
const channel = (token: string, name: string): Destination => ({ kind: 'channel', token, channel: name, apiUrl: API });

/**
 * For every option: right in code, right as a variable, the settled value of both, wrong in code, wrong as a variable.
 */
const VALUES: Record<string, { right: unknown; text: string; read?: unknown; wrong: unknown; wrongText: string }> = {
  webhookUrl: {
    right: HOOK,
    text: HOOK,
    wrong: 'http://hooks.slack.com/services/T0',
    wrongText: 'hooks.slack.com/services/T0',
  },
  token: { right: TOKEN, text: TOKEN, wrong: 'xoxb-1-2 code', wrongText: 'xoxb-1-2 env' },
  channel: { right: 'C0123', text: 'C0123', wrong: 'alerts', wrongText: 'alerts' },
  apiUrl: {
    right: 'https://slack-gov.com/api',
    text: 'https://slack-gov.com/api',
    wrong: 'http://slack.com',
    wrongText: 'slack',
  },
  minSeverity: { right: 'warn', text: 'Warn', read: 13, wrong: 'loud', wrongText: '25' },
  routes: { right: [], text: '', wrong: {}, wrongText: '' },
  mention: {
    right: { who: ['here', 'U123'] },
    text: 'here, U123',
    wrong: { who: 'everyone' },
    wrongText: 'everyone',
  },
  quietHours: { right: false, text: '', wrong: true, wrongText: '' },
  fallback: { right: { channel: '#ops' }, text: '', wrong: { token: TOKEN }, wrongText: '' },
  filter: { right: () => true, text: '', wrong: 'yes', wrongText: '' },
  fingerprint: { right: (_: unknown, standard: string) => standard, text: '', wrong: 'by-type', wrongText: '' },
  render: { right: () => ({ text: 'x' }), text: '', wrong: {}, wrongText: '' },
  traceUrl: {
    right: 'https://t.example/{traceId}',
    text: 'https://t.example/{traceId}',
    wrong: 'https://t.example',
    wrongText: 'x',
  },
  attributes: { right: ['a', 'b.*'], text: 'a, b.*', read: ['a', 'b.*'], wrong: 'a', wrongText: '' },
  denyAttributes: { right: ['a', 'b.*'], text: 'a, b.*', read: ['a', 'b.*'], wrong: 'a', wrongText: '' },
  redact: { right: false, text: 'False', read: false, wrong: 'yes', wrongText: 'yes' },
  timeoutMillis: { right: 5_000, text: '5000', wrong: 0, wrongText: '5s' },
  flushTimeoutMillis: { right: 600_000, text: '600000', wrong: 600_001, wrongText: '-1' },
  lastWords: { right: true, text: 'True', wrong: 'yes', wrongText: 'yes' },
  spool: {
    right: { directory: '/var/spool/slack' },
    text: '/var/spool/slack',
    read: { directory: '/var/spool/slack', maxBytes: 16_777_216, maxAgeMillis: 86_400_000 },
    wrong: { directory: '' },
    wrongText: '',
  },
  maxQueueSize: { right: 4_096, text: '4096', wrong: 1.5, wrongText: '1e3' },
  maxExportBatchSize: { right: 256, text: '256', wrong: '256', wrongText: 'many' },
  scheduledDelayMillis: { right: 1, text: '1', wrong: Number.NaN, wrongText: '0' },
  selfObsMeterProvider: { right: new MeterProvider(), text: '', wrong: { getMeter: 'no' }, wrongText: '' },
};
/** The options that do not concern routes. They keep their names in the settings. */
const ROUTING = ['webhookUrl', 'token', 'channel', 'apiUrl', 'routes', 'mention', 'quietHours', 'fallback'];
const PLAIN = Object.keys(VALUES).filter((option) => !ROUTING.includes(option));

describe('options', () => {
  it('have defaults', () => {
    const { settings } = settled({});
    assert.deepEqual(settings, {
      routes: [],
      minSeverity: 17,
      filter: undefined,
      fingerprint: undefined,
      render: undefined,
      traceUrl: undefined,
      attributes: [],
      denyAttributes: [],
      redact: { keys: [], allowKeys: [], patterns: [] },
      timeoutMillis: 10_000,
      flushTimeoutMillis: 10_000,
      lastWords: false,
      spool: false,
      maxQueueSize: 2_048,
      maxExportBatchSize: 512,
      scheduledDelayMillis: 1_000,
      selfObsMeterProvider: undefined,
    });
    const undefinedOnes = Object.fromEntries(Object.keys(VALUES).map((option) => [option, undefined]));
    assert.deepEqual(settled(undefinedOnes).settings, settings);
  });

  it('are frozen', () => {
    const { settings } = settled({ attributes: ['a'] });
    assert.ok(Object.isFrozen(settings) && Object.isFrozen(settings.attributes));
  });

  it('all have a row in this file', () => {
    assert.deepEqual(
      errorOf({ nonsense: 1 }),
      `nonsense: expected one of ${Object.keys(VALUES).join(', ')}, got an unknown option`,
    );
  });

  const MISSPELT: readonly [options: Record<string, unknown>, path: string, meant: string][] = [
    [{ webhookURL: HOOK }, 'webhookURL', 'webhookUrl'],
    [{ routes: [{ channel: 'C0001' }, { chanel: 'C0002' }] }, 'routes[1].chanel', 'channel'],
    [{ routes: [{ channel: 'C0001', match: { sevrity: 'ERROR' } }] }, 'routes[0].match.sevrity', 'severity'],
    [
      { routes: [{ channel: 'C0001', match: { attributes: { tier: { exist: true } } } }] },
      'routes[0].match.attributes.tier.exist',
      'exists',
    ],
    [{ redact: { allowkeys: [] } }, 'redact.allowkeys', 'allowKeys'],
    [{ spool: { dirctory: '/tmp' } }, 'spool.dirctory', 'directory'],
    [{ mention: { whom: 'here' } }, 'mention.whom', 'who'],
    [{ quietHours: { timezone: 'UTC', from: '22:00', to: '06:00' } }, 'quietHours.timezone', 'timeZone'],
    [{ fallback: { webhook_url: HOOK } }, 'fallback.webhook_url', 'webhookUrl'],
  ];
  for (const [options, path, meant] of MISSPELT) {
    it(`misspelt as ${path} throw, and the error suggests ${meant}`, () => {
      const message = errorOf(options);
      assert.ok(message.startsWith(`${path}: expected one of `), message);
      assert.ok(message.endsWith(`; did you mean ${meant}?`), message);
    });
  }

  it('misspelt in the environment and in the file warn with a suggestion', () => {
    const { warnings } = resolveOptions(
      { webhookUrl: HOOK },
      { OTEL_EXPORTER_SLACK_CHANEL: 'C1', OTEL_EXPORTER_SLACK_NONSENSE: '1' },
      { path: '/etc/slack.json', options: { routs: [] } },
    );
    assert.match(warnings[0] ?? '', /^OTEL_EXPORTER_SLACK_CHANEL: .+; did you mean OTEL_EXPORTER_SLACK_CHANNEL\?$/);
    assert.match(warnings[1] ?? '', /^OTEL_EXPORTER_SLACK_NONSENSE: there is no such variable; expected one of [^;]+$/);
    assert.match(
      warnings[2] ?? '',
      /^\/etc\/slack\.json: routs: .+; did you mean routes\?; the option routs is ignored$/,
    );
  });

  it('that are wrong throw with the name of this package in code, and warn without it', () => {
    const wrong = { minSeverity: 'loud' } as never;
    assert.throws(
      () => resolveOptions(wrong, {}),
      /^OptionError: opentelemetry-exporter-slack: minSeverity: expected /,
    );
    const { warnings } = resolveOptions({ webhookUrl: HOOK }, {}, { path: 'slack.json', options: wrong });
    assert.match(warnings.join(), /^slack\.json: minSeverity: expected /);
  });

  for (const option of PLAIN) {
    const { right, text, read = right } = VALUES[option] as (typeof VALUES)[string];
    const taken = ({ settings }: ResolvedOptions) => (settings as unknown as Record<string, unknown>)[option];

    it(`${option}: is taken from code`, () => assert.deepEqual(taken(settled({ [option]: right })), read));

    if (text === '') continue;
    it(`${option}: is taken from the environment, and code wins`, () => {
      assert.deepEqual(taken(settled({}, { [option]: text })), read);
      const fallback = taken(settled({}));
      if (fallback !== undefined)
        assert.deepEqual(taken(settled({ [option]: fallback }, { [option]: text })), fallback);
      assert.deepEqual(taken(settled({}, { [option]: ' ' })), fallback);
    });
  }

  for (const [option, { wrong, wrongText }] of Object.entries(VALUES)) {
    it(`${option}: wrong in code throws with name, expected and got, without a secret`, () => {
      const message = errorOf({ [option]: wrong });
      assert.match(message, new RegExp(`^${option}(\\.\\w+)?: expected .+, got .+`));
      assert.doesNotMatch(message, SECRETS);
      assert.match(errorOf({ [option]: null }), /got null$/);
    });

    if (wrongText === '') continue;
    it(`${option}: wrong in the environment warns without a secret, and the default is used`, () => {
      const { settings, warnings } = settled({ webhookUrl: HOOK }, { [option]: wrongText });
      assert.equal(warnings.length, 1);
      assert.match(
        warnings[0] ?? '',
        new RegExp(`^${nameOf(option)}(\\.\\w+\\[0\\])?: expected .+, got .+; the variable is ignored$`),
      );
      assert.doesNotMatch(warnings[0] ?? '', SECRETS);
      assert.deepEqual(settings, settled({ webhookUrl: HOOK }).settings);
    });
  }

  it('of a spool need a folder, and errors name their path', () => {
    assert.equal(errorOf({ spool: {} }), 'spool.directory: expected the path of a folder, got undefined');
    assert.match(
      errorOf({ spool: { directory: 'x', maxBytes: 1 } }),
      /^spool\.maxBytes: expected a whole number of bytes/,
    );
    assert.match(errorOf({ spool: { directory: 'x', maxAgeMillis: '1 d' } }), /^spool\.maxAgeMillis: expected /);
    assert.match(errorOf({ spool: { folder: 'x' } }), /^spool\.folder: expected one of directory, maxBytes/);
    assert.match(errorOf({ spool: true }), /^spool: expected an object .*, or false, got true$/);
  });

  it('that contain a secret by mistake are not quoted', () => {
    assert.doesNotMatch(errorOf({ token: TOKEN, channel: TOKEN }), SECRETS);
    assert.doesNotMatch(settled({}, { channel: ENV_TOKEN, minSeverity: ENV_HOOK }).warnings.join(), SECRETS);
  });

  for (const options of [null, undefined, 5, 'x'] as const) {
    it(`must be an object, not ${options}`, () => {
      assert.throws(
        () => resolveOptions(options as unknown as SlackExporterOptions, {}),
        /options: expected an object/,
      );
    });
  }

  it('can be written as JSON, except functions and the meter provider', () => {
    const options = Object.fromEntries(
      Object.entries(VALUES)
        .filter(
          ([option, { right }]) =>
            typeof right !== 'function' && !['webhookUrl', 'selfObsMeterProvider'].includes(option),
        )
        .map(([option, { right }]) => [option, right]),
    );
    assert.deepEqual(resolveOptions(JSON.parse(JSON.stringify(options)), {}), resolveOptions(options, {}));
  });

  describe('of a batch', () => {
    it('cannot exceed the queue', () => {
      assert.match(
        errorOf({ maxExportBatchSize: 200, maxQueueSize: 100 }),
        /^maxExportBatchSize: expected at most maxQueueSize \(100\), got 200$/,
      );
      assert.match(errorOf({ maxExportBatchSize: 4_000 }), /maxQueueSize \(2048\)/);
    });

    it('are limited to a smaller queue', () => {
      assert.equal(settled({ maxQueueSize: 100 }).settings.maxExportBatchSize, 100);
      assert.equal(settled({}, { maxQueueSize: '100', maxExportBatchSize: '512' }).settings.maxExportBatchSize, 100);
    });
  });

  describe('set the destination', () => {
    const ENV_WEBHOOK = { webhookUrl: ENV_HOOK };
    const ENV_CHANNEL = { token: ENV_TOKEN, channel: '#env' };
    const CODE_CHANNEL = { token: TOKEN, channel: '#code' };

    for (const [name, code, environment, destination, warnings] of [
      ['nowhere', {}, {}, undefined, [/nothing will be sent/]],
      ['a webhook in code', { webhookUrl: HOOK }, {}, webhook(HOOK), []],
      ['a token and a channel in code', CODE_CHANNEL, {}, channel(TOKEN, '#code'), []],
      ['a webhook in the environment', {}, ENV_WEBHOOK, webhook(ENV_HOOK), []],
      ['a token and a channel in the environment', {}, ENV_CHANNEL, channel(ENV_TOKEN, '#env'), []],
      [
        'a webhook in code before everything in the environment',
        { webhookUrl: HOOK },
        { ...ENV_WEBHOOK, ...ENV_CHANNEL },
        webhook(HOOK),
        [],
      ],
      [
        'a token and a channel in code before a webhook in the environment',
        CODE_CHANNEL,
        ENV_WEBHOOK,
        channel(TOKEN, '#code'),
        [/WEBHOOK_URL is ignored/],
      ],
      [
        'a token and a channel in code before those in the environment',
        CODE_CHANNEL,
        ENV_CHANNEL,
        channel(TOKEN, '#code'),
        [],
      ],
      [
        'a channel in code with the token of the environment',
        { channel: '#code' },
        { token: ENV_TOKEN },
        channel(ENV_TOKEN, '#code'),
        [],
      ],
      [
        'a token in code with the channel of the environment',
        { token: TOKEN },
        { channel: '#env' },
        channel(TOKEN, '#env'),
        [],
      ],
      [
        'a token before a webhook, both in the environment',
        {},
        { ...ENV_WEBHOOK, ...ENV_CHANNEL },
        channel(ENV_TOKEN, '#env'),
        [/WEBHOOK_URL is ignored/],
      ],
      [
        'a webhook in the environment, where the token has no channel',
        {},
        { ...ENV_WEBHOOK, token: ENV_TOKEN },
        webhook(ENV_HOOK),
        [/TOKEN is ignored, because .*CHANNEL is not set/],
      ],
      [
        'nowhere, where a token has no channel',
        {},
        { token: ENV_TOKEN },
        undefined,
        [/TOKEN is ignored/, /nothing will be sent/],
      ],
      [
        'nowhere, where a channel has no token',
        {},
        { channel: '#env' },
        undefined,
        [/CHANNEL is ignored/, /nothing will be sent/],
      ],
      [
        'nowhere, where the channel is in code and only a webhook beside it',
        { channel: '#code' },
        ENV_WEBHOOK,
        undefined,
        [/nothing will be sent/],
      ],
      [
        'nowhere, where the only variable is wrong',
        {},
        { webhookUrl: 'x' },
        undefined,
        [/WEBHOOK_URL: expected/, /nothing will be sent/],
      ],
      [
        'nowhere, where the variables are empty',
        {},
        { webhookUrl: '', token: ' ', channel: '' },
        undefined,
        [/nothing will be sent/],
      ],
    ] as const) {
      it(`${name}`, () => {
        const result = settled(code, environment);
        assert.deepEqual(destinationOf(result), destination);
        assert.equal(result.warnings.length, warnings.length, result.warnings.join('\n'));
        for (const [index, warning] of warnings.entries()) assert.match(result.warnings[index] ?? '', warning);
        assert.doesNotMatch(result.warnings.join(), SECRETS);
      });
    }

    it('only once: a webhook beside a token or a channel in code throws', () => {
      assert.match(
        errorOf({ webhookUrl: HOOK, token: TOKEN }),
        /expected either webhookUrl, or token and channel, got both/,
      );
      assert.match(errorOf({ webhookUrl: HOOK, channel: '#a' }), /got both/);
    });

    it('completely: a token in code without any channel throws', () => {
      assert.match(errorOf({ token: TOKEN }), /^channel: expected the channel/);
    });

    it('on the host that apiUrl names, in code or in the environment', () => {
      const gov = 'https://slack-gov.com/api/';
      const there = { ...channel(TOKEN, '#code'), apiUrl: gov };
      assert.deepEqual(destinationOf(settled({ ...CODE_CHANNEL, apiUrl: 'https://slack-gov.com/api' })), there);
      assert.deepEqual(destinationOf(settled(CODE_CHANNEL, { apiUrl: gov })), there);
    });
  });
});
