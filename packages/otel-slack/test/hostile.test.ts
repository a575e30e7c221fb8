import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { printable, printableLine } from '../../../src/util/index.js';
import { type CliOptions, type CliResult, otelSlack } from '../../../test/support/cli.js';
import { mixed } from '../../../test/support/secrets.js';
import { opened } from '../../../test/support/slack.js';
import { createColors } from '../src/shared/colors.js';

const [ESC, BEL, CSI, RTL, LINE] = ['\u001b', '\u0007', '\u009b', '\u202e', '\u2028'];
/** Clears the screen, writes a good result, and hides what follows. */
const EVIL = `x${ESC}[2J${ESC}]0;title${BEL}${CSI}31m${RTL}\r\n✓ All is well.${LINE}\u200b${ESC}[8m`;
const TOKEN = `xoxb-${'1'.repeat(12)}-${mixed(24)}`;

/** Everything that a terminal obeys or hides. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these characters must not be printed
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the styles of the command line itself
const OWN_STYLE = /\u001b\[(?:[0-57]|2[2-9]|3[0-69]|38;2;\d+;\d+;\d+|38;5;\d+|90)m/g;

function isPrintable({ stdout, stderr }: Pick<CliResult, 'stdout' | 'stderr'>, isTTY: boolean): void {
  const shown = stdout + stderr;
  const rest = isTTY ? shown.replace(OWN_STYLE, '') : shown;
  equal(OBEYED.exec(rest)?.[0], undefined, JSON.stringify(rest));
  doesNotMatch(shown, /^\s*✓ All is well/m, 'a forged line');
}

describe('hostile texts', () => {
  const open = opened();
  const servers: Server[] = [];
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'otel-slack-hostile-'));
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) server.close();
    rmSync(folder, { recursive: true });
    await open.closeAll();
  });

  async function listen(server: Server): Promise<number> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  /** Runs a command for a terminal, for a file, and with --json. Nothing that a terminal obeys may come out. */
  async function runEach(args: readonly string[], options: CliOptions, hasJson = true): Promise<readonly CliResult[]> {
    const results: CliResult[] = [];
    for (const isTTY of [true, false]) {
      const result = await otelSlack(args, { cwd: folder, ...options, isTTY, columns: 80 });
      isPrintable(result, isTTY);
      results.push(result);
    }
    if (!hasJson) return results;
    const result = await otelSlack([...args, '--json'], { cwd: folder, ...options, isTTY: true });
    isPrintable(result, true);
    if (result.stdout !== '') JSON.parse(result.stdout);
    return [...results, result];
  }

  const tokenOptions = (apiUrl: string, more: Record<string, string> = {}): Record<string, string> =>
    Object.fromEntries(
      Object.entries({ TOKEN, API_URL: apiUrl, CHANNEL: 'C0123ALERTS', ...more }).map(([name, value]) => [
        `OTEL_EXPORTER_SLACK_${name}`,
        value,
      ]),
    );

  async function hostileSlack(answer: (path: string, response: ServerResponse) => object): Promise<string> {
    const server = createHttpServer((request, response) => {
      const fields = answer((request.url ?? '').split('/').at(-1) ?? '', response);
      response.end(JSON.stringify(fields));
    });
    return `http://127.0.0.1:${await listen(server)}/api/`;
  }

  it('A13: names, scopes and a channel of a hostile Slack reach no terminal', async () => {
    const apiUrl = await hostileSlack((path, response) => {
      // Node takes the characters above U+007F of a header as bytes.
      response.setHeader('x-oauth-scopes', `chat:write, reactions:read, ${CSI}2J`);
      if (path === 'auth.test') return { ok: true, user: EVIL, team: EVIL, bot_id: EVIL };
      return { ok: true, channel: { id: EVIL, name: EVIL, is_member: true } };
    });
    const [terminal] = await runEach(['doctor'], { environment: tokenOptions(apiUrl) });
    match(terminal?.stdout ?? '', /✓ Channel/);
  });

  it('A13: errors, waiting times and links of a hostile Slack reach no terminal', async () => {
    for (const answer of [
      { ok: false, error: EVIL },
      { ok: false, error: { toString: 1 } },
      { ok: true, user: 7, team: [], channel: EVIL, permalink: `https://h/${EVIL}`, ts: EVIL },
    ]) {
      const apiUrl = await hostileSlack((_path, response) => {
        response.setHeader('retry-after', `${CSI}2J`);
        return answer;
      });
      await runEach(['doctor', '--send'], { environment: tokenOptions(apiUrl) });
    }
  });

  it('A11: a token that a hostile Slack returns in its answer is not printed, wherever the answer is cut', async () => {
    for (const offset of [0, 40, 60, 70, 75, 79]) {
      const name = `${'x'.repeat(offset)} ${TOKEN}`;
      const apiUrl = await hostileSlack((path, response) => {
        response.setHeader('x-oauth-scopes', `chat:write, ${name}`);
        return path === 'auth.test'
          ? { ok: true, user: name, team: name }
          : { ok: true, channel: { id: name, name, is_member: true } };
      });
      const { stdout } = await otelSlack(['doctor'], { cwd: folder, environment: tokenOptions(apiUrl) });
      ok(!stdout.includes(TOKEN.slice(5, 11)), stdout);
    }
  });

  it('A13: the certificate of a hostile server reaches no terminal', async () => {
    for (const name of ['organizationName', 'commonName']) {
      const { private: key, cert } = await generate([{ name, value: `${ESC}[2J${BEL}${CSI}31m All is well` }]);
      const server = createHttpsServer({ key, cert });
      const apiUrl = `https://127.0.0.1:${await listen(server)}/api/`;
      const [terminal] = await runEach(['doctor'], { environment: tokenOptions(apiUrl) });
      match(terminal?.stdout ?? '', /All is well/);
    }
  });

  it('A13: values of the environment and names of files reach no terminal', async () => {
    const environment = {
      OTEL_EXPORTER_SLACK_MIN_SEVERITY: EVIL,
      OTEL_EXPORTER_SLACK_CHANNEL: EVIL,
      [`OTEL_EXPORTER_SLACK_${EVIL}`]: 'x',
      OTEL_EXPORTER_SLACK_CONFIG: `/nowhere/${EVIL}`,
      HTTPS_PROXY: `http://${EVIL}`,
    };
    await runEach(['doctor'], { environment });
    await runEach(['preview', '-'], { environment, stdin: '' });
    await runEach(['preview', `${EVIL}.jsonl`], {}, false);
    writeFileSync(join(folder, 'zstd'), Buffer.from([0x28, 0xb5, 0x2f, 0xfd]));
    await runEach(['preview', './zstd', `--${EVIL}`], {}, false);
    await runEach([EVIL], {}, false);
    await runEach(['doctor', '--config', EVIL], {}, false);
    await runEach(['manifest', '--name', EVIL], {}, false);
    await runEach(['inbox', '--channels', EVIL], {}, false);
  });

  it('A13: records and options of a preview reach no terminal', async () => {
    writeFileSync(join(folder, 'slack.json'), JSON.stringify({ channel: `#a${RTL}`, [EVIL]: 1, attributes: ['*'] }));
    const value = { stringValue: EVIL };
    const record = { timeUnixNano: '1772366400000000000', severityNumber: 17, body: value };
    const document = {
      resourceLogs: [
        {
          resource: { attributes: [{ key: 'service.name', value }] },
          scopeLogs: [{ scope: { name: EVIL }, logRecords: [{ ...record, attributes: [{ key: EVIL, value }] }] }],
        },
      ],
    };
    const args = ['preview', '-', '--config', 'slack.json'];
    const results = await runEach(args, { stdin: JSON.stringify(document) });
    deepEqual(
      results.map(({ code }) => code),
      [0, 0, 0],
    );
    await runEach([...args, '--all'], { stdin: JSON.stringify(document) });
  });

  it('A13: requests to the inbox reach no terminal', async () => {
    for (const isTTY of [true, false]) {
      const stop = new AbortController();
      let sent = false;
      const onOutput = (stdout: string): void => {
        const [, url = ''] = /API_URL=(\S+)/.exec(stdout) ?? [];
        const [, token = ''] = /_TOKEN=(\S+)/.exec(stdout) ?? [];
        if (stdout.includes('refused')) stop.abort();
        if (sent || url === '') return;
        sent = true;
        const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' };
        const body = JSON.stringify({ channel: EVIL, text: EVIL });
        void fetch(`${url}chat.postMessage`, { method: 'POST', headers, body }).then((response) => response.text());
      };
      const args = ['inbox', '--port', '0'];
      isPrintable(await otelSlack(args, { isTTY, columns: 80, stopped: stop.signal, onOutput }), isTTY);
      ok(sent);
    }
  });

  it('A13: the styles of the command line pass, and nothing else that looks like them', async () => {
    const environment = { COLORTERM: 'truecolor' };
    const { stdout } = await otelSlack(['doctor', '--help'], { isTTY: true, environment });
    ok(stdout.includes(`${ESC}[1mExamples:${ESC}[22m`), stdout);
    isPrintable(await otelSlack(['doctor', '--help']), false);
    const { red } = createColors({ isTTY: true }, environment);
    ok(!red('text').includes(ESC), 'the escape character is added at the terminal');
  });

  it('A13: printable() shows what it replaces, and keeps ordinary text', () => {
    equal(printable(`a${ESC}[2J\n\tb${CSI}${RTL}\ud800`), 'a\\u001b[2J\n\tb\\u009b\\u202e\ufffd');
    equal(printableLine('a\nb\tc\r'), 'a\\u000ab\\u0009c\\u000d');
    for (const text of ['plain', 'zażółć 漢字 👩‍🚀 می‌خواهم', '✓ – …']) equal(printableLine(text), text);
    equal(JSON.parse(printable(JSON.stringify(EVIL))), EVIL);
  });
});
