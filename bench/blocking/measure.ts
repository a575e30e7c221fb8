import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { fileURLToPath } from 'node:url';
import { type Inbox, messageText, startInbox } from '../../packages/slack-inbox/src/index.js';

/** How the handler reports an error to Slack: not at all, by a request that it awaits, or with this package. */
export type Arm = 'nothing' | 'naive' | 'ours';
/** Slack answers, or accepts requests and never answers. */
export type SlackState = 'working' | 'hanging';

/** The load, and its duration. */
export interface Plan {
  readonly requestsPerSecond: number;
  readonly seconds: number;
  /** The timeout of one request to Slack, for the naive handler and for ours. */
  readonly timeoutMillis: number;
}

/** The results of one arm. */
export interface Measured {
  readonly arm: Arm;
  readonly slack: SlackState;
  readonly requests: number;
  /** The times from the request to the end of the answer, measured by the client, in milliseconds, sorted. */
  readonly millis: readonly number[];
  /** The texts in the channel at the end, some time after Slack answers again. */
  readonly messages: readonly string[];
}

export const ARMS: readonly Arm[] = ['nothing', 'naive', 'ours'];
export const STATES: readonly SlackState[] = ['working', 'hanging'];

const SERVER = fileURLToPath(new URL('server.ts', import.meta.url));
const WARM_UP_REQUESTS = 30;

/** Starts a server and a local Slack for one arm. The returned function measures, and stops both. */
export async function prepare(arm: Arm, slack: SlackState, plan: Plan): Promise<() => Promise<Measured>> {
  // With rate limits, Slack would refuse the naive handler from its second message on.
  const inbox = await startInbox({ rateLimit: false });
  const args = ['--import', 'tsx', SERVER, arm, inbox.webhookUrl, String(plan.timeoutMillis)];
  const env = { ...process.env, NO_PROXY: '127.0.0.1' };
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  const end = async (): Promise<void> => {
    server.kill('SIGKILL');
    await inbox.close();
  };
  try {
    const url = `http://127.0.0.1:${await firstLine(server)}/checkout`;
    return () =>
      load(url, inbox, slack, plan, server)
        .then((loaded) => ({ arm, slack, ...loaded }))
        .finally(end);
  } catch (error) {
    await end();
    throw error;
  }
}

async function load(url: string, inbox: Inbox, slack: SlackState, plan: Plan, server: ChildProcess) {
  const agent = new Agent({ keepAlive: true });
  for (let at = 0; at < WARM_UP_REQUESTS; at++) await timed(url, agent);
  const before = inbox.messages().length;
  if (slack === 'hanging') inbox.setFaults([{ kind: 'hang_before_headers' }]);
  const requests = plan.requestsPerSecond * plan.seconds;
  const times: Promise<number>[] = [];
  const startedAt = performance.now();
  // Sends by the clock, not after each answer, because customers do not wait for each other.
  while (times.length < requests) {
    const due = ((performance.now() - startedAt) / 1_000) * plan.requestsPerSecond;
    while (times.length < Math.min(due, requests)) times.push(timed(url, agent));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const millis = (await Promise.all(times)).sort((a, b) => a - b);
  inbox.setFaults([]);
  const exited = once(server, 'exit');
  server.kill('SIGTERM');
  await exited;
  agent.destroy();
  return {
    requests,
    millis,
    messages: inbox
      .messages()
      .slice(before)
      .map((message) => messageText(message)),
  };
}

function timed(url: string, agent: Agent): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume().on('end', () => resolve(performance.now() - startedAt));
    }).on('error', reject);
  });
}

async function firstLine(child: ChildProcess): Promise<string> {
  for await (const chunk of child.stdout ?? []) return String(chunk).trim();
  throw new Error('the server ended before it listened');
}

/** Returns the quantile of sorted values, e.g. `share` 0.99 for the 99th percentile. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}
