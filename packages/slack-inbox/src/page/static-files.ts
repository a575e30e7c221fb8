import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of the page. */
export interface PageFile {
  readonly contentType: string;
  readonly body: string;
}

// Beside the bundle; and seen from this file in src/page/, when the sources run.
const FOLDER = ['page', '../../build/page']
  .map((path) => join(import.meta.dirname, path))
  .find((folder) => existsSync(join(folder, 'index.html')));

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  css: 'text/css',
  js: 'text/javascript',
  svg: 'image/svg+xml',
};

/** Reads a file of build/page; `undefined` when it does not exist. Throws when the page is not built. */
export function readPageFile(name: string): PageFile | undefined {
  if (FOLDER === undefined) throw new Error('the page of the inbox is not built: run "npm run build"');
  const extension = /^[\w-]+\.([a-z]+)$/.exec(name)?.[1] ?? '';
  const contentType = Object.hasOwn(TYPES, extension) ? TYPES[extension] : undefined;
  const file = join(FOLDER, name);
  if (contentType === undefined || !existsSync(file)) return undefined;
  return { contentType, body: readFileSync(file, 'utf8') };
}
