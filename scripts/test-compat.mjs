// The tests on Node 24 with OpenTelemetry 3; one alert through each older form of the SDK; and what users write,
// compiled against both lines with every module resolution.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installFresh, installLine3, makeFolder, onNode, pack, ROOT } from './installs.mjs';
import { createSteps, run } from './steps.mjs';

/** What the tests need of the repository. Not test/package and test/compat, which are not mocha's. */
const COPIED = [
  ...['src', 'packages', 'test', 'examples', 'bench', 'chaos', 'scripts', '.mocharc.json', 'package.json'],
  // The tests of the documents try what they show.
  ...['docs', 'README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...['tsconfig.json', 'tsconfig.types.json'],
];
const NOT_COPIED = /[\\/](test[\\/](compat|package)|packages[\\/][^\\/]+[\\/]build|node_modules)$/;

/** How the output of test/compat/v3/line.ts begins. */
const LINE_TEST = 'line of OpenTelemetry: node v24.';

/** Of each older form of `BatchLogRecordProcessor` the first version that we promise, or the last one that had it. */
const OLDER_SDKS = ['0.203.0', '0.219.0'];

/** @type {Record<string, string>} TypeScript by the name under which it is installed */
const COMPILERS = { 'typescript-5': 'npm:typescript@5.9.3', typescript: '7.0.2' };
/** TypeScript 7 no longer has node10, which many older projects still have. */
const RESOLUTIONS = [
  { name: 'node10', compilers: ['typescript-5'], module: 'commonjs', files: ['consumer.ts'] },
  { name: 'node16', compilers: Object.keys(COMPILERS), module: 'node16', files: ['consumer.mts', 'consumer.cts'] },
  { name: 'nodenext', compilers: Object.keys(COMPILERS), module: 'nodenext', files: ['consumer.mts', 'consumer.cts'] },
  { name: 'bundler', compilers: Object.keys(COMPILERS), module: 'esnext', files: ['consumer.ts'] },
];

const { step, end } = createSteps();
const line3 = await step('install OpenTelemetry 3 and Node 24', installLine3);
if (line3) await runTests(line3);
const packed = await step('pack', pack);
const tarballs = packed && [packed.exporter.tarball, packed.inbox.tarball];
if (tarballs) await runOlderSdks(tarballs);
if (tarballs && line3) await compileConsumers(tarballs, line3.node24);
end();

/** In a copy beside the other node_modules, so that the same imports find the other line. */
async function runTests({ folder, node24 }) {
  const copy = makeFolder('compat-v3');
  for (const path of COPIED.filter((path) => existsSync(join(ROOT, path)))) {
    mkdirSync(join(copy, path, '..'), { recursive: true });
    cpSync(join(ROOT, path), join(copy, path), { recursive: true, filter: (from) => !NOT_COPIED.test(from) });
  }
  migrateExamples(join(copy, 'examples'));
  cpSync(join(ROOT, 'test', 'compat', 'v3', 'line.ts'), join(copy, 'test', 'line.test.ts'));
  linkPackages(join(folder, 'node_modules'), copy);
  const options = { cwd: copy, env: onNode(node24) };

  await step('the sources build on Node 24 against OpenTelemetry 3', async () => {
    await run(node24, ['scripts/build.mjs', '--no-types'], options);
    await run(node24, ['node_modules/typescript/bin/tsc', '--project', 'tsconfig.types.json'], options);
  });
  await step('mocha on Node 24 with OpenTelemetry 3', async () => {
    const args = ['node_modules/mocha/bin/mocha.js', '--reporter', 'dot'];
    const output = await run(node24, args, options).catch((error) => {
      printSummary(error.message);
      throw error;
    });
    printSummary(output.all);
    // It asserts the versions in mocha's own process; without it the rest proves nothing.
    if (!output.all.includes(LINE_TEST)) throw new Error(`test/line.test.ts did not run\n${output.all}`);
  });
}

/** The packages of the other line, and slack-inbox of the copy, which npm links for a workspace. */
function linkPackages(from, copy) {
  const to = join(copy, 'node_modules');
  mkdirSync(to);
  for (const name of readdirSync(from)) symlinkSync(join(from, name), join(to, name));
  symlinkSync(join(copy, 'packages', 'slack-inbox'), join(to, 'slack-inbox'));
}

function printSummary(output) {
  const lines = output.split('\n');
  const isSummary = (line) => line.startsWith(LINE_TEST) || /^ +\d+ (passing|pending|failing)/.test(line);
  console.log(lines.filter(isSummary).join('\n'));
}

/** What an app changes for OpenTelemetry 3: the logs API is part of the one API. */
function migrateExamples(folder) {
  for (const name of readdirSync(folder, { recursive: true }).filter((name) => /\.[cm]?[jt]s$/.test(name))) {
    const file = join(folder, name);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll("'@opentelemetry/api-logs'", "'@opentelemetry/api'"));
  }
}

async function runOlderSdks(tarballs) {
  for (const version of OLDER_SDKS) {
    await step(`sdk-logs ${version} exports an alert on Node ${process.version}`, async () => {
      const packages = [...tarballs, `@opentelemetry/sdk-logs@${version}`, '@opentelemetry/api@1.9.1'];
      const folder = await installFresh({ name: 'older', packages });
      cpSync(join(ROOT, 'test', 'compat', 'older', 'export-alert.mjs'), join(folder, 'export-alert.mjs'));
      await run(process.execPath, ['export-alert.mjs', version], { cwd: folder, timeoutMillis: 30_000 });
    });
  }
}

async function compileConsumers(tarballs, node24) {
  const lines = [
    { line: '0.223', node: process.execPath, sdk: '0.223.1', api: '1.9.1', types: '20.19.43' },
    { line: '3', node: node24, sdk: '3.1.1', api: '1.10.0', types: '24.19.2' },
  ];
  for (const { line, node, sdk, api, types } of lines) {
    const folder = await step(`install beside sdk-logs ${sdk} and TypeScript 5 and 7`, () =>
      installFresh({
        name: `consumers-${line}`,
        node,
        packages: [
          ...tarballs,
          ...[`@opentelemetry/sdk-logs@${sdk}`, `@opentelemetry/api@${api}`, `@types/node@${types}`],
          ...Object.entries(COMPILERS).map(([name, version]) => `${name}@${version}`),
        ],
      }),
    );
    if (folder === undefined) continue;
    for (const resolution of RESOLUTIONS) await compile({ folder, node, line, resolution });
  }
}

async function compile({ folder, node, line, resolution: { name, compilers, module, files } }) {
  for (const file of files) cpSync(join(ROOT, 'test', 'compat', 'consumers', 'consumer.ts'), join(folder, file));
  const compilerOptions = {
    ...{ target: 'es2022', lib: ['es2022'], types: ['node'], noEmit: true },
    ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false },
    ...{ module, moduleResolution: name },
  };
  const project = join(folder, `tsconfig.${name}.json`);
  writeFileSync(project, JSON.stringify({ compilerOptions, files }));
  for (const compiler of compilers) {
    const home = join(folder, 'node_modules', compiler);
    const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
    await step(`sdk-logs ${line}: TypeScript ${version}, ${name}, ${files.join(' and ')}`, () =>
      run(node, [join(home, 'bin', 'tsc'), '--project', project], { cwd: folder }),
    );
  }
}
