import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { SHOWS_ITS_INBOX } from '../../../test/support/leaks.js';
import { buildIfStale, ended, killAll, start } from '../../../test/support/processes.js';
import { startInbox } from '../src/index.js';
import { callApi, closeInboxes, inboxWith } from './support.js';

const text = readFileSync(new URL('../../../docs/inbox.md', import.meta.url), 'utf8');
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const snippets = snippetsOf(text);

function snippetsOf(page: string): string[] {
  return [...page.matchAll(/```js\n(.*?)```/gs)].map(([, code = '']) => code);
}

async function assertRuns(code: string): Promise<void> {
  const { code: exitCode, stderr } = await ended(start([SHOWS_ITS_INBOX, '--input-type=module', '--eval', code]));
  assert.deepEqual({ exitCode, stderr }, { exitCode: 0, stderr: '' });
}

/** Returns the names in the first column of the table under a heading. */
function firstColumn(head: string): string[] {
  const [, table = ''] = text.split(head);
  const rows = /^(?:\|.*\n)+/m.exec(table)?.[0].split('\n').slice(1) ?? [];
  return rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name));
}

/** Returns the names that an error lists after the text `before`. */
async function listed(attempt: Promise<unknown>, before: string): Promise<string[]> {
  const message = await attempt.then(String, (error: Error) => error.message);
  return (
    message
      .split(before)[1]
      ?.split(/, got|$/)[0]
      ?.split(', ') ?? []
  );
}

describe('inbox: docs/inbox.md', () => {
  before(function () {
    this.timeout(60_000);
    buildIfStale();
  });
  afterEach(closeInboxes);
  after(killAll);

  it('has snippets that run', async () => {
    const [starting = '', testing = '', faulty = ''] = snippets;
    assert.equal(snippets.length, 3);
    await assertRuns(testing);
    await assertRuns(`${starting.replace('8025', '0')}\n${faulty}\nawait inbox.close();`);
  });

  it('has a README with snippets that run', async () => {
    const shown = snippetsOf(readme);
    assert.equal(shown.length, 2);
    for (const code of shown) await assertRuns(code);
  });

  it('names all options', async () => {
    const options = await listed(startInbox({ thingamajig: 1 } as object), 'it has ');
    assert.deepEqual(firstColumn('| option |').sort(), options.sort());
  });

  it('names all kinds of faults', async () => {
    const kinds = await listed(startInbox({ faults: [{ kind: 'explode' }] } as object), 'expected one of ');
    assert.deepEqual(firstColumn('| kind |').sort(), kinds.sort());
  });

  it('names all methods of the Web API', async () => {
    const inbox = await inboxWith();
    const [, list = ''] = /of the Web API, (.*?)\. Other methods/s.exec(text) ?? [];
    let family = '';
    for (const [, name = ''] of list.matchAll(/`([\w.]+)`/g)) {
      const method = name.startsWith('.') ? family + name : name;
      family = method.split('.')[0] ?? '';
      assert.notEqual((await callApi(inbox, method)).error, 'unknown_method', method);
    }
    assert.match(list, /chat\.getPermalink/);
  });
});
