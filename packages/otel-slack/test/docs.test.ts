import { deepEqual, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { otelSlack } from '../../../test/support/cli.js';
import { type Inbox, type InboxOptions, startInbox } from '../../slack-inbox/src/index.js';
import { doctor } from '../src/doctor/doctor.js';
import { inbox } from '../src/inbox/inbox.js';
import { manifest } from '../src/manifest/manifest.js';
import { preview } from '../src/preview/preview.js';
import { readArguments } from '../src/shared/arguments.js';
import type { Command } from '../src/shared/command.js';

const COMMANDS: readonly Command[] = [inbox, doctor, preview, manifest];
const read = (name: string): string => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
const text = read('docs/cli.md');

describe('docs/cli.md', () => {
  it('has no command line that would be refused, nor have the README and the examples in the help', () => {
    const written = [...`${text}\n${read('README.md')}`.matchAll(/^(?:npx )?(otel-slack \w+.*)$/gm)].map(
      ([, line]) => line,
    );
    const examples = COMMANDS.flatMap((command) => command.examples).map((line) => /otel-slack .*/.exec(line)?.[0]);
    const lines = [...written, ...examples].filter((line) => line !== undefined);
    ok(lines.length > 15, `${lines.length} command lines`);
    for (const line of lines) {
      const [name, ...args] = wordsOf(line.replace(/^otel-slack /, '').replace(/\s+[>|#].*$/, ''));
      const command = COMMANDS.find((candidate) => candidate.name === name);
      ok(command, line);
      readArguments(command, args);
    }
  });

  it('names every option of every command', () => {
    const missing = COMMANDS.flatMap(({ options }) => Object.keys(options)).filter(
      (name) => !text.includes(`--${name}`),
    );
    deepEqual(missing, []);
  });

  const transcripts: readonly (readonly [string, InboxOptions])[] = [
    ['all well', {}],
    ['missing scope', { scopes: ['channels:read'] }],
  ];
  for (const [title, options] of transcripts) {
    it(`has what the doctor says: ${title}`, async () => {
      const [, shown = ''] = new RegExp(`<!-- doctor: ${title} -->\n\`\`\`\n([^\`]*)\`\`\``).exec(text) ?? [];
      const slack = await startInbox(options);
      try {
        const said = await doctorSays(slack);
        ok(shown.length > 200 && comparable(said).includes(comparable(shown)), said);
      } finally {
        await slack.close();
      }
    });
  }
});

async function doctorSays({ token, apiUrl, channel }: Inbox): Promise<string> {
  const environment = {
    OTEL_EXPORTER_SLACK_TOKEN: token,
    OTEL_EXPORTER_SLACK_API_URL: apiUrl,
    OTEL_EXPORTER_SLACK_CHANNEL: channel,
  };
  const { stdout, stderr } = await otelSlack(['doctor', '--send'], { environment, cwd: tmpdir() });
  equal(stderr, '');
  return stdout;
}

/** Without what differs from run to run, and from machine to machine: what comes first are versions. */
function comparable(said: string): string {
  return said
    .replace(/^[\s\S]*(?=^ {2}✓ Options )/m, '')
    .replace(/\([0-9a-f]{6}\)/g, '(hash)')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:port')
    .replace(/\/p\d+/g, '/p');
}

/** As a shell splits it: words, and what stands between quotes. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
}
