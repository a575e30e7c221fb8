import { type Inbox, startInbox } from '../../packages/slack-inbox/src/index.js';
import { type Answer, type ProxiedRequest, type SlackProxy, startProxy } from './proxy.js';
import { createShown, type Shown } from './shown.js';

/** A destination of the app: the main one, the one for FATAL records, or the fallback. */
export type PlaceName = 'main' | 'pages' | 'fallback';

/** A destination: a local Slack behind a proxy, and what it was shown. */
export interface Place {
  readonly name: PlaceName;
  readonly proxy: SlackProxy;
  readonly shown: Shown;
  /** The bodies of all requests that Slack accepted. */
  readonly bodies: readonly string[];
  readonly secrets: readonly string[];
  /** The options of the exporter that lead to this place. */
  readonly webhook: { readonly webhookUrl: string };
  readonly token: { readonly token: string; readonly channel: string; readonly apiUrl: string };
  close(): Promise<void>;
}

/** Starts the local Slack of a place. */
export async function startPlace(name: PlaceName): Promise<Place> {
  const inbox = await startInbox({ rateLimit: false });
  const bodies: string[] = [];
  const shown = createShown();
  const proxy = await startProxy(inbox.url, (request, answer) => {
    if (!isAccepted(request, answer)) return;
    bodies.push(request.body);
    shown.read(request.body);
  });
  const webhookPath = new URL(inbox.webhookUrl).pathname;
  return {
    ...{ name, proxy, shown, bodies },
    secrets: [inbox.token, webhookPath],
    webhook: { webhookUrl: proxy.origin + webhookPath },
    token: tokenOf(inbox, proxy),
    async close() {
      await proxy.close();
      await inbox.close();
    },
  };
}

function tokenOf({ token, channel }: Inbox, { origin }: SlackProxy): Place['token'] {
  return { token, channel, apiUrl: `${origin}/api/` };
}

/** Whether Slack has posted or updated a message. */
function isAccepted({ path }: ProxiedRequest, { status, body }: Answer): boolean {
  if (path.startsWith('/services/')) return status === 200;
  return /\/chat\.(postMessage|update)$/.test(path) && body.startsWith('{"ok":true');
}
