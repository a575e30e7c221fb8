import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { EXPORTER, INBOX } from './packages.mjs';

const COMPILER = {
  compilerOptions: {
    ...{ module: 'nodenext', moduleResolution: 'nodenext', target: 'es2023', lib: ['es2023'] },
    ...{ types: ['node'], strict: true, skipLibCheck: true },
  },
};

/** Findings of API Extractor that are no mistakes here: no release tags, members without a comment, types outside the exports. */
const IGNORED = ['ae-missing-release-tag', 'ae-forgotten-export', 'ae-unresolved-link', 'ae-undocumented'];

/** What tsc writes: one declaration file for each source file. API Extractor makes one of them for each entry. */
const DECLARATIONS = join(EXPORTER, 'build', 'declarations');

/** The entries of the packages that have types. `report`: the committed list of all that the entry exports. */
const ENTRIES = [
  { folder: EXPORTER, name: 'index', declaration: 'src/index.d.ts', report: 'opentelemetry-exporter-slack' },
  { folder: EXPORTER, name: 'register', declaration: 'src/register/index.d.ts' },
  { folder: INBOX, name: 'index', declaration: 'packages/slack-inbox/src/index.d.ts', report: 'slack-inbox' },
];

/** Writes one .d.ts for `import` and one .d.cts for `require` for each entry. Throws when a source has a wrong type. */
export function buildTypes() {
  emitDeclarations();
  for (const { folder, name, declaration } of ENTRIES) {
    const rollup = join(folder, 'build', `${name}.d.ts`);
    extract(folder, declaration, { dtsRollup: { enabled: true, untrimmedFilePath: rollup } });
    writeFileSync(rollup.replace(/\.ts$/, '.cts'), readFileSync(rollup));
  }
}

/** Compares the exports with the committed reports; with `write` it writes the reports. Gives the names of those that differ. */
export function compareReports({ write }) {
  emitDeclarations();
  return ENTRIES.filter(({ report }) => report !== undefined)
    .filter(({ folder, declaration, report }) => {
      const reportFolder = join(EXPORTER, 'etc');
      mkdirSync(reportFolder, { recursive: true });
      const apiReport = {
        enabled: true,
        reportFileName: `${report}.api.md`,
        reportFolder,
        reportTempFolder: DECLARATIONS,
      };
      return extract(folder, declaration, { apiReport, isLocal: write }).apiReportChanged && !write;
    })
    .map(({ report }) => `etc/${report}.api.md`);
}

function emitDeclarations() {
  rmSync(DECLARATIONS, { recursive: true, force: true });
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const args = [tsc, '--project', join(EXPORTER, 'tsconfig.types.json')];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error('tsc found the errors above');
}

function extract(folder, declaration, { isLocal = true, ...outputs }) {
  const mainEntryPointFilePath = join(DECLARATIONS, declaration);
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(folder, 'package.json'),
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath,
      compiler: { overrideTsconfig: { ...COMPILER, files: [mainEntryPointFilePath] } },
      newlineKind: 'lf',
      messages: {
        extractorMessageReporting: {
          default: { logLevel: 'error' },
          ...Object.fromEntries(IGNORED.map((id) => [id, { logLevel: 'none' }])),
        },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
      ...outputs,
    },
  });
  const result = Extractor.invoke(config, { localBuild: isLocal, messageCallback: show });
  if (result.errorCount > 0) throw new Error(`API Extractor found errors in ${declaration}, see above`);
  return result;
}

/** Prints errors. The progress of API Extractor, and that a report differs, are left out. */
function show(message) {
  if (message.logLevel === 'error') console.error(`${message.sourceFilePath ?? ''} ${message.text}`);
  message.handled = true;
}
