import { deepEqual, equal } from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageTemplate } from '../src/classify/template/template.js';
import { KNOWN_ERRORS } from '../src/slack/errors.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDERS = ['.', 'docs', 'docs/api', 'examples'];
const PAGES = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(ROOT, folder, name)),
);

/** The rows of the table behind a heading, as cells. */
function table(page: string, heading: string): readonly (readonly string[])[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const [, behind = ''] = text.split(`\n## ${heading}\n`);
  const [section = ''] = behind.split('\n## ');
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

/** As GitHub makes them: small letters, no punctuation, a dash for each space. */
function anchors(page: string): readonly string[] {
  const text = readFileSync(page, 'utf8').replaceAll(/^```[\s\S]*?^```/gm, '');
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function isBroken(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), decodeURI(path));
  if (!existsSync(target)) return true;
  return anchor !== undefined && target.endsWith('.md') && !anchors(target).includes(anchor);
}

describe('the documents', () => {
  it('link to files and headings that are there', () => {
    const broken = PAGES.filter((page) => !page.includes('/api/')).flatMap((page) => {
      const text = readFileSync(page, 'utf8');
      return [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)]
        .map(([, link = '']) => link)
        .filter((link) => isBroken(page, link))
        .map((link) => `${relative(ROOT, page)}: ${link}`);
    });
    deepEqual(broken, []);
  });

  it('show the templates that texts have', () => {
    const rows = table('docs/grouping.md', 'Texts').map((cells) => cells.map((cell) => cell.replaceAll('`', '')));
    equal(rows.length, 7);
    for (const [text = '', template] of rows) equal(messageTemplate(text), template);
  });

  it('say of every error of Slack’s that a person must mend what to do', () => {
    const rows = table('docs/troubleshooting.md', 'What Slack says');
    const said = rows.flatMap(([errors = '', remedy]) =>
      errors.split(', ').map((error) => [error.replaceAll('`', ''), remedy]),
    );
    const known = Object.entries(KNOWN_ERRORS).filter(([, { errorClass }]) => errorClass === 'destination');
    deepEqual(
      said,
      known.map(([name, { remedy = '' }]) => [name, remedy.replace('{channel}', 'the channel')]),
    );
  });
});
