import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfigFile } from '../../src/config/config-file.js';

describe('the JSON file with options', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'otel-slack-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function written(content: string): string {
    const path = join(folder, 'slack.json');
    writeFileSync(path, content);
    return path;
  }

  it('is read as JSON, with or without a byte order mark', () => {
    const path = written('{ "channel": "#alerts" }');
    assert.deepEqual(readConfigFile(path), { path, options: { channel: '#alerts' } });
    assert.deepEqual(readConfigFile(written('\ufeff{}')).options, {});
  });

  it('causes a problem when it does not exist', () => {
    const path = join(folder, 'none.json');
    assert.deepEqual(readConfigFile(path), { path, problem: 'the file cannot be read (ENOENT)' });
  });

  it('causes a problem when its path is a folder or invalid', () => {
    assert.deepEqual(readConfigFile(folder).problem, 'expected a file, got something else');
    assert.match(readConfigFile('a\0b').problem ?? '', /^the file cannot be read/);
  });

  it('is not read above 1 MiB', () => {
    const padding = ' '.repeat(1_048_577);
    assert.equal(readConfigFile(written(padding)).problem, 'expected a file of at most 1 MiB, got 1048577 bytes');
    assert.deepEqual(readConfigFile(written(`{}${padding.slice(3)}`)).options, {});
  });

  for (const content of ['[]', 'null', '"text"', '5']) {
    it(`causes a problem with the content ${content}`, () => {
      assert.equal(readConfigFile(written(content)).problem, 'expected an object with options');
    });
  }

  it('causes a problem when it is not JSON, and is never quoted', () => {
    for (const content of ['', '{', '{ "token": xoxb-1-secret }', '{"token":"xoxb-1-secret",}', 'xoxb-1-secret']) {
      const { problem, options } = readConfigFile(written(content));
      assert.match(problem ?? '', /^expected JSON(; syntax error in line \d+, column \d+)?$/);
      assert.equal(options, undefined);
    }
  });

  it('reports the position of a syntax error, if V8 does', () => {
    const { problem } = readConfigFile(written('{\n  "channel": "#alerts"\n  "token": 1\n}'));
    assert.equal(problem, 'expected JSON; syntax error in line 3, column 3');
  });
});
