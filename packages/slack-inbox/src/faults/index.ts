export { answerFault, type FaultyAnswer } from './apply-fault.js';
export { type ActiveFault, accepts, FaultScript } from './faults.js';
