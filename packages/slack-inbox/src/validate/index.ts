export { explanationOf } from './error-explanations.js';
export { refuseMessage } from './validate.js';
