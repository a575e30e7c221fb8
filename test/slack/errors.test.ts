import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { KNOWN_ERRORS, knownError } from '../../src/slack/errors.js';
import { CHANNEL, testDestination } from '../support/destination.js';
import { MINUTE } from '../support/groups.js';
import { eachTest } from '../support/slack.js';

/** The remedy that a person reads, by error code. */
const DEEDS: Readonly<Record<string, RegExp>> = {
  not_in_channel: /invite the app to C0ALERTS \(\/invite @app\)/,
  channel_not_found: /check the channel, best by its id/,
  is_archived: /unarchive the channel/,
  channel_is_archived: /unarchive the channel/,
  missing_scope: /add the scope chat:write/,
  invalid_auth: /install the Slack app again and use its bot token/,
  token_revoked: /install the Slack app again and use its bot token/,
  no_service: /make a new webhook/,
  restricted_action: /ask an administrator/,
  message_limit_exceeded: /see its plan/,
};

const mendable = Object.entries(KNOWN_ERRORS)
  .filter(([, { errorClass }]) => errorClass === 'destination')
  .map(([name]) => name);

describe('an error of Slack’s that a person can fix', () => {
  const { said } = eachTest();

  /** Returns the `diag` lines while Slack answers with these errors, a minute apart, and then with success. */
  async function saidAfter(reasons: readonly string[], minutes: number): Promise<readonly string[]> {
    const { clock, accept, channel } = testDestination({ destination: CHANNEL });
    channel.answers.push(...reasons.map((reason) => ({ kind: 'refused', reason, because: 'destination' }) as const));
    accept('disk is full');
    await clock.advance(minutes * MINUTE);
    return said.warnings;
  }

  it('is in the table with a remedy', () => {
    ok(mendable.length > 20);
    for (const name of mendable) ok((knownError(name)?.remedy ?? '').length > 20, name);
    deepEqual(
      Object.keys(DEEDS).filter((name) => !mendable.includes(name)),
      [],
    );
  });

  for (const name of mendable) {
    it(`${name}: is logged once with its remedy, although the exporter tries again each minute`, async () => {
      const [warning = '', ...others] = await saidAfter(Array(9).fill(name), 8);
      deepEqual(others, []);
      match(warning, /^opentelemetry-exporter-slack C0ALERTS: /);
      match(warning, name === 'redirected' ? /the answer is a redirect: / : new RegExp(`Slack says ${name}: \\w{3,}`));
      match(warning, DEEDS[name] ?? /./);
      match(warning, /Until then records wait, at most a day$/);
      ok(!warning.includes('{'), warning);
    });
  }

  it('is logged again after ten minutes, until a person has fixed it', async () => {
    equal((await saidAfter(Array(12).fill('not_in_channel'), 11)).length, 2);
  });

  it('is logged at once when a different error follows', async () => {
    const warnings = await saidAfter(['not_in_channel', 'not_in_channel', 'restricted_action', 'not_in_channel'], 4);
    deepEqual(
      warnings.map((warning) => /says (\w+)/.exec(warning)?.[1]),
      ['not_in_channel', 'restricted_action'],
    );
  });

  it('that is unknown, or a bare status, is logged with a place to look', async () => {
    const [strange, status] = await saidAfter(['brand_new_error', 'http_404'], 3);
    match(strange ?? '', /Slack says brand_new_error: look it up in https:\/\/docs\.slack\.dev/);
    match(status ?? '', /the answer is http_404: check the URL/);
  });
});
