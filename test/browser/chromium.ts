import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';

/** The names of Chromium in the packages of Debian, Fedora and Google. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Without the sandbox, because it cannot start in containers. Chromium opens only our own page. */
export const CHROMIUM_ARGS = ['--no-sandbox', '--disable-gpu'];

/** The size of a laptop's window, and that of a phone. */
export const DESKTOP: BrowserContextOptions = { viewport: { width: 1_280, height: 900 } };
export const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Returns the path of a Chromium from CHROMIUM_PATH or PATH; `undefined` when there is none. */
export function findChromium(): string | undefined {
  const { CHROMIUM_PATH = '', PATH = '' } = process.env;
  const found = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...(CHROMIUM_PATH === '' ? [] : [CHROMIUM_PATH]), ...found].find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
