import { deepEqual, equal, match, throws } from 'node:assert/strict';
import { createRequire } from 'node:module';
import { LeakWatch } from './support/leaks.js';
import { type Ended, ended, start } from './support/processes.js';

const MOCHA = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
const HOOKS = './test/support/leak-hooks.ts';
/** Built from parts, because this suite is searched too. */
const TOKEN = ['xoxb', '12', 'planted'].join('-');
const PATH = ['', 'services', 'T0', 'B0', 'planted'].join('/');

describe('the search for secrets in test output', () => {
  function leaksOf(...texts: readonly string[]): number {
    const watch = new LeakWatch();
    for (const text of texts) watch.scan('here', text);
    return watch.leaks.length;
  }

  it('finds tokens and the paths of webhooks in every encoding', () => {
    const found = [
      `a ${TOKEN} b`,
      TOKEN.toUpperCase(),
      `https://h${PATH}`,
      PATH.replaceAll('/', '\\/'),
      PATH.replaceAll('/', '%2F'),
    ];
    for (const text of found) equal(leaksOf(text), 1, text);
    equal(leaksOf(`${TOKEN} ${PATH}`), 2);
  });

  it('finds none in texts about them', () => {
    const innocent = [
      'a bot token that begins with "xoxb-"',
      'https://hooks.slack.com/services/…',
      '(xoxb-…)',
      'services/shop',
    ];
    equal(leaksOf(...innocent), 0);
  });

  it('finds a secret that is written in two pieces, once', () => {
    for (let at = 1; at < TOKEN.length; at++) {
      const watch = new LeakWatch();
      for (const piece of ['before ', TOKEN.slice(0, at), TOKEN.slice(at), ' behind', ' and more']) {
        watch.scanChunk('stdout', piece);
      }
      equal(new Set(watch.leaks.map(({ where }) => where)).size, 1, `torn at ${at}`);
    }
  });

  it('reports the place and the test, and not the secret', () => {
    const watch = new LeakWatch();
    watch.verify();
    watch.during = 'a test';
    watch.scan('diag', `posting with ${TOKEN}`);
    throws(
      () => watch.verify(),
      ({ message }: Error) => {
        match(message, /secrets leaked 1 times:\ndiag, during “a test”: posting with xoxb-1…$/);
        return !message.includes('planted');
      },
    );
  });

  describe('of a whole suite', function () {
    // Starts processes, possibly on a busy machine.
    this.timeout(60_000);

    async function run(environment: Readonly<Record<string, string>>): Promise<Ended> {
      const args = [
        '--no-config',
        '--node-option',
        'import=tsx',
        '--timeout',
        '30000',
        '--require',
        HOOKS,
        'test/children/leaking.ts',
      ];
      return ended(start([MOCHA, ...args], environment));
    }

    it('passes a suite that writes no secret', async () => {
      const { code, stdout } = await run({ LEAKING: 'false' });
      match(stdout, /9 passing/);
      equal(code, 0);
    });

    it('fails a suite that writes one, in each way', async () => {
      const { code, stdout } = await run({ LEAKING: 'true' });
      match(stdout, /9 passing[\s\S]+1 failing[\s\S]+secrets leaked/);
      const ways = [...stdout.matchAll(/^ *(.+), during “leaking (.+)”:/gm)].map(
        ([, where, test]) => `${test}: ${where}`,
      );
      deepEqual([...new Set(ways)].toSorted(), [
        'a file: a file',
        'a message: a message',
        'a metric: a metric',
        'a process: a process',
        'an error of ours: an error',
        'diag with a listener: diag',
        'diag without one: diag',
        'stderr: stderr',
        'stdout: stdout',
      ]);
      equal(code, 1);
    });
  });
});
