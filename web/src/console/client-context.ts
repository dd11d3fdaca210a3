import type { BatonClient } from "@baton/client";
import { createContext, type RefObject, useContext } from "react";

/** The signed-in user's client. */
export const ClientContext = createContext<BatonClient | undefined>(undefined);

/** The client of the nearest console; a component outside one is a mistake. */
export function useClient(): BatonClient {
  const client = useContext(ClientContext);
  if (!client) throw new Error("useClient needs a ClientContext above it");
  return client;
}

/** The signed-in user's id. */
export const UidContext = createContext<string | undefined>(undefined);

/** The uid of the nearest console; a component outside one is a mistake. */
export function useUid(): string {
  const uid = useContext(UidContext);
  if (uid === undefined) throw new Error("useUid needs a UidContext above it");
  return uid;
}

/** Tells, when an answer arrives, whether the user who asked is still signed in. */
export const SignedInContext = createContext<RefObject<boolean>>({ current: true });
