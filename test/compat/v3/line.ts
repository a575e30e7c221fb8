import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// scripts/test-compat.mjs copies this file to test/line.test.ts, so that it runs in mocha's process with the other tests.
describe('the line that the tests run on', () => {
  it('is Node 24 with OpenTelemetry 3 and its API', () => {
    const versions = {
      node: process.version,
      ...Object.fromEntries(['sdk-logs', 'core', 'resources', 'api'].map((name) => [name, versionOf(name)])),
    };
    console.log(`line of OpenTelemetry: ${Object.entries(versions).flat().join(' ')}`);
    assert.match(process.version, /^v24\./);
    for (const name of ['sdk-logs', 'core', 'resources']) assert.match(versionOf(name), /^3\./, name);
    assert.match(versionOf('api'), /^1\.10\./);
  });
});

/** Returns the version of the package that `import` finds from here. Reads the file, because it is not among the exports. */
function versionOf(name: string): string {
  const entry = createRequire(import.meta.url).resolve(`@opentelemetry/${name}`);
  const home = entry.slice(0, entry.lastIndexOf(`/${name}/`) + name.length + 2);
  return JSON.parse(readFileSync(`${home}package.json`, 'utf8')).version;
}
