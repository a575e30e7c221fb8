/** The factor of the app's clock. Waits of a minute take six seconds; real work takes its time. */
export const SPEED = 10;
