/** Kinds of stack frames, by their text after `at ` and `async `. Shared by the display and by the fingerprint. */

/** Frames of Node's event loop. They are below every asynchronous error and carry no information about it. */
const EVENT_LOOP =
  /^(?:process\.(?:processTicksAndRejections|runNextTicks|processTimers)|processTicksAndRejections|runMicrotasks|listOnTimeout)/;
/** The beginning of a frame's location outside of files of the app; `index 0` is the location in a `Promise.all`. */
const LIBRARY_LOCATION = /(?:node:|internal\/|native|<anonymous>|index )/y;
const DEPENDENCY = /[\\/]node_modules[\\/]/;

/** Whether a frame belongs to Node's event loop. */
export function isEventLoopFrame(frame: string): boolean {
  return EVENT_LOOP.test(frame);
}

/** Whether a frame is in a module of Node, in a dependency, or in no file. */
export function isLibraryFrame(frame: string): boolean {
  LIBRARY_LOCATION.lastIndex = frame.lastIndexOf('(') + 1;
  return LIBRARY_LOCATION.test(frame) || DEPENDENCY.test(frame);
}
