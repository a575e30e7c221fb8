import assert from 'node:assert/strict';
import { resolveOptions } from '../../src/config/resolve.js';
import { toDestination } from '../../src/config/resolve-destinations.js';

const TOKEN = 'xoxb-1-2-secret';
const HOOK = 'https://hooks.slack.com/services/T0/B0/secret';

describe('the destination at the top level', () => {
  const placeOf = (environment: Record<string, string>, file: Record<string, unknown>, code = {}) => {
    const variables = Object.entries(environment).map(([name, text]) => [`OTEL_EXPORTER_SLACK_${name}`, text]);
    const { settings, warnings } = resolveOptions(code, Object.fromEntries(variables), {
      path: 'x.json',
      options: file,
    });
    const place = settings.routes.at(-1)?.target.destination;
    return [place?.kind === 'webhook' ? place.url : place && `${place.token} ${place.channel}`, warnings.length];
  };
  const ENV_HOOK = 'https://hooks.slack.com/services/T0/B0/env';

  for (const [what, environment, file, expected] of [
    ['is that of the file', {}, { webhookUrl: HOOK }, [HOOK, 0]],
    [
      'is a webhook of the environment before one of the file',
      { WEBHOOK_URL: ENV_HOOK },
      { webhookUrl: HOOK },
      [ENV_HOOK, 0],
    ],
    [
      'is a webhook of the environment before a channel of the file',
      { WEBHOOK_URL: ENV_HOOK },
      { token: TOKEN, channel: '#a' },
      [ENV_HOOK, 0],
    ],
    [
      'is a channel of the environment before a webhook of the file',
      { TOKEN: 'xoxb-e', CHANNEL: '#e' },
      { webhookUrl: HOOK },
      ['xoxb-e #e', 0],
    ],
    [
      'is a channel of the file with the token of the environment',
      { TOKEN: 'xoxb-e' },
      { channel: '#a' },
      ['xoxb-e #a', 0],
    ],
    [
      'is a webhook of the file where the environment has only a channel',
      { CHANNEL: '#e' },
      { webhookUrl: HOOK },
      [HOOK, 1],
    ],
  ] as const) {
    it(what, () => assert.deepEqual(placeOf(environment, file), expected));
  }

  it('is taken from code rather than from the file', () => {
    assert.deepEqual(placeOf({}, { token: TOKEN, channel: '#a' }, { webhookUrl: ENV_HOOK }), [ENV_HOOK, 0]);
    assert.deepEqual(placeOf({}, { webhookUrl: HOOK, channel: '#a' }, { token: 'xoxb-c' }), ['xoxb-c #a', 1]);
  });

  it('causes a warning when it is incomplete, also beside routes', () => {
    const routes = [{ webhookUrl: HOOK }];
    const warningsOf = (environment: Record<string, string>, file: Record<string, unknown>, code = {}) =>
      resolveOptions({ routes, ...code }, environment, { path: 'x.json', options: file }).warnings;
    assert.deepEqual(warningsOf({}, {}, { channel: '#a' }), ['channel is ignored, because token is not set']);
    assert.deepEqual(warningsOf({}, { channel: '#a' }), [
      'x.json: channel is ignored, because x.json: token is not set',
    ]);
    assert.deepEqual(warningsOf({ OTEL_EXPORTER_SLACK_CHANNEL: '#a' }, {}), [
      'OTEL_EXPORTER_SLACK_CHANNEL is ignored, because OTEL_EXPORTER_SLACK_TOKEN is not set',
    ]);
    assert.deepEqual(warningsOf({ OTEL_EXPORTER_SLACK_TOKEN: TOKEN }, {}), []);
  });
});

describe('a destination of a route or a fallback', () => {
  const defaults = { token: TOKEN, apiUrl: 'https://slack-gov.com/api/' };

  it('takes missing fields from the top level', () => {
    const { token, apiUrl } = defaults;
    assert.deepEqual(toDestination({ channel: '#a' }, defaults), { kind: 'channel', token, apiUrl, channel: '#a' });
    const own = { token: 'xoxb-own', apiUrl: 'https://slack.com/api/', channel: '#a' };
    assert.deepEqual(toDestination(own, defaults), { kind: 'channel', ...own });
    assert.deepEqual(toDestination({ webhookUrl: HOOK }, defaults), { kind: 'webhook', url: HOOK });
  });

  it('is absent without a token', () => {
    assert.equal(toDestination({ channel: '#a' }, { ...defaults, token: undefined }), undefined);
  });
});
