/** The steps that undo a start, in reverse order, when the cloud stops. */
export interface Scope {
  /** Registers `undo`. When the scope is already closing it runs at once, so that nothing started late survives. */
  add(undo: () => Promise<void> | void): Promise<void>;
  /**
   * Undoes everything once; every caller waits for the same end. A failing step does not keep the others from running.
   */
  close(): Promise<void>;
  readonly isClosing: boolean;
}

/** An open scope with nothing in it. */
export function createScope(): Scope {
  const undos: Array<() => Promise<void> | void> = [];
  let closing: Promise<void> | undefined;

  async function undoAll(): Promise<void> {
    const errors: unknown[] = [];
    for (let undo = undos.pop(); undo !== undefined; undo = undos.pop()) {
      try {
        await undo();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, "The local cloud did not stop cleanly");
  }

  return {
    async add(undo) {
      if (closing) await undo();
      else undos.push(undo);
    },
    close() {
      closing ??= undoAll();
      return closing;
    },
    get isClosing() {
      return closing !== undefined;
    },
  };
}
