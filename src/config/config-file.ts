import { readFileSync, statSync } from 'node:fs';
import type { ConfigFile } from './settings.js';

const MAX_BYTES = 1_048_576;

/** Reads the JSON file with options. Never throws, and never repeats what stands in it: there may be secrets. */
export function readConfigFile(path: string): ConfigFile {
  const text = readText(path);
  if ('problem' in text) return { path, ...text };
  return { path, ...parseOptions(text.text) };
}

function readText(path: string): { readonly text: string } | { readonly problem: string } {
  try {
    const stats = statSync(path);
    // To read a pipe might wait for ever, and the app with it.
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
    return { problem: `expected JSON${placeOf(error, json)}` };
  }
}

/** Where the mistake is. Of the engine's message only the number is taken: some messages quote the file. */
function placeOf(error: unknown, json: string): string {
  const [, digits] = /at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(String((error as Error).message)) ?? [];
  if (digits === undefined) return '';
  const before = json.slice(0, Number(digits)).split('\n');
  return `; there is a mistake in line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}
