import { BatonError } from "@baton/client";
import { useEffect, useState } from "react";
import { useClient } from "../console/client-context.ts";

/** A file of a job in this page. `url` is an object URL that counts while the component is mounted. */
export type LoadedFile =
  | { state: "loading" }
  | { state: "failed"; detail: string }
  | { state: "ready"; url: string; blob: Blob };

/** Downloads a file of a job; stays `loading` without a name. Frees its memory with the component. */
export function useJobFile(jobId: string, name: string | undefined): LoadedFile {
  const client = useClient();
  const [file, setFile] = useState<LoadedFile>({ state: "loading" });
  useEffect(() => {
    if (name === undefined) return undefined;
    const leaving = new AbortController();
    let url: string | undefined;
    client.file(jobId, name, { signal: leaving.signal }).then(
      (blob) => {
        if (leaving.signal.aborted) return;
        url = URL.createObjectURL(blob);
        setFile({ state: "ready", url, blob });
      },
      (error: unknown) => {
        if (!leaving.signal.aborted) setFile({ state: "failed", detail: detailOf(error) });
      },
    );
    return () => {
      leaving.abort();
      if (url !== undefined) URL.revokeObjectURL(url);
    };
  }, [client, jobId, name]);
  return file;
}

/** Gives the sentence to show for a download that failed. */
export function detailOf(error: unknown): string {
  return error instanceof BatonError ? error.detail : "The file cannot be loaded. Reload the page and try again.";
}
