import { useEffect, useState } from "react";
import type { BatonClient } from "./client.ts";
import type { JobResultView, JobView } from "./views.ts";
import type { JobListener } from "./watch.ts";
import { nextWatched, type Told, type Watched } from "./watched.ts";

export type { Watched } from "./watched.ts";

type Watcher = Pick<BatonClient<unknown>, "watch" | "watchOwn">;

/** Follows one job; `undefined` follows none. A change of arguments starts anew. `client` must be the same object between renders. */
export function useJob(client: Watcher, jobId: string | undefined): Watched<JobView> {
  return useWatched<JobView>(`job ${jobId}`, client, (on) =>
    jobId === undefined ? undefined : client.watch(jobId, { onJob: on.value, ...on.rest }),
  );
}

/**
 * Follows the newest jobs of `owner`, the signed-in uid; at most `limit`, default 50. One unreadable job is left out.
 * When `limit` changes, the jobs known so far stay until the new list arrives.
 */
export function useJobs(client: Watcher, owner: string | undefined, limit = 50): Watched<JobView[]> {
  const watch: Watch<JobView[]> = (on) => {
    const onError: OnError = (error) => error.code !== "malformed-document" && on.rest.onError(error);
    return owner === undefined
      ? undefined
      : client.watchOwn(owner, { ...on.rest, onJobs: on.value, onError }, { limit });
  };
  return useWatched(`jobs ${owner}`, client, watch, limit);
}

/** Gives the result of a job once it has ended; `loading` until then. */
export function useJobResult(client: Watcher, jobId: string | undefined): Watched<JobResultView> {
  return useWatched<JobResultView>(`result ${jobId}`, client, (on) =>
    jobId === undefined ? undefined : client.watch(jobId, { onJob: () => {}, onResult: on.value, ...on.rest }),
  );
}

type OnError = JobListener["onError"];
type Watch<Value> = (on: {
  value: (value: Value) => void;
  rest: { onError: OnError; onConnection: (isConnected: boolean) => void };
}) => (() => void) | undefined;

const LOADING = { state: "loading", isConnected: true } as const;

/**
 * Remembers which question a value answers, so that a render after a change of arguments never shows the old answer. A change of
 * `extent` asks the same question anew: the old answer stays until there is another.
 */
function useWatched<Value>(key: string, client: Watcher, watch: Watch<Value>, extent?: number): Watched<Value> {
  const [answer, setAnswer] = useState<{ key: string; client: Watcher; watched: Watched<Value> }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: these three stand for what `watch` closes over.
  useEffect(() => {
    const tell = (told: Told<Value>) =>
      setAnswer((before) => {
        const isSame = before?.key === key && before.client === client;
        return { key, client, watched: nextWatched(isSame ? before.watched : LOADING, told) };
      });
    return watch({
      value: (value) => tell({ kind: "value", value }),
      rest: {
        onError: (error) => tell({ kind: "error", error }),
        onConnection: (isConnected) => tell({ kind: "connection", isConnected }),
      },
    });
  }, [key, client, extent]);
  return answer?.key === key && answer.client === client ? answer.watched : LOADING;
}
