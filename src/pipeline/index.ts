/** Composes the stages. Other rooms import this face only. */

export type { Dependencies } from './destination.js';
export { createPipeline } from './pipeline.js';
export type { Pipeline } from './types.js';
