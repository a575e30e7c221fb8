/** Whether the tests run at full size, as with `npm run soak`. Full size takes minutes. */
export const isFullSize: boolean = process.env.FULL_SIZE === 'true';

/** Returns the size of a test. */
export function sized({ short, full }: { readonly short: number; readonly full: number }): number {
  return isFullSize ? full : short;
}
