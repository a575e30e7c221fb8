/**
 * Resolves when the memory of the process is stable for a second, so that loading and compiling code is not measured.
 */
export async function rest() {
  let last = 0;
  for (let calm = 0; calm < 10; calm++) {
    const { rss } = process.memoryUsage();
    if (Math.abs(rss - last) > 500_000) calm = 0;
    last = rss;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
