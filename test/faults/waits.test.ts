import { deepEqual, ok } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Modules whose functions wait for something outside the process, or for another thread. */
const OUTSIDE =
  /^(?:node:)?(?:fs|fs\/promises|dns|dns\/promises|net|tls|dgram|http|https|http2|worker_threads|child_process|undici)$/;

/** Names of these modules that wait for nothing. */
const QUICK = new Set([
  ...['Agent', 'constants', 'isMainThread', 'workerData', 'getEnvironmentData', 'setEnvironmentData'],
  ...['isIP', 'isIPv4', 'isIPv6', 'EnvHttpProxyAgent', 'ProxyAgent', 'BroadcastChannel'],
]);

const IMPORT = /^import (type (?=[\w*{]))?(?:(\w+)(?:, )?)?(?:\* as (\w+))?(?:\{([^}]*)\})? from '([^']+)'/gm;

/** Returns the calls in a file that wait: `fs.open`, `request`, `Atomics.wait`. */
function waitsIn(file: string): readonly string[] {
  const text = readFileSync(`${ROOT}${file}`, 'utf8');
  const waits = new Set([...text.matchAll(/\bAtomics\.wait(?:Async)?\b/g)].map(([name]) => name));
  for (const [, isType, byDefault, asNamespace, names = '', from = ''] of text.matchAll(IMPORT)) {
    if (isType !== undefined || !OUTSIDE.test(from)) continue;
    const namespace = byDefault ?? asNamespace;
    const called = namespace === undefined ? [] : text.matchAll(new RegExp(`\\b${namespace}\\.(\\w+)\\(`, 'g'));
    for (const [call] of called) waits.add(call.slice(0, -1));
    for (const name of names.split(',').map((each) => each.trim())) {
      const [original = '', own = original] = name.split(' as ');
      if (original !== '' && !original.startsWith('type ') && !QUICK.has(original)) waits.add(own);
    }
  }
  if (/\brequire\('undici'\)|import undici = require/.test(text)) waits.add('undici');
  return [...waits].sort();
}

/** Returns the calls of each file that has any. */
function waits(): Readonly<Record<string, readonly string[]>> {
  const files = readdirSync(`${ROOT}src`, { recursive: true, encoding: 'utf8' }).map((name) => `src/${name}`);
  const sources = files.filter((file) => /\.c?ts$/.test(file)).sort();
  return Object.fromEntries(
    sources.map((file) => [file, waitsIn(file)]).filter(([, found]) => (found ?? []).length > 0),
  );
}

interface DocumentedWait {
  readonly file: string;
  readonly calls: readonly string[];
  readonly limit: string;
}

/** The rows of the table in docs/reliability.md. */
function documentedWaits(): readonly DocumentedWait[] {
  const lines = readFileSync(`${ROOT}docs/reliability.md`, 'utf8').split('\n');
  const from = lines.findIndex((line) => line.startsWith('| file | calls |'));
  ok(from >= 0, 'there is a table of waits');
  const end = lines.findIndex((line, at) => at > from && !line.startsWith('|'));
  return lines.slice(from + 2, end).map((line) => {
    const [file = '', calls = '', , limit = ''] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    const names = [...calls.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    return { file: file.replaceAll('`', ''), calls: names.sort(), limit };
  });
}

describe('the waits of the exporter', () => {
  it('are all in the table of docs/reliability.md, and no others', () => {
    const documented = Object.fromEntries(documentedWaits().map(({ file, calls }) => [file, calls]));
    deepEqual(documented, waits());
  });

  it('each have a limit, cannot hang, or end before the app runs', () => {
    const isLimited = /\d s\b|`timeoutMillis`|cannot hang|at the start of the process/;
    const unlimited = documentedWaits().filter(({ limit }) => !isLimited.test(limit));
    deepEqual(unlimited, []);
  });

  it('are found in any form of import', () => {
    deepEqual(waits()['src/spool/disk/files.ts']?.includes('fs.open'), true);
    ok(waits()['src/shutdown/last-words.ts']?.includes('Atomics.wait'));
  });
});
