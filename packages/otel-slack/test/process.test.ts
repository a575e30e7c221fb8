import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SHOWS_ITS_INBOX } from '../../../test/support/leaks.js';
import { buildIfStale, ended, killAll, start } from '../../../test/support/processes.js';
import { opened } from '../../../test/support/slack.js';
import { until } from '../../../test/support/until.js';

const MAIN = 'packages/otel-slack/build/main.js';

/** Only behaviour that needs a process of its own: processes start slowly. */
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
      // The doctor may report a problem of the packages that are installed here.
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

  it('ends silently when the reader of its output has ended', async () => {
    const child = start(['test/children/piped.mjs', MAIN, 'preview', '--help']);
    const { code, stderr } = await ended(child);
    deepEqual([code, stderr], [0, '']);
  });

  it('prints a mistake of the user’s in one line, without a stack', async () => {
    const { code, stderr } = await ended(start([MAIN, 'preview', 'nowhere.jsonl']));
    equal(code, 1);
    match(stderr, /^otel-slack preview: nowhere\.jsonl: there is no such file\n$/);
  });

  it('prints the help and explains wrong arguments', async () => {
    const help = await ended(start([MAIN, 'help', 'doctor']));
    deepEqual([help.code, help.stderr], [0, '']);
    match(help.stdout, /^Usage: otel-slack doctor \[options\]\n/);
    const wrong = await ended(start([MAIN, 'doctor', '--jsn']));
    deepEqual([wrong.code, wrong.stdout], [2, '']);
    match(
      wrong.stderr,
      /^otel-slack doctor: unknown option '--jsn'\n\(Did you mean --json\?\)\nSee otel-slack doctor --help\n$/,
    );
  });

  describe('inbox --open', () => {
    let folder: string;
    before(function () {
      // xdg-open runs the program that BROWSER names. Other systems have no such variable.
      if (process.platform !== 'linux') this.skip();
      folder = mkdtempSync(join(tmpdir(), 'otel-slack-browser-'));
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    /** Runs the inbox until `isDone`. Without a display and a session bus, xdg-open knows of no desktop. */
    async function openPage(BROWSER: string, isDone: (stderr: string) => boolean) {
      const noDesktop = { DISPLAY: '', WAYLAND_DISPLAY: '', DBUS_SESSION_BUS_ADDRESS: '', XDG_CURRENT_DESKTOP: '' };
      const child = start([SHOWS_ITS_INBOX, MAIN, 'inbox', '--port', '0', '--open'], { ...noDesktop, BROWSER });
      const result = ended(child);
      let stderr = '';
      child.stderr?.on('data', (text: string) => {
        stderr += text;
      });
      await until(() => isDone(stderr));
      child.kill('SIGINT');
      return result;
    }

    it('opens the page in the browser', async () => {
      const [browser, openedUrl] = [join(folder, 'browser'), join(folder, 'url')];
      writeFileSync(browser, `#!/bin/sh\necho "$1" > '${openedUrl}.part' && mv '${openedUrl}.part' '${openedUrl}'\n`, {
        mode: 0o755,
      });
      const { stdout, stderr } = await openPage(browser, () => existsSync(openedUrl));
      deepEqual([stdout.includes(readFileSync(openedUrl, 'utf8').trim()), stderr], [true, '']);
    });

    it('prints the address when the browser cannot be started', async () => {
      const { stderr } = await openPage(join(folder, 'nowhere'), (printed) => printed.endsWith('\n'));
      match(stderr, /^No browser could be opened\. The page is http:\/\/127\.0\.0\.1:\d+\/\n$/);
    });
  });
});
