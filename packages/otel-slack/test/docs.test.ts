import { deepEqual, doesNotReject, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Command } from 'commander';
import { otelSlack } from '../../../test/support/cli.js';
import { type Inbox, type InboxOptions, startInbox } from '../../slack-inbox/src/index.js';
import { COMMANDS } from '../src/commands.js';
import { createProgram } from '../src/program.js';

const read = (name: string): string => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
const text = read('docs/cli.md');

describe('docs/cli.md', () => {
  it('has only command lines that the parser accepts, like the READMEs and the examples in the help', async () => {
    const pages = [text, read('README.md'), read('packages/otel-slack/README.md')].join('\n');
    const written = [...pages.matchAll(/^(?:npx )?(otel-slack \w+(?: .*)?)$/gm)].map(([, line = '']) => line);
    const lines = [...written, ...(await examplesInHelp())];
    ok(lines.length > 20, `${lines.length} command lines`);
    for (const line of lines) {
      const args = wordsOf(line.replace(/^otel-slack /, '').replace(/\s+[>|#].*$/, ''));
      await doesNotReject(parser().parseAsync(args, { from: 'user' }), line);
    }
  });

  it('has the output of a wrong call', async () => {
    const [, args = '', shown = ''] = /^\$ otel-slack (.*)\n([^`]*)```$/m.exec(text) ?? [];
    const { stderr } = await otelSlack(wordsOf(args));
    ok(shown.length > 50 && stderr === shown, stderr);
  });

  it('names every option of every command', () => {
    const options = parser().commands.flatMap((command) => command.options);
    ok(options.length > 10, `${options.length} options`);
    deepEqual(
      options.filter(({ long }) => !text.includes(`${long}`)).map(({ flags }) => flags),
      [],
    );
  });

  const transcripts: readonly (readonly [string, InboxOptions])[] = [
    ['all well', {}],
    ['missing scope', { scopes: ['channels:read'] }],
  ];
  for (const [title, options] of transcripts) {
    it(`has the output of the doctor: ${title}`, async () => {
      const [, shown = ''] = new RegExp(`<!-- doctor: ${title} -->\n\`\`\`\n([^\`]*)\`\`\``).exec(text) ?? [];
      const slack = await startInbox(options);
      try {
        const output = await doctorOutput(slack);
        ok(shown.length > 200 && comparable(output).includes(comparable(shown)), output);
      } finally {
        await slack.close();
      }
    });
  }
});

/** The parser of `otel-slack`; the commands do nothing. */
function parser(): Command {
  const output = { write: () => {} };
  return createProgram(COMMANDS, { stdout: output, stderr: output, environment: {} }, async () => {});
}

async function examplesInHelp(): Promise<readonly string[]> {
  const help = await Promise.all(COMMANDS.map(({ name }) => otelSlack([name, '--help'])));
  return help.flatMap(({ stdout }) => [...stdout.matchAll(/^ {2}.*?(otel-slack .*)$/gm)].map(([, line = '']) => line));
}

async function doctorOutput({ token, apiUrl, channel }: Inbox): Promise<string> {
  const environment = {
    OTEL_EXPORTER_SLACK_TOKEN: token,
    OTEL_EXPORTER_SLACK_API_URL: apiUrl,
    OTEL_EXPORTER_SLACK_CHANNEL: channel,
  };
  const { stdout, stderr } = await otelSlack(['doctor', '--send'], { environment, cwd: tmpdir() });
  equal(stderr, '');
  return stdout;
}

/** Leaves out the parts that differ between runs and machines: the versions at the top, hashes, ports, timestamps. */
function comparable(output: string): string {
  return output
    .replace(/^[\s\S]*(?=^ {2}✓ Options )/m, '')
    .replace(/\([0-9a-f]{6}\)/g, '(hash)')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:port')
    .replace(/\/p\d+/g, '/p');
}

/** Splits a command line as a shell does: words and quoted texts. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
}
