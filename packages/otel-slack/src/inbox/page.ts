import { type Io, UserError } from '../shared/command.js';

/** Opens the page of an inbox. Prints its address when no browser could be opened. */
export async function openPage(
  url: string,
  { openBrowser, stderr }: Pick<Io, 'openBrowser' | 'stderr'>,
): Promise<void> {
  if (!(await openBrowser(url))) stderr.write(`No browser could be opened. The page is ${url}\n`);
}

/** The error of a port that the inbox cannot listen on, with what to do; other errors unchanged. */
export function portError(port: number, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return new UserError(`port ${port} is in use, perhaps by another inbox; take a free one with --port 0`);
  }
  if (code === 'EACCES') {
    return new UserError(`port ${port} needs rights that this user does not have; take one above 1023`);
  }
  return error;
}
