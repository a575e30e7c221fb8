import { spawn } from 'node:child_process';

/** What opens a URL, by platform. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  // The empty text is the title of a window: without it `start` takes a URL for one.
  win32: ['cmd', '/c', 'start', '""'],
};

/** How long an opener has to fail. */
const PATIENCE_MILLIS = 2_000;

/** Shows a URL in the user's browser; false when nothing could be found to do it. Never rejects. */
export function openBrowser(url: string): Promise<boolean> {
  const [command, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  return new Promise((resolve) => {
    const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
    const timer = setTimeout(() => resolve(true), PATIENCE_MILLIS);
    const end = (isDone: boolean): void => {
      clearTimeout(timer);
      resolve(isDone);
    };
    child.on('error', () => end(false));
    child.on('exit', (code) => end(code === 0));
    child.unref();
  });
}
