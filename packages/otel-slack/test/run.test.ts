import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { otelSlack } from '../../../test/support/cli.js';
import { COMMANDS } from '../src/commands.js';

const ESC = '\u001b';
const NAMES = COMMANDS.map(({ name }) => name);

describe('otel-slack', () => {
  it('lists its commands with --help and with help', async () => {
    const help = await otelSlack(['--help']);
    deepEqual([help.code, help.stderr], [0, '']);
    match(help.stdout, /^Usage: otel-slack \[options\] \[command\]\n/);
    for (const name of NAMES) match(help.stdout, new RegExp(`^  ${name} `, 'm'));
    deepEqual(await otelSlack(['help']), help);
    deepEqual(await otelSlack(['-h']), help);
  });

  it('prints the help to stderr and ends with 2 without a command', async () => {
    const { stdout: help } = await otelSlack(['--help']);
    deepEqual(await otelSlack([]), { code: 2, stdout: '', stderr: help });
  });

  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    for (const option of ['--version', '-v']) {
      deepEqual(await otelSlack([option]), { code: 0, stdout: `${version}\n`, stderr: '' });
    }
  });

  for (const name of NAMES) {
    it(`explains ${name} with --help: usage, options, examples, in 80 columns`, async () => {
      const help = await otelSlack([name, '--help']);
      deepEqual([help.code, help.stderr], [0, '']);
      match(
        help.stdout,
        new RegExp(`^Usage: otel-slack ${name} \\[options\\][\\s\\S]*\nOptions:\n[\\s\\S]*\nExamples:\n  `),
      );
      match(help.stdout, new RegExp(`\n  .*otel-slack ${name} .*\n$`));
      deepEqual(
        help.stdout.split('\n').filter((line) => line.length > 80),
        [],
      );
      deepEqual(await otelSlack(['help', name]), help);
    });
  }

  it('fits the help to the width of a terminal', async () => {
    const narrow = await otelSlack(['doctor', '--help'], { isTTY: true, columns: 60 });
    const description = narrow.stdout.split('\nExamples:')[0] ?? '';
    ok(Math.max(...description.split('\n').map(({ length }) => length)) <= 60, description);
  });

  it('colors the help and errors on a terminal only', async () => {
    const terminal = { isTTY: true, environment: { TERM: 'xterm' } };
    ok((await otelSlack(['doctor', '--help'], terminal)).stdout.includes(`${ESC}[1mOptions:${ESC}[22m`));
    ok((await otelSlack(['docter'], terminal)).stderr.startsWith(`${ESC}[31motel-slack:${ESC}[39m `));
    const plain = [
      await otelSlack(['doctor', '--help']),
      await otelSlack(['docter']),
      await otelSlack(['docter'], { isTTY: true, environment: { TERM: 'xterm', NO_COLOR: '1' } }),
      await otelSlack(['docter'], { isTTY: true, environment: { TERM: 'dumb' } }),
    ];
    for (const { stdout, stderr } of plain) equal((stdout + stderr).includes(ESC), false);
    ok((await otelSlack(['docter'], { environment: { FORCE_COLOR: '1' } })).stderr.startsWith(`${ESC}[31m`));
  });

  const mistakes: readonly (readonly [args: readonly string[], stderr: RegExp])[] = [
    [['docter'], /^otel-slack: unknown command 'docter'\n\(Did you mean doctor\?\)\nSee otel-slack --help\n$/],
    [['xyz'], /^otel-slack: unknown command 'xyz'\nSee otel-slack --help\n$/],
    [['--json', 'doctor'], /unknown option '--json'; options of doctor follow its name: otel-slack doctor --json\n/],
    [['--zzz'], /^otel-slack: unknown option '--zzz'\nSee otel-slack --help\n$/],
    [
      ['doctor', '--jsn'],
      /^otel-slack doctor: unknown option '--jsn'\n\(Did you mean --json\?\)\nSee otel-slack doctor --help\n$/,
    ],
    [['doctor', 'now'], /too many arguments for 'doctor'\. Expected 0 arguments but got 1\./],
    [['doctor', '--config'], /option '--config <file>' argument missing/],
    [['doctor', '--config', '--json'], /argument '--json' is invalid\. Expected a value that is not another option\./],
    [['doctor', '--config='], /argument '' is invalid\. Expected a value/],
    [['doctor', '--json=yes'], /^otel-slack doctor: option '--json' takes no value\n/],
    [['inbox', '--port', 'http'], /argument 'http' is invalid\. Expected a whole number from 0 to 65535\./],
    [['inbox', '--port', '65536'], /argument '65536' is invalid\. Expected a whole number/],
    [['inbox', '--port', '-1'], /argument '-1' is invalid\./],
    [['inbox', '--channels', ', ,'], /argument ', ,' is invalid\. Expected names with commas between/],
    [['preview'], /^otel-slack preview: missing required argument 'file'\nSee otel-slack preview --help\n$/],
    [['manifest', '--name', 'x'.repeat(36)], /is invalid\. Expected 1 to 35 characters in one line, got 36\./],
    [['manifest', '--webhook', '--public'], /option '--webhook' cannot be used with option '--public'/],
    [['manifest', '--no-answers', '--webhook'], /option '--webhook' cannot be used with option '--no-answers'/],
  ];
  for (const [args, stderr] of mistakes) {
    it(`explains the mistake in: ${args.join(' ').slice(0, 40)}`, async () => {
      const result = await otelSlack(args);
      deepEqual([result.code, result.stdout], [2, '']);
      match(result.stderr, stderr);
      doesNotMatch(result.stderr, /\n {4}at |^error:/m);
    });
  }

  it('does not repeat the value of an unknown option, which may be a secret', async () => {
    for (const args of [
      ['doctor', '--tokn=hunter2'],
      ['doctor', '--jsn=hunter2'],
      ['--token=hunter2', 'doctor'],
    ]) {
      const { code, stderr } = await otelSlack(args);
      equal(code, 2);
      match(stderr, /unknown option '--[a-z]+'/);
      doesNotMatch(stderr, /hunter2/);
    }
  });

  it('takes options before and behind the file', async () => {
    for (const args of [
      ['preview', '--quiet', '-'],
      ['preview', '-', '--quiet'],
    ]) {
      const { code, stdout } = await otelSlack(args, { stdin: '{"resourceLogs":[]}\n' });
      deepEqual([code, /^Read +0 records/.test(stdout)], [1, true], stdout);
    }
  });
});
