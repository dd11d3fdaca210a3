/** A promise that knows whether code listens to it. Its rejection never counts as unhandled. */
class StepPromise<T> extends Promise<T> {
  hasListener = false;
  /** The reason of its rejection. */
  failure: unknown;

  constructor(executor: ConstructorParameters<typeof Promise<T>>[0]) {
    super(executor);
    super.then(undefined, (error: unknown) => {
      this.failure = error;
    });
  }

  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  // biome-ignore lint/suspicious/noThenProperty: await and every combinator call it.
  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.hasListener = true;
    return super.then(onFulfilled, onRejected);
  }
}

/** The promises that the handler of one invocation was given for its steps. */
export interface StepPromises {
  /**
   * Settles as `step` does. A rejection that no code listens to does not end the process, with all its other jobs; the
   * attempt fails by it.
   */
  ignoreRejection<T>(step: Promise<T>): Promise<T>;
  /** The error of a step that failed and that no code listened to. */
  unhandledFailure(): unknown;
}

/** Keeps the promises of one invocation. */
export function stepPromises(): StepPromises {
  const promises: StepPromise<unknown>[] = [];
  return {
    ignoreRejection<T>(step: Promise<T>) {
      const promise = new StepPromise<T>((resolve) => resolve(step));
      promises.push(promise);
      return promise;
    },
    unhandledFailure: () => promises.find(({ hasListener, failure }) => !hasListener && failure !== undefined)?.failure,
  };
}
