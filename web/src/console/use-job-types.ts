import type { BatonError, JobTypeView } from "@baton/client";
import { useEffect, useState } from "react";
import { useClient } from "./client-context.ts";

/** State of the list of job types. */
export type JobTypes =
  | { state: "loading" }
  | { state: "ready"; types: readonly JobTypeView[] }
  | { state: "failed"; error: BatonError };

/** Reads the job types of the deployment once, sorted by name. */
export function useJobTypes(): JobTypes {
  const client = useClient();
  const [jobTypes, setJobTypes] = useState<JobTypes>({ state: "loading" });
  useEffect(() => {
    let isUnmounted = false;
    const set = (value: JobTypes) => !isUnmounted && setJobTypes(value);
    client.types().then(
      ({ types }) => set({ state: "ready", types: types.toSorted((a, b) => (a.type < b.type ? -1 : 1)) }),
      (error: BatonError) => set({ state: "failed", error }),
    );
    return () => {
      isUnmounted = true;
    };
  }, [client]);
  return jobTypes;
}
