import { deepEqual, doesNotMatch, equal, match, throws } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { SlackExporterOptions } from '../../src/config/options.js';
import { resolveOptions } from '../../src/config/resolve.js';
import { SlackLogRecordExporter } from '../../src/exporter.js';
import { fastClock } from '../support/clock.js';
import { record } from '../support/records.js';
import { eachTest, isolated, WAYS } from '../support/slack.js';

const TOKEN = 'xoxb-1-2-secret';
const SOURCES = new URL('../../src/', import.meta.url);

describe('the connection to Slack', () => {
  const { open, said } = eachTest();

  for (const { way, to } of WAYS) {
    for (const status of [301, 302, 303, 307, 308] as const) {
      it(`with ${way}: does not follow a redirect with ${status}, and loses no record`, async () => {
        const elsewhere = await open.inbox();
        const inbox = await open.inbox({
          faults: [{ kind: 'redirect', status, location: elsewhere.webhookUrl }],
        });
        const exporter = open.ending(new SlackLogRecordExporter(to(inbox), isolated({ clock: fastClock(20) })));
        exporter.export([record()], () => {});
        await exporter.forceFlush();
        deepEqual([elsewhere.requests().length, inbox.requests().length], [0, 4]);
        deepEqual([exporter.stats().pending, exporter.stats().dropped], [1, {}]);
        match(said.warnings.join(), /the answer is a redirect: check the URL/);
        doesNotMatch(said.all.join(), /services/);
      });
    }
  }

  it('has no option that switches off the verification of certificates', () => {
    for (const name of ['rejectUnauthorized', 'insecure', 'tls', 'ssl', 'verify', 'agent', 'dispatcher', 'ca']) {
      const options = { webhookUrl: 'https://hooks.slack.com/services/T0/B0/x', [name]: false };
      throws(() => resolveOptions(options, {}), new RegExp(`${name}: expected one of webhookUrl, `));
    }
    // The doctor reads untrusted certificates to explain the error. It sends nothing to such a server.
    const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
      (name) => /\.c?ts$/.test(name) && !name.startsWith('cli'),
    );
    const all = sources.map((name) => readFileSync(new URL(name, SOURCES), 'utf8')).join('\n');
    doesNotMatch(all, /rejectUnauthorized|checkServerIdentity|NODE_TLS_REJECT/);
  });

  const CLEAR: readonly SlackExporterOptions[] = [
    { webhookUrl: 'http://hooks.slack.com/services/T0/B0/x' },
    { webhookUrl: 'http://10.0.0.1/services/T0/B0/x' },
    { webhookUrl: 'http://0.0.0.0/services/T0/B0/x' },
    { webhookUrl: 'http://[::ffff:10.0.0.1]/services/T0/B0/x' },
    { webhookUrl: 'ws://127.0.0.1/services/T0/B0/x' },
    { token: TOKEN, channel: 'C0123', apiUrl: 'http://slack.com/api/' },
    { routes: [{ webhookUrl: 'http://hooks.slack.com/services/T0/B0/x' }] },
    { routes: [{ token: TOKEN, channel: 'C0123', apiUrl: 'http://slack.com/api/' }] },
    { token: TOKEN, channel: 'C0123', fallback: { webhookUrl: 'http://hooks.slack.com/services/T0/B0/x' } },
    { token: TOKEN, channel: 'C0123', fallback: { channel: 'C0124', apiUrl: 'http://slack.com/api/' } },
  ];
  for (const options of CLEAR) {
    it(`refuses ${JSON.stringify(options).replaceAll(/xox[\w-]+|services[\w/]+/g, '…')}: http is only for this machine`, () => {
      throws(() => resolveOptions(options, {}), /\(http only on loopback\), got a string of \d+ characters$/);
    });
  }

  it('refuses such a URL from the environment and the file too, with a warning', () => {
    const environment = { OTEL_EXPORTER_SLACK_WEBHOOK_URL: 'http://hooks.slack.com/services/T0/B0/x' };
    const file = { path: '/etc/slack.json', options: { webhookUrl: 'http://hooks.slack.com/services/T0/B0/y' } };
    const { settings, warnings } = resolveOptions({}, environment, file);
    equal(settings.routes.length, 0);
    equal(warnings.filter((warning) => warning.includes('http only on loopback')).length, 2);
    doesNotMatch(warnings.join(), /\/T0/);
  });
});
