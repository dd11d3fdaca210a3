import type { BatonError, CatalogEntry } from "@baton/client";
import { useEffect, useState } from "react";
import { useClient } from "../console/client-context.ts";

/** State of a catalog: what the inputs of job types choose from. */
export type Catalog =
  | { state: "loading" }
  | { state: "ready"; entries: readonly CatalogEntry[] }
  | { state: "failed"; detail: string };

/** Reads a catalog of the deployment once. */
export function useCatalog(name: string): Catalog {
  const client = useClient();
  const [catalog, setCatalog] = useState<Catalog>({ state: "loading" });
  useEffect(() => {
    let isUnmounted = false;
    const set = (value: Catalog) => !isUnmounted && setCatalog(value);
    client.catalog(name).then(
      (entries) => set({ state: "ready", entries }),
      (error: BatonError) => set({ state: "failed", detail: error.detail }),
    );
    return () => {
      isUnmounted = true;
    };
  }, [client, name]);
  return catalog;
}
