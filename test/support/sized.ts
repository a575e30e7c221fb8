/** Whether the tests run at their full size, as `npm run soak` does: more of the same takes minutes. */
export const isFullSize: boolean = process.env.FULL_SIZE === 'true';

/** How much of something a test does. */
export function sized({ short, full }: { readonly short: number; readonly full: number }): number {
  return isFullSize ? full : short;
}
