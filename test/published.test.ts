import { deepEqual, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const PACKAGE = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** What npm runs in the project of whoever installs a package. Source: https://docs.npmjs.com/cli/using-npm/scripts */
const INSTALL_SCRIPTS = [
  'preinstall',
  'install',
  'postinstall',
  'preprepare',
  'prepare',
  'postprepare',
  'dependencies',
];

describe('the published package', () => {
  it('runs no install script', () => {
    deepEqual(
      INSTALL_SCRIPTS.filter((name) => Object.hasOwn(PACKAGE.scripts, name)),
      [],
    );
    equal(PACKAGE.gypfile, undefined);
  });

  it('needs three packages at run time, and bundles none', () => {
    deepEqual(Object.keys(PACKAGE.dependencies), ['@opentelemetry/core', '@slack/types', 'undici']);
    equal(PACKAGE.bundleDependencies ?? PACKAGE.bundledDependencies, undefined);
  });

  it('is public, has provenance, and contains the documents that users need', () => {
    deepEqual(PACKAGE.publishConfig, { access: 'public', provenance: true });
    for (const file of ['README.md', 'CHANGELOG.md', 'SECURITY.md', 'LICENSE']) ok(PACKAGE.files.includes(file), file);
  });
});
