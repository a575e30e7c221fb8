/** What a frame of a stack is, by its text behind `at ` and `async `. What is shown and what is grouped ask the same. */

/** How Node gets from one tick to the next: it stands below every asynchronous error and says nothing about it. */
const TICKS = [
  'process.processTicksAndRejections',
  'processTicksAndRejections',
  'process.runNextTicks',
  'runMicrotasks',
  'listOnTimeout',
  'process.processTimers',
] as const;
/** How the place of a frame begins that is not in a file of the app's; `index 0` is that of a `Promise.all`. */
const FOREIGN_PLACES = ['node:', 'internal/', 'native', '<anonymous>', 'index '] as const;

/** Whether a frame is Node's way from one tick to the next. */
export function isTick(frame: string): boolean {
  return TICKS.some((name) => frame.startsWith(name));
}

/** Whether a frame is in Node's own modules, in a dependency, or nowhere. */
export function isForeign(frame: string): boolean {
  const place = frame.lastIndexOf('(') + 1;
  return /[\\/]node_modules[\\/]/.test(frame) || FOREIGN_PLACES.some((beginning) => frame.startsWith(beginning, place));
}
