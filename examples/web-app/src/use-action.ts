import { useState } from "react";

/** An action of the user that takes time: it runs once at a time, and its error is kept until the next run. */
interface Action {
  run: (work: () => Promise<unknown>) => void;
  isBusy: boolean;
  error: unknown;
}

/** Runs what a button starts. */
export function useAction(): Action {
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  return {
    isBusy,
    error,
    run(work) {
      setIsBusy(true);
      setError(undefined);
      work()
        .catch(setError)
        .finally(() => setIsBusy(false));
    },
  };
}
