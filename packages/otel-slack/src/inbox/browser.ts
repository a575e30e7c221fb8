import { once } from 'node:events';

/** A launcher such as `xdg-open` fails within this time; one that still runs then shows the page. */
const LAUNCH_TIMEOUT_MILLIS = 2_000;

/** Opens a URL in the default browser; resolves to false when no browser could be started. Never rejects. */
export async function openBrowser(url: string): Promise<boolean> {
  try {
    // Loaded late: few calls open a browser.
    const { default: open } = await import('open');
    const launcher = await open(url);
    if (launcher.exitCode !== null) return launcher.exitCode === 0;
    const [exitCode] = await once(launcher, 'exit', { signal: AbortSignal.timeout(LAUNCH_TIMEOUT_MILLIS) });
    return exitCode === 0;
  } catch (error) {
    return (error as Error).name === 'AbortError';
  }
}
