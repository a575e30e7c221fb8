// `npm run docs`: writes docs/api/ and the table in docs/options.md from the types and their docstrings.
// With --check it writes nothing and names the pages that are out of date.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application, ReflectionKind, TSConfigReader } from 'typedoc';
import { VARIABLES } from '../../src/config/env.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TABLE = /(?<=<!-- options: made by npm run docs -->\n)[\s\S]*?(?=<!-- end of options -->)/;

/** The page of each package, by the folder of its entry, as typedoc names the entry. */
const PAGES = { src: 'index', 'packages/slack-inbox/src': 'slack-inbox' };

const project = await readTypes();
const made = { ...(await apiPages(project.app, project.types)), 'docs/options.md': optionsPage(project.types) };
const left = readdirSync(join(ROOT, 'docs', 'api'))
  .map((name) => `docs/api/${name}`)
  .filter((path) => made[path] === undefined);
const stale = Object.entries(made).filter(([path, text]) => readIfThere(path) !== text);
if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`${path} is not what the types say: run npm run docs`);
  for (const path of left) console.error(`${path} belongs to no package: run npm run docs`);
  process.exitCode = stale.length + left.length > 0 ? 1 : 0;
} else {
  for (const [path, text] of stale) {
    writeFileSync(join(ROOT, path), text);
    console.log(`${path} written`);
  }
  for (const path of left) {
    rmSync(join(ROOT, path));
    console.log(`${path} removed`);
  }
}

async function readTypes() {
  const app = await Application.bootstrapWithPlugins(
    {
      plugin: ['typedoc-plugin-markdown'],
      entryPoints: Object.keys(PAGES).map((path) => join(ROOT, path, 'index.ts')),
      tsconfig: join(ROOT, 'tsconfig.json'),
      excludeInternal: true,
      logLevel: 'Error',
      readme: 'none',
      sort: ['source-order'],
      excludeExternals: true,
      disableSources: true,
      hideGenerator: true,
      outputFileStrategy: 'modules',
      hidePageTitle: true,
      hideBreadcrumbs: true,
      hidePageHeader: true,
      indexFormat: 'table',
      parametersFormat: 'table',
      interfacePropertiesFormat: 'table',
      typeDeclarationFormat: 'table',
      tableColumnSettings: { hideModifiers: true, hideInherited: true, hideOverrides: true, hideSources: true },
    },
    [new TSConfigReader()],
  );
  const types = await app.convert();
  if (types === undefined) throw new Error('the types cannot be read: see above');
  for (const entry of types.children) entry.name = PAGES[entry.name] ?? entry.name;
  return { app, types };
}

/** The pages, by their paths in the repository. */
async function apiPages(app, types) {
  const directory = mkdtempSync(join(tmpdir(), 'docs-'));
  try {
    app.options.setValue('outputs', [{ name: 'markdown', path: directory }]);
    await app.generateOutputs(types);
    return Object.fromEntries(
      readdirSync(directory).map((name) => [`docs/api/${name}`, readFileSync(join(directory, name), 'utf8')]),
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function optionsPage(types) {
  const text = readIfThere('docs/options.md');
  if (!TABLE.test(text)) throw new Error('docs/options.md: expected the two comments around the table, found none');
  return text.replace(TABLE, () => optionsTable(types));
}

function optionsTable(types) {
  const variables = new Map(VARIABLES.map(({ option, name }) => [option, name.replace('OTEL_EXPORTER_SLACK_', '')]));
  const [options] = types
    .getReflectionsByKind(ReflectionKind.Interface)
    .filter(({ name }) => name === 'SlackExporterOptions');
  const rows = options.children.map((option) => {
    const variable = variables.get(option.name);
    return [`\`${option.name}\``, variable ? `\`${variable}\`` : '', defaultOf(option), whatItIs(option)];
  });
  const head = [
    ['option', 'variable `OTEL_EXPORTER_SLACK_…`', 'default', ''],
    ['---', '---', '---', '---'],
  ];
  return [...head, ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** The first paragraph of what is said of it, without its variable. */
function whatItIs({ comment }) {
  const [paragraph = ''] = textOf(comment.summary).split('\n\n');
  return paragraph
    .replaceAll('\n', ' ')
    .replace(/ ?Variable: .*$/, '')
    .replaceAll('|', '\\|')
    .trim();
}

/** As people write it: without quotes, and 10_000 is 10,000. */
function defaultOf({ comment }) {
  const tag = comment.blockTags.find((block) => block.tag === '@default');
  if (tag === undefined) return '';
  const [, text] = /^(?:```\w*\n)?'?(.*?)'?(?:\n```)?$/.exec(textOf(tag.content)) ?? [];
  return `\`${text.replaceAll('_', ',')}\``;
}

function textOf(parts) {
  return parts.map(({ text }) => text).join('');
}

function readIfThere(path) {
  try {
    return readFileSync(join(ROOT, path), 'utf8');
  } catch {
    return '';
  }
}
