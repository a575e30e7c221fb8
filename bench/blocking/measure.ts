import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { fileURLToPath } from 'node:url';
import { type Inbox, messageText, startInbox } from '../../packages/slack-inbox/src/index.js';

/** How the handler tells Slack of an error: not at all, by a request that it awaits, through this package. */
export type Arm = 'nothing' | 'naive' | 'ours';
/** How Slack is: it answers, or it takes the request and never does. */
export type SlackState = 'well' | 'hanging';

/** What is measured, and how long. */
export interface Plan {
  readonly requestsPerSecond: number;
  readonly seconds: number;
  /** For one request to Slack, of the naive handler and of ours alike. */
  readonly timeoutMillis: number;
}

/** What came out for one arm. */
export interface Measured {
  readonly arm: Arm;
  readonly slack: SlackState;
  readonly requests: number;
  /** From the request to the whole answer, as the client sees it, in milliseconds, sorted. */
  readonly millis: readonly number[];
  /** What stands in the channel in the end; the hanging has been over by then, for whoever tries again. */
  readonly messages: readonly string[];
}

export const ARMS: readonly Arm[] = ['nothing', 'naive', 'ours'];
export const STATES: readonly SlackState[] = ['well', 'hanging'];

const SERVER = fileURLToPath(new URL('server.ts', import.meta.url));
const WARM_UP_REQUESTS = 30;

/** Makes one arm ready: a server and a Slack of its own. What it gives measures, and ends them. */
export async function prepare(arm: Arm, slack: SlackState, plan: Plan): Promise<() => Promise<Measured>> {
  // Without Slack's limits the naive handler would be refused from the second message on.
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
  // By the clock and not by the answers: customers do not wait for each other.
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

/** The value below which `share` of the sorted ones are. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}
