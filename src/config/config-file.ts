import { readFileSync, statSync } from 'node:fs';
import type { ConfigFile } from './settings.js';

const MAX_BYTES = 1_048_576;

/** Reads the JSON file with options. Never throws. A problem never quotes the file, which may contain secrets. */
export function readConfigFile(path: string): ConfigFile {
  const text = readText(path);
  if ('problem' in text) return { path, ...text };
  return { path, ...parseOptions(text.text) };
}

function readText(path: string): { readonly text: string } | { readonly problem: string } {
  try {
    const stats = statSync(path);
    // Reading a pipe could block the app without end.
    if (!stats.isFile()) return { problem: 'expected a file, got something else' };
    if (stats.size > MAX_BYTES) return { problem: `expected a file of at most 1 MiB, got ${stats.size} bytes` };
    return { text: readFileSync(path, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { problem: `the file cannot be read${code === undefined ? '' : ` (${code})`}` };
  }
}

function parseOptions(text: string): Omit<ConfigFile, 'path'> {
  // Editors on Windows begin a file with a byte order mark.
  const json = text.replace(/^\ufeff/, '');
  try {
    const options: unknown = JSON.parse(json);
    if (typeof options === 'object' && options !== null && !Array.isArray(options)) {
      return { options: options as Readonly<Record<string, unknown>> };
    }
    return { problem: 'expected an object with options' };
  } catch (error) {
    return { problem: `expected JSON${positionOf(error, json)}` };
  }
}

/**
 * Returns the line and column of a syntax error. Only the number of V8's message is used: the message may quote the
 * file.
 */
function positionOf(error: unknown, json: string): string {
  const [, digits] = /at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(String((error as Error).message)) ?? [];
  if (digits === undefined) return '';
  const before = json.slice(0, Number(digits)).split('\n');
  return `; syntax error in line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}
