/** Time, text and small tools, without knowledge of the domain. Other rooms import this face only. */

export { type Clock, sleepUntil, systemClock, waitAtMost } from './clock.js';
export { didYouMean, nearest } from './did-you-mean.js';
export { createGlob, isGlob } from './glob.js';
export { guarded } from './guarded.js';
export { asOwnWork, isOwnWork, processGlobal } from './process-globals.js';
export { whenSettled } from './settled.js';
export { Signal } from './signal.js';
export {
  clean,
  counted,
  countedOf,
  cutTo,
  firstLine,
  joined,
  oneLine,
  printable,
  printableLine,
  startOf,
} from './text.js';
export { createThreadMemory, FIRST_WORD, processMillis, type ThreadMemory } from './thread-memory.js';
export { inSlices, type Slices, yieldAfter } from './time-slicing.js';
export { isLoopback } from './url.js';
export { errorClassOf, ignoreRejection } from './user-callback.js';
