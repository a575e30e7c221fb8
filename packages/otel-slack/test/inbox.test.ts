import { deepEqual, equal, match } from 'node:assert/strict';
import { createServer } from 'node:net';
import { type CliOptions, otelSlack } from '../../../test/support/cli.js';
import { until } from '../../../test/support/until.js';

describe('otel-slack inbox', () => {
  /** Runs the inbox until `during` is settled. */
  async function inbox(
    args: readonly string[],
    during: (environment: Readonly<Record<string, string>>, stdout: () => string) => Promise<void>,
    options: CliOptions = {},
  ) {
    const stop = new AbortController();
    let stdout = '';
    const running = otelSlack(['inbox', '--port', '0', ...args], {
      ...options,
      stopped: stop.signal,
      onOutput: (text) => {
        stdout = text;
      },
    });
    try {
      await until(() => stdout.includes('Ctrl-C'));
      // The variables that a person would copy.
      const assignments = [...stdout.matchAll(/OTEL_EXPORTER_SLACK_(\w+)=(\S+)/g)];
      await during(Object.fromEntries(assignments.map(([, name, value]) => [name, value])), () => stdout);
    } finally {
      stop.abort();
    }
    return running;
  }

  const post = (url = '', body: object, token?: string) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });

  it('prints the variables for an app, each message and each refusal, and ends with 0', async () => {
    const { code, stderr } = await inbox([], async (environment, stdout) => {
      const { API_URL, TOKEN, CHANNEL: channel, WEBHOOK_URL } = environment;
      await post(WEBHOOK_URL, { text: 'hello\u001b[2J' });
      await until(() => / #alerts +posted +hello\n/.test(stdout()));
      await post(`${API_URL}chat.postMessage`, { channel, text: '' }, TOKEN);
      await until(() => / #alerts +refused +chat\.postMessage: (ratelimited|no_text) \(HTTP \d+/.test(stdout()));
      await post(`${API_URL}chat.postMessage`, { channel: '#random', text: 'in another' }, TOKEN);
      await until(() => / #random +posted +in another\n/.test(stdout()));
    });
    deepEqual([code, stderr], [0, '']);
  });

  it('has the channels of --channels', async () => {
    await inbox(['--channels', '#payments, on-call'], async ({ API_URL, TOKEN }, stdout) => {
      await post(`${API_URL}chat.postMessage`, { channel: '#on-call', text: 'wake up' }, TOKEN);
      await until(() => / #on-call +posted +wake up\n/.test(stdout()));
    });
  });

  it('opens the page with --open, and prints its address when no browser could be opened', async () => {
    const opened: string[] = [];
    const openBrowser = (isDone: boolean) => async (url: string) => opened.push(url) > 0 && isDone;
    const could = await inbox(['--open'], () => until(() => opened.length === 1), { openBrowser: openBrowser(true) });
    equal(could.stderr, '');
    equal((await fetch(opened[0] ?? '').catch(() => 'closed')) === 'closed', true);
    const not = await inbox(['--open'], () => until(() => opened.length === 2), { openBrowser: openBrowser(false) });
    equal(not.stderr, `No browser could be opened. The page is ${opened[1]}\n`);
  });

  it('explains in one line that the port is in use', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const { code, stdout, stderr } = await otelSlack(['inbox', '--port', String(port)]);
    server.close();
    deepEqual([code, stdout], [1, '']);
    match(stderr, /^otel-slack inbox: port \d+ is in use, perhaps by another inbox; take a free one with --port 0\n$/);
  });
});
