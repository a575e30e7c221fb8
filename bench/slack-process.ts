import { startInbox } from '../packages/slack-inbox/src/index.js';

/** The addresses and the token of the local Slack. */
export interface SlackProcess {
  readonly webhookUrl: string;
  readonly apiUrl: string;
  readonly token: string;
  readonly channel: string;
}

// The local Slack runs in its own process, so that its work does not count as the app's.
const inbox = await startInbox({ rateLimit: false });
const { webhookUrl, apiUrl, token, channel } = inbox;
process.send?.({ webhookUrl, apiUrl, token, channel } satisfies SlackProcess);
process.once('disconnect', () => void inbox.close());
