import type { Environment, Settings } from '../../../../src/config/index.js';
import { urlOf } from '../../../../src/slack/index.js';
import type { Clock } from '../../../../src/util/index.js';
import { checkChannel } from './channel.js';
import { groupByToken, listDestinations, type UsedDestination, type UsedToken, webhooksIn } from './destinations.js';
import { checkNetwork } from './network.js';
import { sendTest } from './send.js';
import type { SlackApi } from './slack-api.js';
import { hasProblem, type Step, stepsAbout } from './step.js';
import { checkToken } from './token.js';
import { checkWebhook } from './webhook.js';

/** Options of {@link checkDestinations}. */
export interface DestinationChecks {
  readonly api: SlackApi;
  readonly clock: Clock;
  readonly environment: Environment;
  /** Whether to post a test alert to each destination without a problem. */
  readonly isSending: boolean;
}

/** Checks hosts, then tokens with their channels, then webhooks. */
export async function* checkDestinations(settings: Settings, checks: DestinationChecks): AsyncGenerator<Step> {
  const { api, clock, environment, isSending } = checks;
  const destinations = listDestinations(settings);
  const failed = new FailedDestinations();
  for (const { url, host } of hostsOf(destinations)) {
    const steps = await checkNetwork(url, environment);
    if (hasProblem(steps)) failed.addHost(host);
    yield* steps;
  }
  for (const token of groupByToken(destinations)) yield* checkTokenAndChannels(token, api, failed);
  for (const { destination, label } of webhooksIn(destinations)) {
    if (failed.isUnreachable(destination)) yield notTried('webhook', label);
    else yield* failed.note(await checkWebhook(destination, label, { api, clock }), [label]);
  }
  if (!isSending) return;
  for (const used of destinations) {
    if (failed.has(used)) yield stepsAbout(used.label).skipped('send', 'not sent, because of the problem above');
    else yield await sendTest(used, { settings, environment, clock, api });
  }
}

async function* checkTokenAndChannels(
  token: UsedToken,
  api: SlackApi,
  failed: FailedDestinations,
): AsyncGenerator<Step> {
  const { channels, label } = token;
  const [first] = channels;
  if (first === undefined || failed.isUnreachable(first.destination)) {
    yield notTried('token', label);
    return;
  }
  const labels = channels.map((channel) => channel.label);
  const { steps, scopes, appName } = await checkToken(token, api);
  yield* failed.note(steps, labels);
  for (const channel of channels) {
    if (appName === undefined) {
      yield stepsAbout(channel.label).skipped('channel', 'not checked, because Slack does not accept the token');
    } else {
      yield* failed.note([await checkChannel(channel, { api, scopes, appName })], [channel.label]);
    }
  }
}

/** The hosts and destinations with a problem. Later checks of them are skipped. */
class FailedDestinations {
  readonly #hosts = new Set<string>();
  readonly #labels = new Set<string>();

  addHost(host: string): void {
    this.#hosts.add(host);
  }

  /** Marks the destinations when one of the steps is a problem; returns the steps. */
  note(steps: readonly Step[], labels: readonly string[]): readonly Step[] {
    if (hasProblem(steps)) for (const label of labels) this.#labels.add(label);
    return steps;
  }

  isUnreachable(destination: UsedDestination['destination']): boolean {
    return this.#hosts.has(urlOf(destination).host);
  }

  has({ destination, label }: UsedDestination): boolean {
    return this.#labels.has(label) || this.isUnreachable(destination);
  }
}

function notTried(check: string, about: string): Step {
  return stepsAbout(about).skipped(check, 'not tried, because Slack cannot be reached');
}

function hostsOf(destinations: readonly UsedDestination[]): readonly { readonly host: string; readonly url: URL }[] {
  const urls = destinations.map(({ destination }) => urlOf(destination));
  return [...new Map(urls.map((url) => [url.host, url])).entries()].map(([host, url]) => ({ host, url }));
}
