import { resolveOptions } from '../../../../src/config/resolve.js';
import type { Settings } from '../../../../src/config/settings.js';
import { urlOf } from '../../../../src/slack/destination-id.js';
import { type Command, EXIT, type Given, type Io } from '../shared/command.js';
import { CONFIG_OPTION, readConfiguration } from '../shared/configuration.js';
import { createPaint } from '../shared/paint.js';
import { type Asker, createAsker } from './api.js';
import { checkChannel } from './channel.js';
import { checkConfig } from './config.js';
import { type Place, placesOf, type TokenPlaces, tokensOf, webhooksOf } from './destinations.js';
import { checkLocal } from './local.js';
import { checkNetwork } from './network.js';
import { createReport, verdict } from './report.js';
import { sendTest } from './send.js';
import { hasProblem, type Step, stepsAbout } from './step.js';
import { checkToken } from './token.js';
import { checkWebhook } from './webhook.js';

export const doctor: Command = {
  name: 'doctor',
  summary: 'check step by step what alerts need to arrive, and say what to do',
  description: [
    'Reads the environment and the file as the exporter does, and checks one thing after the other: versions, options,',
    'proxy, DNS, TLS, token, scopes, channel, clock. Secrets are never printed. Run it where the app runs.',
    'Exit code: 0 when all is well, 1 when something is to be mended, 2 when the command line is wrong.',
  ].join('\n'),
  options: {
    send: { help: 'post one test alert to each destination; it mentions nobody' },
    config: CONFIG_OPTION,
    json: { help: 'the results as one JSON object' },
  },
  examples: ['otel-slack doctor', 'otel-slack doctor --send', 'otel-slack doctor --json | jq .ok'],
  async run(given, _positionals, io) {
    const steps: Step[] = [];
    const paint = createPaint(io.stdout, io.environment);
    const report = given.json ? () => {} : createReport(io.stdout, paint);
    for await (const step of examine(given, io)) {
      if (io.stopped.aborted) return EXIT.interrupted;
      steps.push(step);
      report(step);
    }
    const ok = !hasProblem(steps);
    io.stdout.write(given.json ? `${JSON.stringify({ ok, steps }, null, 2)}\n` : `\n${verdict(steps, paint)}\n`);
    return ok ? EXIT.ok : EXIT.problem;
  },
};

/** All checks, in the order in which they depend on each other. */
async function* examine(given: Given, io: Io): AsyncGenerator<Step> {
  yield* checkLocal(io);
  const file = readConfiguration(given, io);
  const resolved = resolveOptions({}, io.environment, file);
  yield* checkConfig(resolved, io.environment, file);
  const { settings } = resolved;
  const asker = createAsker(io.clock, settings.timeoutMillis, io.stopped);
  try {
    yield* examinePlaces(settings, asker, { isSending: given.send === true, io });
  } finally {
    await asker.close();
  }
}

async function* examinePlaces(
  settings: Settings,
  asker: Asker,
  { isSending, io }: { readonly isSending: boolean; readonly io: Io },
): AsyncGenerator<Step> {
  const places = placesOf(settings);
  const unreachable = new Set<string>();
  for (const { url, host } of hostsOf(places)) {
    const steps = await checkNetwork(url, io.environment);
    if (hasProblem(steps)) unreachable.add(host);
    yield* steps;
  }
  const canReach = ({ destination }: Place): boolean => !unreachable.has(urlOf(destination).host);
  const unwell = new Set<string>(places.filter((place) => !canReach(place)).map(({ label }) => label));
  const note = (steps: readonly Step[], labels: readonly string[]): readonly Step[] => {
    if (hasProblem(steps)) for (const label of labels) unwell.add(label);
    return steps;
  };
  for (const token of tokensOf(places)) yield* examineToken(token, asker, { canReach, note });
  for (const place of webhooksOf(places)) {
    if (!canReach(place)) yield notTried('webhook', place.label);
    else yield* note(await checkWebhook(place.destination, place.label, { asker, clock: io.clock }), [place.label]);
  }
  if (!isSending) return;
  for (const place of places) {
    if (unwell.has(place.label)) yield stepsAbout(place.label).skipped('send', 'not sent, because of the above');
    else yield await sendTest(place, { settings, environment: io.environment, clock: io.clock, asker });
  }
}

/** What the checks of a token need to know of the others. */
interface TokenContext {
  readonly canReach: (place: Place) => boolean;
  readonly note: (steps: readonly Step[], labels: readonly string[]) => readonly Step[];
}

async function* examineToken(token: TokenPlaces, asker: Asker, { canReach, note }: TokenContext): AsyncGenerator<Step> {
  const { places, label } = token;
  const [first] = places;
  if (first === undefined || !canReach(first)) {
    yield notTried('token', label);
    return;
  }
  const labels = places.map((place) => place.label);
  const { steps, scopes, appName } = await checkToken(token, asker);
  yield* note(steps, labels);
  for (const place of places) {
    if (appName !== undefined) yield* note([await checkChannel(place, { asker, scopes, appName })], [place.label]);
    else yield stepsAbout(place.label).skipped('channel', 'not looked at without a token that Slack knows');
  }
}

function notTried(check: string, about: string): Step {
  return stepsAbout(about).skipped(check, 'not tried, because there is no way to Slack');
}

function hostsOf(places: readonly Place[]): readonly { readonly host: string; readonly url: URL }[] {
  const urls = places.map(({ destination }) => urlOf(destination));
  return [...new Map(urls.map((url) => [url.host, url])).entries()].map(([host, url]) => ({ host, url }));
}
