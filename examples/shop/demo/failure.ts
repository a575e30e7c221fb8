/** Why the demo cannot go on, in words for the person before the terminal. */
export class DemoFailure extends Error {}
