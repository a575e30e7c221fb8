import { type Fault, type Inbox, messageText } from '../../packages/slack-inbox/src/index.js';
import { word } from './words.js';

/** The word that something on the way to Slack refuses. */
export const POISON = 'xyzzy-attack';

/** The ways to refuse a message because of a word in it. */
export const REFUSALS: readonly { readonly name: string; readonly fault: Fault }[] = [
  { name: '403 with HTML', fault: { kind: 'status', status: 403, body: '<h1>Forbidden</h1>' } },
  { name: '406', fault: { kind: 'status', status: 406 } },
  { name: '451 with HTML', fault: { kind: 'status', status: 451, body: '<html>Unavailable</html>' } },
  { name: '500', fault: { kind: 'status', status: 500 } },
  { name: '503 with HTML', fault: { kind: 'status', status: 503, body: '<html>busy</html>' } },
  { name: 'a hang', fault: { kind: 'hang_before_headers' } },
  { name: 'a reset', fault: { kind: 'reset' } },
  { name: 'invalid_arguments', fault: { kind: 'error', error: 'invalid_arguments' } },
  { name: 'invalid_blocks', fault: { kind: 'error', error: 'invalid_blocks' } },
  { name: 'an error word of tomorrow', fault: { kind: 'error', error: 'an_error_of_tomorrow' } },
  { name: '200 with HTML', fault: { kind: 'garbage', body: '<html>blocked</html>', accept: false } },
  { name: 'a redirect', fault: { kind: 'redirect', location: 'https://example.com/blocked' } },
];

/** The same fault, for messages that contain the poison only. */
export function forPoison(fault: Fault, containing: string = POISON): Fault {
  return { ...fault, containing };
}

/** Returns so many different texts. */
export function healthy(count: number, text = 'healthy'): readonly string[] {
  return Array.from({ length: count }, (_, at) => `${text} ${word(at)}`);
}

/** Returns the texts that some message in the inbox shows. */
export function shownIn(inbox: Inbox, texts: readonly string[]): readonly string[] {
  const all = inbox.messages().map((message) => messageText(message));
  return texts.filter((text) => all.some((shown) => shown.includes(text)));
}

/** Returns when the last of these texts arrived, in milliseconds after the first request. */
export function arrivedAfterMillis(inbox: Inbox, texts: readonly string[]): number {
  const requests = inbox.requests();
  const [first] = requests;
  const at = texts.map((text) => {
    const found = requests.find(({ status, fault, body }) => {
      return status === 200 && fault === undefined && JSON.stringify(body).includes(text);
    });
    return found === undefined ? Number.POSITIVE_INFINITY : found.receivedAtMillis - (first?.receivedAtMillis ?? 0);
  });
  return Math.max(...at);
}
