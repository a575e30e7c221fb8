import { type IncomingHttpHeaders, request } from 'node:http';
import { type Inbox, type InboxOptions, startInbox } from '../src/index.js';

const open: Inbox[] = [];

/** Starts an inbox, by default without rate limits. {@link closeInboxes} closes it after the test. */
export async function inboxWith(options: InboxOptions = {}): Promise<Inbox> {
  const inbox = await startInbox({ rateLimit: false, ...options });
  open.push(inbox);
  return inbox;
}

export async function closeInboxes(): Promise<void> {
  await Promise.all(open.splice(0).map((inbox) => inbox.close()));
}

/** A clock that changes only with `tick()`. */
export function fakeClock(startMillis = 1_700_000_000_000): { now(): number; tick(millis: number): void } {
  let now = startMillis;
  return {
    now: () => now,
    tick: (millis) => {
      now += millis;
    },
  };
}

export function postWebhook(inbox: Inbox, payload: unknown, url = inbox.webhookUrl): Promise<Response> {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body, redirect: 'manual' });
}

// biome-ignore lint/suspicious/noExplicitAny: a test checks single fields of an answer
export type Answer = any;

export async function callApi(inbox: Inbox, method: string, args: unknown = {}): Promise<Answer> {
  return (await postApi(inbox, method, args)).json();
}

export function postApi(inbox: Inbox, method: string, args: unknown = {}): Promise<Response> {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    authorization: `Bearer ${inbox.token}`,
  };
  return fetch(inbox.apiUrl + method, { method: 'POST', headers, body: JSON.stringify(args), redirect: 'manual' });
}

export function section(text: string, type = 'mrkdwn'): Record<string, unknown> {
  return { type: 'section', text: { type, text } };
}

/** Sends a request with headers that `fetch` does not allow. */
export function rawRequest(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: options.method ?? 'GET', headers: options.headers ?? {} }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(options.body);
  });
}
