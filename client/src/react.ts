import { useEffect, useState } from "react";
import type { BatonClient } from "./client.ts";
import type { JobResultView, JobView } from "./views.ts";
import type { JobListener } from "./watch.ts";
import { nextWatched, type Watched, type WatchReport } from "./watched.ts";

export type { Watched } from "./watched.ts";

type Watcher = Pick<BatonClient<unknown>, "watch" | "watchOwn">;

/**
 * Follows one job, or none for `undefined`. A change of arguments starts a new watch: keep `client` the same object
 * between renders.
 */
export function useJob(client: Watcher, jobId: string | undefined): Watched<JobView> {
  return useWatched<JobView>(`job ${jobId}`, client, (on) =>
    jobId === undefined ? undefined : client.watch(jobId, { onJob: on.value, ...on.rest }),
  );
}

/**
 * Follows the newest jobs of `owner`, the signed-in uid; `limit` is 50 by default. Leaves an unreadable job out. After
 * a change of `limit` the old list stays until the new one arrives.
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

/** Gives the result of a job once the job is final; `loading` until then. */
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
 * Keeps the arguments with each value, so that a render after a change of arguments never shows the old value. A change
 * of `extent` starts a new watch of the same thing: the old value stays until the new one arrives.
 */
function useWatched<Value>(key: string, client: Watcher, watch: Watch<Value>, extent?: number): Watched<Value> {
  const [answer, setAnswer] = useState<{ key: string; client: Watcher; watched: Watched<Value> }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: these three stand for what `watch` closes over.
  useEffect(() => {
    const report = (next: WatchReport<Value>) =>
      setAnswer((before) => {
        const isSame = before?.key === key && before.client === client;
        return { key, client, watched: nextWatched(isSame ? before.watched : LOADING, next) };
      });
    return watch({
      value: (value) => report({ kind: "value", value }),
      rest: {
        onError: (error) => report({ kind: "error", error }),
        onConnection: (isConnected) => report({ kind: "connection", isConnected }),
      },
    });
  }, [key, client, extent]);
  return answer?.key === key && answer.client === client ? answer.watched : LOADING;
}
