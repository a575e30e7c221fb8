import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';

/** Names under which Debian, Fedora and Google install it. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** It shows our own page and nothing else; in containers its sandbox has no rights to be one. */
export const CHROMIUM_ARGS = ['--no-sandbox', '--disable-gpu'];

/** As large as a laptop's window, and as a phone. */
export const DESKTOP: BrowserContextOptions = { viewport: { width: 1_280, height: 900 } };
export const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** The path of a Chromium, from CHROMIUM_PATH or PATH. */
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
