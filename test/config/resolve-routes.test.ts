import assert from 'node:assert/strict';
import type { SlackExporterOptions } from '../../src/config/options.js';
import { type ResolvedOptions, resolveOptions } from '../../src/config/resolve.js';
import type { DestinationSettings } from '../../src/config/settings.js';
import { OptionError } from '../../src/config/validate/scalars.js';

const TOKEN = 'xoxb-1-2-code';
const HERE = { who: 'here' };
const NIGHT = { timeZone: 'Europe/Berlin', from: '22:00', to: '07:00' };
const OTHER = 'expected another destination than the one that it replaces, got the same';

/** Options in code, in the environment and in the file. */
function settled(
  code: SlackExporterOptions,
  environment: Record<string, string> = {},
  file?: unknown,
): ResolvedOptions {
  const variables = Object.entries(environment).map(([name, text]) => [`OTEL_EXPORTER_SLACK_${name}`, text]);
  const options = file as Record<string, unknown>;
  return resolveOptions(
    code,
    Object.fromEntries(variables),
    file === undefined ? undefined : { path: 'x.json', options },
  );
}

function lineOf({ settings }: ResolvedOptions, at = 0): DestinationSettings {
  return settings.routes[at]?.target ?? assert.fail('there is no such route');
}

function errorOf(code: SlackExporterOptions): string {
  try {
    settled(code);
  } catch (error) {
    assert.ok(error instanceof OptionError);
    return error.problem;
  }
  assert.fail('nothing is thrown');
}

const channel = (name: string, token = TOKEN) => ({
  ...{ kind: 'channel', token, channel: name, apiUrl: 'https://slack.com/api/' },
});

