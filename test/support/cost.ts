/**
 * Milliseconds of processor time that `work` takes, at best of a few tries. What else the machine does costs it none, and
 * so a limit with some room holds on one that is busy too.
 */
export function costMillis(work: () => unknown, tries = 3): number {
  return Math.min(...Array.from({ length: tries }, () => costOnce(work)));
}

function costOnce(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
