import { deepEqual, equal, ok } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ROWS } from './rows.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A row of the table: a fault, its outcome, and the tests of the outcome. */
interface DocumentedRow {
  readonly fault: string;
  readonly tests: readonly { readonly file: string; readonly title: string }[];
}

/** A file, and the titles of its tests. A title that ends with `…` is the start of a longer one. */
const NAMED = /`(test\/[\w./-]+\.test\.ts)`|“([^”]+)”/g;

/** Returns the rows of the table whose first column has this title. The last column names the tests. */
function documentedRows(title: 'fault' | 'number'): readonly DocumentedRow[] {
  const lines = readFileSync(`${ROOT}docs/reliability.md`, 'utf8').split('\n');
  const from = lines.findIndex((line) => line.startsWith(`| ${title} |`));
  ok(from >= 0, 'there is a table');
  const end = lines.findIndex((line, at) => at > from && !line.startsWith('|'));
  return lines.slice(from + 2, end).map((line) => {
    const cells = line.split(/(?<!\\)\|/).slice(1, -1);
    return { fault: cells[0]?.trim() ?? '', tests: [...namedTests(cells.at(-1) ?? '')] };
  });
}

function* namedTests(text: string): Generator<DocumentedRow['tests'][number]> {
  let file = '';
  for (const [, path, title] of text.matchAll(NAMED)) {
    if (path !== undefined) file = path;
    else if (title !== undefined) yield { file, title };
  }
}

/** Returns the titles of the tests that run, by file. Skipped tests are not among them. */
async function titlesIn(files: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
  const args = [mocha, '--no-config', '--node-option', 'import=tsx', '--dry-run', '--reporter', 'json', ...files];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 });
  const { passes } = JSON.parse(stdout) as {
    readonly passes: readonly { readonly file: string; readonly title: string }[];
  };
  return new Map(
    files.map((file) => [file, passes.filter((test) => test.file.endsWith(file)).map(({ title }) => title)]),
  );
}

describe('docs/reliability.md', function () {
  // Starts mocha, which takes long on a busy machine.
  this.timeout(60_000);

  it('has a row for each fault, in order, and each row names a test', () => {
    const rows = documentedRows('fault');
    deepEqual(
      rows.map(({ fault }) => fault),
      ROWS,
    );
    deepEqual(
      rows.filter(({ tests }) => tests.length === 0).map(({ fault }) => fault),
      [],
    );
  });

  it('has the attacks in the order of their numbers, and each row names tests that begin with its number', () => {
    const rows = documentedRows('number');
    const numbers = rows.map(({ fault }) => Number(/^A(\d+)$/.exec(fault)?.[1]));
    deepEqual(
      numbers,
      numbers.toSorted((a, b) => a - b),
    );
    for (const { fault, tests } of rows) {
      ok(tests.length > 0, fault);
      for (const { title } of tests) ok(title.startsWith(`${fault}: `), `${fault}: ${title}`);
    }
  });

  it('names only tests that exist', async () => {
    const tests = [...documentedRows('fault'), ...documentedRows('number')].flatMap((row) => row.tests);
    const titles = await titlesIn([...new Set(tests.map(({ file }) => file))]);
    const isThere = ({ file, title }: (typeof tests)[number]): boolean =>
      titles.get(file)?.some((each) => (title.endsWith('…') ? each.startsWith(title.slice(0, -1)) : each === title)) ===
      true;
    deepEqual(
      tests.filter((test) => !isThere(test)),
      [],
    );
    equal(tests.length > ROWS.length, true);
  });
});