describe('routing', () => {
  it('puts the destination at the top level after all routes', () => {
    const { settings } = settled({ token: TOKEN, channel: '#all', routes: [{ channel: '#a' }, { channel: '#b' }] });
    assert.deepEqual(
      settings.routes.map(({ target }) => target.destination),
      [channel('#a'), channel('#b'), channel('#all')],
    );
    assert.ok(Object.isFrozen(settings.routes) && settings.routes.every((each) => Object.isFrozen(each)));
  });

  it('needs no destination at the top level', () => {
    const { settings, warnings } = settled({ token: TOKEN, routes: [{ channel: '#a' }] });
    assert.deepEqual([settings.routes.length, warnings], [1, []]);
  });

  it('gives a route the token and the API of the top level, from any source', () => {
    const apiUrl = 'https://slack-gov.com/api/';
    const routes = [{ channel: '#a' }];
    assert.deepEqual(lineOf(settled({ routes }, { TOKEN: 'xoxb-env' })).destination, channel('#a', 'xoxb-env'));
    assert.deepEqual(lineOf(settled({ routes }, {}, { token: 'xoxb-file' })).destination, channel('#a', 'xoxb-file'));
    assert.deepEqual(lineOf(settled({ routes, token: TOKEN }, { API_URL: apiUrl })).destination, {
      ...channel('#a'),
      apiUrl,
    });
    const own = [{ channel: '#a', token: 'xoxb-own' }];
    assert.deepEqual(lineOf(settled({ routes: own, token: TOKEN })).destination, channel('#a', 'xoxb-own'));
  });

  it('uses a token beside a webhook for the routes', () => {
    const webhookUrl = 'https://hooks.slack.com/services/T0/B0/x';
    const resolved = settled({ webhookUrl, token: TOKEN, routes: [{ channel: '#a' }] });
    assert.deepEqual([lineOf(resolved).destination, resolved.settings.routes.length], [channel('#a'), 2]);
    const fromOutside = settled({ token: TOKEN, routes: [{ channel: '#a' }] }, { WEBHOOK_URL: webhookUrl });
    assert.deepEqual(lineOf(fromOutside, 1).destination, { kind: 'webhook', url: webhookUrl });
    assert.deepEqual(fromOutside.warnings, []);
  });

  it('leaves out routes without a token, with one warning', () => {
    const { settings, warnings } = settled({
      routes: [{ channel: '#a' }, { channel: '#b', fallback: { channel: '#c' } }],
    });
    assert.deepEqual(settings.routes, []);
    assert.equal(warnings.length, 2);
    assert.match(
      warnings[0] ?? '',
      /^routes\[0\], routes\[1\]: ignored, because there is no token; set OTEL_EXPORTER_/,
    );
    assert.match(warnings[1] ?? '', /^nothing will be sent to Slack/);
  });

  it('uses the lowest minSeverity of all routes', () => {
    const routes = [{ channel: '#a', minSeverity: 'WARN' as const }, { channel: '#b' }];
    const { settings } = settled({ token: TOKEN, minSeverity: 'FATAL', routes });
    assert.deepEqual([settings.minSeverity, settings.routes.map((route) => route.minSeverity)], [13, [13, 21]]);
    assert.equal(settled({ token: TOKEN, routes: [{ channel: '#a', minSeverity: 21 }] }).settings.minSeverity, 21);
  });

  it('warns of a route that gets no records because of its minSeverity', () => {
    const { warnings } = settled({ token: TOKEN, routes: [{ channel: '#a', match: { severity: ['info', 'WARN'] } }] });
    assert.deepEqual(warnings, [
      'routes[0].match.severity: all of them are below minSeverity, so the route gets no records; set a minSeverity for the route',
    ]);
    const some = [{ channel: '#a', match: { severity: ['WARN', 'ERROR'] as const } }];
    assert.deepEqual(settled({ token: TOKEN, minSeverity: 20, routes: some }).warnings, []);
  });

  describe('completes a route', () => {
    const options = { token: TOKEN, mention: HERE, quietHours: NIGHT, fallback: { channel: '#ops' } };
    const fallback = channel('#ops');
    const quietHours = { timeZone: 'Europe/Berlin', fromMinutes: 1_320, toMinutes: 420 };

    it('with the options of the top level', () => {
      const { mention, ...rest } = lineOf(settled({ ...options, routes: [{ channel: '#a' }] }));
      assert.equal(mention?.markup, '<!here>');
      assert.deepEqual(rest, { destination: channel('#a'), fallback, quietHours });
    });

    it('but not when it sets false or another value', () => {
      const none = { channel: '#a', mention: false, quietHours: false, fallback: false } as const;
      const own = { channel: '#b', mention: { who: 'U123' }, fallback: { channel: '#c' } };
      const resolved = settled({ ...options, routes: [none, own] });
      assert.deepEqual(lineOf(resolved), {
        ...{ destination: channel('#a'), mention: undefined, quietHours: undefined, fallback: undefined },
      });
      assert.equal(lineOf(resolved, 1).mention?.markup, '<@U123>');
      assert.deepEqual(lineOf(resolved, 1).fallback, channel('#c'));
    });

    it('but never with its own destination as the fallback', () => {
      const resolved = settled({ ...options, routes: [{ channel: '#ops' }, { channel: '#a' }] });
      assert.deepEqual([lineOf(resolved).fallback, lineOf(resolved, 1).fallback], [undefined, fallback]);
    });
  });

  it('gives routes to the same destination one settings object', () => {
    const routes = [{ channel: '#a', mention: HERE }, { channel: '#b' }, { channel: '#a', mention: { who: ['here'] } }];
    const resolved = settled({ token: TOKEN, channel: '#b', routes });
    assert.equal(lineOf(resolved), lineOf(resolved, 2));
    assert.equal(lineOf(resolved, 1), lineOf(resolved, 3));
  });

  it('distinguishes the destinations of two workspaces', () => {
    const routes = [{ channel: '#a' }, { channel: '#a', token: 'xoxb-other', mention: HERE }];
    assert.notEqual(lineOf(settled({ token: TOKEN, routes })), lineOf(settled({ token: TOKEN, routes }), 1));
  });

  describe('rejects in code', () => {
    const ofRoute = 'expected the same value as routes[0], which has the same destination, got another value';
    const ofTop = 'expected the same value as the top level, which has the same destination, got another value';
    const WRONG: [string, SlackExporterOptions, string][] = [
      [
        'two mentions',
        { routes: [{ channel: '#a' }, { channel: '#a', mention: HERE }] },
        `routes[1].mention: ${ofRoute}`,
      ],
      [
        'two quiet hours',
        { routes: [{ channel: '#a', quietHours: NIGHT }, { channel: '#b' }, { channel: '#a' }] },
        `routes[2].quietHours: ${ofRoute}`,
      ],
      [
        'two fallbacks',
        {
          routes: [
            { channel: '#a', fallback: { channel: '#b' } },
            { channel: '#a', fallback: { channel: '#c' } },
          ],
        },
        `routes[1].fallback: ${ofRoute}`,
      ],
      [
        'another mention than the top level',
        { channel: '#a', routes: [{ channel: '#a', mention: HERE }] },
        `routes[0].mention: ${ofTop}`,
      ],
      ['the destination as its own fallback', { channel: '#a', fallback: { channel: '#a' } }, `fallback: ${OTHER}`],
      [
        'the same of a route',
        { routes: [{ channel: '#a', fallback: { channel: '#a' } }] },
        `routes[0].fallback: ${OTHER}`,
      ],
    ];
    for (const [what, options, error] of WRONG) {
      it(what, () => assert.equal(errorOf({ token: TOKEN, ...options }), error));
    }
  });

  describe('never throws because of options from outside of the code', () => {
    const differing = [{ channel: '#a', mention: HERE }];

    it('a destination at the top level takes the options of a route to it', () => {
      const resolved = settled({ token: TOKEN, routes: differing }, { CHANNEL: '#a' });
      assert.equal(lineOf(resolved, 1), lineOf(resolved));
      assert.deepEqual(resolved.warnings, [
        'routes[0].mention: expected the same value as the top level, which has the same destination, got another value; the option of the route is used',
      ]);
    });

    it('a destination at the top level that is the fallback has no fallback', () => {
      const resolved = settled({ token: TOKEN, fallback: { channel: '#a' } }, { CHANNEL: '#a' });
      assert.equal(lineOf(resolved).fallback, undefined);
      assert.deepEqual(resolved.warnings, [`fallback: ${OTHER}; that destination has no fallback`]);
    });

    it('a variable that makes routes conflict is ignored', () => {
      const routes = [{ channel: '#a', mention: false } as const, { channel: '#a' }];
      const resolved = settled({ token: TOKEN, routes }, { MENTION: 'channel' });
      assert.equal(lineOf(resolved).mention, undefined);
      assert.deepEqual(resolved.warnings, [
        'routes[1].mention: expected the same value as routes[0], which has the same destination, got another value; OTEL_EXPORTER_SLACK_MENTION is ignored',
      ]);
    });

    it('conflicting routes of the file are ignored, and the rest of the file is used', () => {
      const file = { token: TOKEN, channel: '#all', routes: [...differing, { channel: '#a' }] };
      const { settings, warnings } = settled({}, {}, file);
      assert.deepEqual(
        settings.routes.map(({ target }) => target.destination),
        [channel('#all')],
      );
      assert.deepEqual(warnings, [
        'x.json: routes[1].mention: expected the same value as routes[0], which has the same destination, got another value; the option is ignored',
      ]);
    });

    it('a token in code is accepted for routes of the file that prove to be wrong', () => {
      const { settings, warnings } = settled({ token: TOKEN }, {}, { routes: [{ chanel: '#a' }] });
      assert.deepEqual(settings.routes, []);
      assert.match(
        warnings[0] ?? '',
        /^x\.json: routes\[0\]\.chanel: expected one of .*; the option routes is ignored$/,
      );
      assert.match(warnings[1] ?? '', /^nothing will be sent/);
    });
  });
});
