import type { Environment } from "../kit/settings.ts";

/**
 * Answers what begins the names of a deployment's functions and topics: `kit-mail-` for the instance `mail` of a function
 * kit, nothing elsewhere. The Firebase CLI prefixes the functions itself, and names the instance when it reads the code
 * and in each function. Topics follow, so that no two instances in a project take each other's messages.
 */
export function namePrefixOf({ FIREBASE_KIT_INSTANCE_ID: instance = "" }: Environment): string {
  return instance === "" ? "" : `kit-${instance}-`;
}
