/** The reason why the demo cannot continue, for the user. */
export class DemoFailure extends Error {}
