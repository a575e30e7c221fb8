import { errorName, knownError, type WebhookDestination } from '../../../../src/slack/index.js';
import { type Clock, sleepUntil } from '../../../../src/util/index.js';
import { outsideText } from './outside-text.js';
import { remedyOf } from './remedies.js';
import type { SlackApi, SlackResponse } from './slack-api.js';
import { type Step, type Steps, stepsAbout } from './step.js';
import { clockStep, lookUpRemedy } from './token.js';

/** Options of {@link checkWebhook}. */
export interface WebhookChecks {
  readonly api: SlackApi;
  readonly clock: Clock;
}

/** Checks a webhook without posting: a webhook that works refuses a message without text. */
export async function checkWebhook(
  { url }: WebhookDestination,
  label: string,
  { api, clock }: WebhookChecks,
): Promise<readonly Step[]> {
  const steps = stepsAbout(label);
  const wrongUrl = urlProblem(new URL(url), steps);
  if (wrongUrl !== undefined) return [wrongUrl];
  const response = await postEmpty(url, api, clock);
  if ('code' in response) return [steps.problem('webhook', `no answer: ${response.code}`, remedyOf(response.code))];
  return [webhookStep(response, steps), clockStep(response, steps)];
}

/** The app may be posting too, and a webhook takes one message a second. */
const MAX_WAIT_SECONDS = 5;
const EMPTY_MESSAGE = '{"text":""}';

/** Posts an empty message; once more after a short `Retry-After`. */
async function postEmpty(url: string, api: SlackApi, clock: Clock): ReturnType<SlackApi['call']> {
  const response = await api.call(url, EMPTY_MESSAGE);
  const seconds = 'status' in response && response.status === 429 ? Number(response.header('retry-after')) : 0;
  if (!(seconds > 0 && seconds <= MAX_WAIT_SECONDS)) return response;
  await sleepUntil(clock, clock.monotonic() + seconds * 1_000, { ref: true });
  return api.call(url, EMPTY_MESSAGE);
}

/** Other URLs of Slack look like a webhook: those that start a workflow take other JSON. */
function urlProblem({ hostname, pathname }: URL, steps: Steps): Step | undefined {
  const isSlack = /(^|\.)slack(-gov)?\.com$/.test(hostname);
  const isWebhook = /^hooks\.slack(-gov)?\.com$/.test(hostname) && /^\/services\/T\w+\/B\w+\/\w+$/.test(pathname);
  if (!isSlack || isWebhook) return undefined;
  const found = /^\/(workflows|triggers)\//.test(pathname)
    ? 'this is the URL of a workflow'
    : 'this is not the URL of an incoming webhook';
  const remedy =
    'expected https://hooks.slack.com/services/T…/B…/…: copy the whole URL from "Incoming Webhooks" of the app';
  return steps.problem('webhook', found, remedy);
}

/** The errors of a webhook that works. */
const EMPTY_MESSAGE_ERRORS: readonly string[] = [
  'no_text',
  'invalid_payload',
  'missing_text_or_fallback_or_attachments',
];

function webhookStep({ body, status, header }: SlackResponse, steps: Steps): Step {
  const error = errorName(body.trim());
  if (status === 429) {
    const wait = outsideText(header('retry-after') ?? 'some', 40);
    return steps.problem('webhook', 'rate_limited', `Slack is rate limiting; try again in ${wait} s`);
  }
  if (error !== undefined && EMPTY_MESSAGE_ERRORS.includes(error)) return steps.ok('webhook', 'Slack accepts it');
  if (error !== undefined && error !== 'ok') {
    return steps.problem('webhook', error, knownError(error)?.remedy ?? lookUpRemedy(error));
  }
  const found = `HTTP ${status}, which is not the answer of an incoming webhook`;
  return steps.problem('webhook', found, 'check the URL and the proxies on the way; --send tries to post');
}
