import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { type Inbox, startInbox } from '../packages/slack-inbox/src/index.js';
import { createSlackLogRecordProcessor } from '../src/index.js';
import type { SlackMessage } from '../src/slack/index.js';
import { StalenessMeter } from '../test/support/staleness.js';

/**
 * `npm run staleness`: how old a change becomes before a message shows it, for 15, 45 and 300 live problems of all
 * severities, each with a local Slack of its own, in real time. `npm run staleness -- 2 300` measures 300 problems for
 * two minutes. Takes ten minutes by default.
 */

const [minutes = 10, ...given] = process.argv.slice(2).map(Number);
const sizes = given.length > 0 ? given : [15, 45, 300];
const MINUTE_MILLIS = 60_000;

async function measure(problems: number): Promise<object[]> {
  const inbox = await startInbox();
  const { token, channel, apiUrl } = inbox;
  const slack = createSlackLogRecordProcessor({ token, channel, apiUrl, minSeverity: 'WARN' });
  const provider = new LoggerProvider({ processors: [slack] });
  const logger = provider.getLogger('staleness');
  const meter = new StalenessMeter(problems);
  const startMillis = performance.now();
  const read = requestReader(inbox, meter);
  for (let second = 0; second < minutes * 60; second++) {
    for (const [at, problem] of meter.problems.entries()) {
      if (!occursIn(second, at)) continue;
      const { body, severityNumber, severity: severityText } = problem;
      meter.changed(problem, performance.now());
      logger.emit({ body, severityNumber, severityText });
    }
    await until(startMillis + (second + 1) * 1_000);
    read();
  }
  const staleness = meter.result(performance.now());
  const traffic = trafficOf(inbox);
  await provider.shutdown();
  await inbox.close();
  return staleness.map((row) => ({ live: problems, ...row, ...traffic }));
}

/** A new problem each second, and then each at a pace of its own: every 10 to 70 s. */
function occursIn(second: number, problem: number): boolean {
  return second === problem || (second > problem && (second + problem * 13) % (10 + (problem % 61)) === 0);
}

/** Returns a function that reads the requests since the last call. */
function requestReader(inbox: Inbox, meter: StalenessMeter): () => void {
  let read = 0;
  return () => {
    const requests = inbox.requests();
    for (const { method, status, error, body, monotonicMillis } of requests.slice(read)) {
      const isShown = (method === 'chat.postMessage' || method === 'chat.update') && status === 200 && !error;
      if (isShown) meter.shown(body as unknown as SlackMessage, monotonicMillis);
    }
    read = requests.length;
  };
}

function trafficOf(inbox: Inbox) {
  const times = (method: string): number[] =>
    inbox
      .requests()
      .filter((request) => request.method === method)
      .map(({ monotonicMillis }) => monotonicMillis);
  const [posts, updates] = [times('chat.postMessage'), times('chat.update')];
  return {
    posts: posts.length,
    'most posts in 1 s': mostWithin(posts, 1_000),
    'updates a minute': Math.round((updates.length * 10) / minutes) / 10,
    'most updates in 60 s': mostWithin(updates, MINUTE_MILLIS),
    'answers 429': inbox.requests().filter(({ status }) => status === 429).length,
  };
}

function mostWithin(times: readonly number[], millis: number): number {
  return Math.max(0, ...times.map((from) => times.filter((time) => time >= from && time < from + millis).length));
}

async function until(atMillis: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, atMillis - performance.now())));
}

console.log(`${minutes} minutes; ages in seconds; bounds: FATAL 30 s, ERROR 120 s, WARN 300 s`);
console.table((await Promise.all(sizes.map(measure))).flat());
