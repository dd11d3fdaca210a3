/** A promise that knows whether code listens to it. Its rejection never counts as unhandled. */
export class StepPromise<T> extends Promise<T> {
  isHeard = false;
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
    this.isHeard = true;
    return super.then(onFulfilled, onRejected);
  }
}
