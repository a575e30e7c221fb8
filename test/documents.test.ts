import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageText, startInbox } from '../packages/slack-inbox/src/index.js';
import { messageTemplate } from '../src/classify/template/template.js';
import { KNOWN_VARIABLES } from '../src/config/env.js';
import { resolveOptions } from '../src/config/resolve.js';
import { KNOWN_ERRORS } from '../src/slack/errors.js';
import { buildIfStale, ended, killAll, start } from './support/processes.js';
import { IMPORT } from './support/registered.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDERS = ['.', 'docs', 'docs/api', 'examples', 'src', 'packages/otel-slack', 'packages/slack-inbox'];
const PAGES = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(ROOT, folder, name)),
);

const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

/** Returns the cells of the table under a heading. */
function table(page: string, heading: string): readonly (readonly string[])[] {
  const [, behind = ''] = read(page).split(`\n## ${heading}\n`);
  const [section = ''] = behind.split('\n## ');
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

/** The anchors that GitHub creates: lower case, no punctuation, a dash for each space. */
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

/** Returns the code blocks of a page in one language. `mark` selects those after a comment `<!-- mark: … -->`; `note` is its text. */
function snippets(page: string, language: string, mark?: string): readonly { code: string; note: string }[] {
  const before = mark === undefined ? '()' : `<!-- ${mark}: (.*) -->\\n`;
  const pattern = new RegExp(`${before}\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g');
  return [...read(page).matchAll(pattern)].map(([, note = '', code = '']) => ({ code, note }));
}

describe('the documents', () => {
  it('link to files and headings that exist', () => {
    const broken = PAGES.filter((page) => !page.includes('/api/')).flatMap((page) => {
      const text = readFileSync(page, 'utf8');
      return [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)]
        .map(([, link = '']) => link)
        .filter((link) => isBroken(page, link))
        .map((link) => `${relative(ROOT, page)}: ${link}`);
    });
    deepEqual(broken, []);
  });

  it('are all listed in docs/README.md', () => {
    const index = read('docs/README.md');
    const missing = readdirSync(join(ROOT, 'docs')).filter(
      (name) => name.endsWith('.md') && name !== 'README.md' && !index.includes(`(${name}`),
    );
    deepEqual(missing, []);
  });

  it('name only environment variables that exist', () => {
    const unknown = PAGES.flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/OTEL_EXPORTER_SLACK_[A-Z_]*[A-Z]/g)]
        .filter(([name]) => !KNOWN_VARIABLES.includes(name))
        .map(([name]) => `${basename(page)}: ${name}`),
    );
    deepEqual(unknown, []);
  });

  it('show the actual templates of texts', () => {
    const rows = table('docs/grouping.md', 'Texts').map((cells) => cells.map((cell) => cell.replaceAll('`', '')));
    equal(rows.length, 9);
    for (const [text = '', template] of rows) equal(messageTemplate(text), template);
  });

  it('describe the fix of every Slack error that a person must fix', () => {
    const rows = table('docs/troubleshooting.md', 'What Slack says');
    const documented = rows.flatMap(([errors = '', remedy]) =>
      errors.split(', ').map((error) => [error.replaceAll('`', ''), remedy]),
    );
    const known = Object.entries(KNOWN_ERRORS).filter(([, { errorClass }]) => errorClass === 'destination');
    deepEqual(
      documented,
      known.map(([name, { remedy = '' }]) => [name, remedy.replace('{channel}', 'the channel')]),
    );
  });

  it('have valid JSON for every object option', () => {
    const examples = snippets('docs/options.md', 'json').map(({ code }) => JSON.parse(code.replaceAll('…', 'EXAMPLE')));
    const names = examples.flatMap((options) => Object.keys(options));
    for (const name of ['routes', 'mention', 'quietHours', 'fallback', 'redact', 'spool'])
      ok(names.includes(name), name);
    for (const options of examples) {
      const destination = { OTEL_EXPORTER_SLACK_TOKEN: 'xoxb-EXAMPLE', OTEL_EXPORTER_SLACK_CHANNEL: '#general' };
      const environment = options.webhookUrl === undefined ? destination : {};
      const { warnings } = resolveOptions({}, environment, { path: 'slack.json', options });
      deepEqual(warnings, [], JSON.stringify(options));
    }
  });
});

/** Changes code for the installed line of OpenTelemetry. In 3.x, the logs API is part of `@opentelemetry/api`. */
function forInstalledLine(code: string): string {
  try {
    createRequire(import.meta.url).resolve('@opentelemetry/api-logs');
    return code;
  } catch {
    return code.replaceAll("'@opentelemetry/api-logs'", "'@opentelemetry/api'");
  }
}

describe('the pages on migration', function () {
  this.timeout(60_000);
  before(buildIfStale);
  after(killAll);

  for (const name of ['winston', 'pino', 'sentry']) {
    it(`${name}: the code posts the message that the page shows`, async () => {
      const [example] = snippets(`docs/migrate-from-${name}.md`, 'js', 'runs');
      ok(example, 'a snippet that is marked with "runs"');
      const inbox = await startInbox();
      const environment = { OTEL_EXPORTER_SLACK_WEBHOOK_URL: inbox.webhookUrl, NO_PROXY: '127.0.0.1' };
      const child = start([...IMPORT, '--input-type=module', '--eval', forInstalledLine(example.code)], environment);
      const { code, stderr } = await ended(child);
      const texts = inbox.messages().map(messageText);
      await inbox.close();
      deepEqual([code, stderr, texts.length], [0, '', 1]);
      equal(texts[0]?.split('\n')[0], example.note);
      match(texts[0] ?? '', /charge failed/);
    });
  }
});
