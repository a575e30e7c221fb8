import { startInbox } from '../src/inbox/index.js';

// The local Slack in a process of its own: what it costs must not be charged to the app.
const inbox = await startInbox({ rateLimit: false });
process.send?.(inbox.webhookUrl);
process.once('disconnect', () => void inbox.close());
