import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// Copied to test/line.test.ts by scripts/test-compat.mjs: it runs in mocha's own process, beside the real tests.
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

/** Of the package that `import` finds from here; its package.json is not among its exports. */
function versionOf(name: string): string {
  const entry = createRequire(import.meta.url).resolve(`@opentelemetry/${name}`);
  const home = entry.slice(0, entry.lastIndexOf(`/${name}/`) + name.length + 2);
  return JSON.parse(readFileSync(`${home}package.json`, 'utf8')).version;
}
