import { useEffect, useState } from "react";
import type { BatonClient } from "./client.ts";
import type { BatonError } from "./errors.ts";
import type { JobResultView, JobView } from "./views.ts";

/** What a hook knows: nothing yet (`loading`), a value that is kept up to date, or why there is none. */
export type Watched<Value> =
  | { state: "loading" }
  | { state: "ready"; value: Value }
  | { state: "failed"; error: BatonError };

type Watcher = Pick<BatonClient<unknown>, "watch" | "watchOwn">;

/** Follows one job; `undefined` follows none. A change of arguments starts anew. `client` must be the same object between renders. */
export function useJob(client: Watcher, jobId: string | undefined): Watched<JobView> {
  return useWatched<JobView>(`job ${jobId}`, client, (give, fail) =>
    jobId === undefined ? undefined : client.watch(jobId, { onJob: give, onError: fail }),
  );
}

/**
 * Follows the newest jobs of `owner`, the signed-in uid; at most `limit`, default 50. One unreadable job is left out.
 * When `limit` changes, the jobs known so far stay until the new list arrives.
 */
export function useJobs(client: Watcher, owner: string | undefined, limit = 50): Watched<JobView[]> {
  const watch: Watch<JobView[]> = (give, fail) => {
    const onError = (error: BatonError) => error.code !== "malformed-document" && fail(error);
    return owner === undefined ? undefined : client.watchOwn(owner, { onJobs: give, onError }, { limit });
  };
  return useWatched(`jobs ${owner}`, client, watch, limit);
}

/** Gives the result of a job once it has ended; `loading` until then. */
export function useJobResult(client: Watcher, jobId: string | undefined): Watched<JobResultView> {
  return useWatched<JobResultView>(`result ${jobId}`, client, (give, fail) =>
    jobId === undefined ? undefined : client.watch(jobId, { onJob: () => {}, onResult: give, onError: fail }),
  );
}

type Watch<Value> = (give: (value: Value) => void, fail: (error: BatonError) => void) => (() => void) | undefined;

/**
 * Remembers which question a value answers, so that a render after a change of arguments never shows the old answer. A change of
 * `extent` asks the same question anew: the old answer stays until there is another.
 */
function useWatched<Value>(key: string, client: Watcher, watch: Watch<Value>, extent?: number): Watched<Value> {
  const [answer, setAnswer] = useState<{ key: string; client: Watcher; watched: Watched<Value> }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: these three stand for what `watch` closes over.
  useEffect(() => {
    const keep = (watched: Watched<Value>) => setAnswer({ key, client, watched });
    return watch(
      (value) => keep({ state: "ready", value }),
      (error) => keep({ state: "failed", error }),
    );
  }, [key, client, extent]);
  return answer?.key === key && answer.client === client ? answer.watched : { state: "loading" };
}
