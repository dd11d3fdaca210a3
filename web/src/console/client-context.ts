import type { BatonClient } from "@baton/client";
import { createContext, type RefObject, useContext } from "react";

/** The signed-in user's client. */
export const ClientContext = createContext<BatonClient | undefined>(undefined);

/** Gives the client of the signed-in user. Throws outside the console. */
export function useClient(): BatonClient {
  const client = useContext(ClientContext);
  if (!client) throw new Error("useClient needs a ClientContext above it");
  return client;
}

/** The signed-in user's id. */
export const UidContext = createContext<string | undefined>(undefined);

/** Gives the id of the signed-in user. Throws outside the console. */
export function useUid(): string {
  const uid = useContext(UidContext);
  if (uid === undefined) throw new Error("useUid needs a UidContext above it");
  return uid;
}

/** A ref that is true while the user is signed in, for code that waits for an answer. */
export const SignedInContext = createContext<RefObject<boolean>>({ current: true });
