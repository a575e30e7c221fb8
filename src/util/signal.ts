/** An event that can be awaited repeatedly: the promise of `next()` resolves at the next `fire()`. */
export class Signal {
  #waiting: PromiseWithResolve | undefined;

  next(): Promise<void> {
    this.#waiting ??= promiseWithResolve();
    return this.#waiting.promise;
  }

  fire(): void {
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }
}

interface PromiseWithResolve {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function promiseWithResolve(): PromiseWithResolve {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
