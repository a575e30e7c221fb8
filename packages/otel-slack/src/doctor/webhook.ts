import { knownError } from '../../../../src/slack/errors.js';
import { errorName } from '../../../../src/slack/outcome.js';
import type { WebhookDestination } from '../../../../src/slack/types.js';
import { type Clock, sleepUntil } from '../../../../src/util/clock.js';
import type { Answer, Asker } from './api.js';
import { remedyOf } from './remedies.js';
import { type Step, type Steps, stepsAbout } from './step.js';
import { clockStep, lookUp } from './token.js';

/** What asking a webhook takes. */
export interface WebhookParts {
  readonly asker: Asker;
  readonly clock: Clock;
}

/** Whether Slack knows a webhook. Nothing is posted: a message without a text is refused by one that works. */
export async function checkWebhook(
  { url }: WebhookDestination,
  label: string,
  { asker, clock }: WebhookParts,
): Promise<readonly Step[]> {
  const steps = stepsAbout(label);
  const wrong = formatStep(new URL(url), steps);
  if (wrong !== undefined) return [wrong];
  const answer = await askPatiently(url, asker, clock);
  if ('code' in answer) return [steps.problem('webhook', `got no answer: ${answer.code}`, remedyOf(answer.code))];
  return [webhookStep(answer, steps), clockStep(answer, steps)];
}

/** The app posts through it as well, and one message a second is all that it takes. */
const LONGEST_WAIT_SECONDS = 5;

async function askPatiently(url: string, asker: Asker, clock: Clock): ReturnType<Asker['ask']> {
  const answer = await asker.ask(url, EMPTY);
  const seconds = 'status' in answer && answer.status === 429 ? Number(answer.header('retry-after')) : 0;
  if (!(seconds > 0 && seconds <= LONGEST_WAIT_SECONDS)) return answer;
  await sleepUntil(clock, clock.monotonic() + seconds * 1_000, { ref: true });
  return asker.ask(url, EMPTY);
}

const EMPTY = '{"text":""}';

/** Slack has other URLs that look like it: those that start workflows take other JSON. */
function formatStep({ hostname, pathname }: URL, steps: Steps): Step | undefined {
  const isSlack = /(^|\.)slack(-gov)?\.com$/.test(hostname);
  const isWebhook = /^hooks\.slack(-gov)?\.com$/.test(hostname) && /^\/services\/T\w+\/B\w+\/\w+$/.test(pathname);
  if (!isSlack || isWebhook) return undefined;
  const what = /^\/(workflows|triggers)\//.test(pathname) ? 'the URL of a workflow' : 'no URL of an incoming webhook';
  const remedy = 'expected https://hooks.slack.com/services/T…/B…/…: copy it whole from "Incoming Webhooks" of the app';
  return steps.problem('webhook', what, remedy);
}

const REFUSES_EMPTY: readonly string[] = ['no_text', 'invalid_payload', 'missing_text_or_fallback_or_attachments'];

function webhookStep({ body, status, header }: Answer, steps: Steps): Step {
  const error = errorName(body.trim());
  if (status === 429) {
    return steps.problem('webhook', 'rate_limited', `Slack asks to come again in ${header('retry-after') ?? 'some'} s`);
  }
  if (error !== undefined && REFUSES_EMPTY.includes(error)) return steps.ok('webhook', 'Slack knows it');
  if (error !== undefined && error !== 'ok') {
    return steps.problem('webhook', error, knownError(error)?.remedy ?? lookUp(error));
  }
  const answered = `it answers HTTP ${status}, and not as a webhook of Slack’s does`;
  return steps.problem('webhook', answered, 'check the URL, and what stands between; --send tries it');
}
