/** What a frame of a stack is, by its text behind `at ` and `async `. What is shown and what is grouped ask the same. */

/** How Node gets from one tick to the next: it stands below every asynchronous error and says nothing about it. */
const TICK =
  /^(?:process\.(?:processTicksAndRejections|runNextTicks|processTimers)|processTicksAndRejections|runMicrotasks|listOnTimeout)/;
/** How the place of a frame begins that is not in a file of the app's; `index 0` is that of a `Promise.all`. */
const FOREIGN_PLACE = /(?:node:|internal\/|native|<anonymous>|index )/y;
const DEPENDENCY = /[\\/]node_modules[\\/]/;

/** Whether a frame is Node's way from one tick to the next. */
export function isTick(frame: string): boolean {
  return TICK.test(frame);
}

/** Whether a frame is in Node's own modules, in a dependency, or nowhere. */
export function isForeign(frame: string): boolean {
  FOREIGN_PLACE.lastIndex = frame.lastIndexOf('(') + 1;
  return FOREIGN_PLACE.test(frame) || DEPENDENCY.test(frame);
}
