/** Callbacks of {@link ExitListeners}. */
export interface ExitCallbacks {
  /** An error that nobody caught; the app's own handlers run next. */
  readonly onUncaught: (error: unknown, origin: string) => void;
  /** The process ends now: nothing asynchronous runs any more, and the app's `exit` handlers have run. */
  readonly onEnd: () => void;
}

/** Marks the `exit` listeners that want to be the last one, so that two copies of this package do not overtake each other for ever. */
const IS_LAST = Symbol.for('opentelemetry-exporter-slack/last-exit-listener');

interface ExitingProcess {
  /** Node's own flag: the event `exit` is being emitted, or was. */
  readonly _exiting?: boolean;
  /** `process.exit()` calls this function once the handlers have run. */
  reallyExit?: (code?: number) => never;
}

/**
 * The listeners for the end of the process. One listener is the last of the event `exit`, so that it sees what the app's
 * own `exit` handlers logged. Three things skip the last listener, and each is noticed in another way: a handler that calls
 * `process.exit()`, a handler that throws, and an uncaught error followed by either.
 */
export class ExitListeners {
  readonly #callbacks: ExitCallbacks;
  #isInstalled = false;
  #isEnded = false;
  #endsByError = false;

  constructor(callbacks: ExitCallbacks) {
    this.#callbacks = callbacks;
    Object.assign(this.#onLast, { [IS_LAST]: true });
  }

  install(): void {
    if (this.#isInstalled) return;
    this.#isInstalled = true;
    process.on('uncaughtExceptionMonitor', this.#onUncaught);
    process.prependListener('exit', this.#onFirst);
    process.on('exit', this.#onLast);
    process.on('newListener', this.#onNewListener);
  }

  remove(): void {
    if (!this.#isInstalled) return;
    this.#isInstalled = false;
    process.off('newListener', this.#onNewListener);
    process.off('uncaughtExceptionMonitor', this.#onUncaught);
    process.off('exit', this.#onFirst);
    process.off('exit', this.#onLast);
  }

  /** An uncaught error ends the process. Then Node ignores errors of `exit` handlers, so the end is not left to the last one. */
  endsByError(): void {
    this.#endsByError = true;
    if ((process as ExitingProcess)._exiting) this.#end();
  }

  #end(): void {
    if (this.#isEnded || !this.#isInstalled) return;
    this.#isEnded = true;
    this.#callbacks.onEnd();
  }

  readonly #onUncaught = (error: unknown, origin: string): void => this.#callbacks.onUncaught(error, origin);

  readonly #onFirst = (): void => {
    if (this.#endsByError) this.#end();
    else onceBefore(process as ExitingProcess, 'reallyExit', () => this.#end());
  };

  readonly #onLast = (): void => this.#end();

  /** The event comes before the listener is added. */
  readonly #onNewListener = (event: string | symbol, listener: object): void => {
    if (event === 'exit' && listener !== this.#onFirst && !(IS_LAST in listener)) queueMicrotask(this.#moveToEnd);
  };

  readonly #moveToEnd = (): void => {
    if (!this.#isInstalled || process.listeners('exit').at(-1) === this.#onLast) return;
    process.off('exit', this.#onLast);
    process.on('exit', this.#onLast);
  };
}

/** Runs `run` before the next call of a method, and then restores the method. */
function onceBefore(target: ExitingProcess, name: 'reallyExit', run: () => void): void {
  const original = target[name];
  if (typeof original !== 'function') return;
  target[name] = (...args) => {
    target[name] = original;
    run();
    return original.apply(target, args);
  };
}
