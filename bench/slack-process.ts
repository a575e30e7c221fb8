import { startInbox } from '../packages/slack-inbox/src/index.js';

/** Where it can be reached. */
export interface SlackProcess {
  readonly webhookUrl: string;
  readonly apiUrl: string;
  readonly token: string;
  readonly channel: string;
}

// The local Slack in a process of its own: what it costs must not be charged to the app.
const inbox = await startInbox({ rateLimit: false });
const { webhookUrl, apiUrl, token, channel } = inbox;
process.send?.({ webhookUrl, apiUrl, token, channel } satisfies SlackProcess);
process.once('disconnect', () => void inbox.close());
