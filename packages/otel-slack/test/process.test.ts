import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { once } from 'node:events';
import { SHOWS_ITS_INBOX } from '../../../test/support/leaks.js';
import { buildIfStale, ended, killAll, start } from '../../../test/support/processes.js';
import { opened } from '../../../test/support/slack.js';

const MAIN = 'packages/otel-slack/build/main.js';

/** As little as can be seen only from outside: starting processes takes its time. */
describe('otel-slack as a process', function () {
  this.timeout(60_000);
  before(buildIfStale);
  after(killAll);
  const open = opened();
  afterEach(() => open.closeAll());

  it('ends by itself, with the exit code of what it found', async () => {
    const off = { OTEL_EXPORTER_SLACK_WEBHOOK_URL: '', OTEL_EXPORTER_SLACK_TOKEN: '', OTEL_EXPORTER_SLACK_CONFIG: '' };
    const { code, stdout, stderr } = await ended(start([MAIN, 'doctor', '--json'], off));
    deepEqual([code, stderr, JSON.parse(stdout).ok], [1, '', false]);
  });

  it('waits for the answers of a Slack that is another process, with a token and with a webhook', async () => {
    const inbox = await open.inbox();
    const { webhookUrl, token, channel, apiUrl } = inbox;
    const [hook, bot] = [{ WEBHOOK_URL: webhookUrl }, { TOKEN: token, CHANNEL: channel, API_URL: apiUrl }].map((set) =>
      Object.fromEntries(Object.entries(set).map(([name, value]) => [`OTEL_EXPORTER_SLACK_${name}`, value])),
    );
    for (const environment of [hook, bot]) {
      const { stdout, stderr } = await ended(start([MAIN, 'doctor', '--json', '--send'], environment));
      // Of the packages that are installed here it may have something to say; Slack is well.
      const [sent] = JSON.parse(stdout).steps.filter(({ check }: { check: string }) => check === 'send');
      deepEqual([stderr, sent?.status], ['', 'ok'], stdout);
    }
    equal(inbox.messages().length, 2);
  });

  it('ends an inbox on SIGINT, in order', async () => {
    const child = start([SHOWS_ITS_INBOX, MAIN, 'inbox', '--port', '0']);
    const result = ended(child);
    await once(child.stdout ?? child, 'data');
    child.kill('SIGINT');
    const { code, stdout, stderr } = await result;
    deepEqual([code, stderr], [0, '']);
    const [, url = ''] = /^Inbox {2}(\S+)/.exec(stdout) ?? [];
    await fetch(url).then(
      () => ok(false, 'it still listens'),
      () => {},
    );
  });

  it('ends without a word when nobody reads on', async () => {
    const child = start(['test/children/piped.mjs', MAIN, 'preview', '--help']);
    const { code, stderr } = await ended(child);
    deepEqual([code, stderr], [0, '']);
  });

  it('shows no stack for a mistake of the user’s', async () => {
    const { code, stderr } = await ended(start([MAIN, 'preview', 'nowhere.jsonl']));
    equal(code, 1);
    match(stderr, /^otel-slack preview: nowhere\.jsonl: there is no such file\n$/);
  });
});
