import { Bytes, type DocumentReference, FieldValue, Firestore, GeoPoint, Timestamp } from "@google-cloud/firestore";
import { FaultFound } from "../../kit/plain-copy.ts";

/*
 * A team has a copy of Firestore's client of its own, which `firebase-admin` brings. Its classes are not those of the copy
 * in this engine, and the client refuses instances of another copy. Values are known here by what they have, which
 * releases 7 to 9 of the client share.
 */

/** A `FieldValue` of any copy of the client. */
export interface Sentinel {
  /** `FieldValue.increment`, as the client names it in its errors. */
  methodName: string;
  /** Of `increment`, `minimum` and `maximum`. */
  operand?: unknown;
  /** Of `arrayUnion` and `arrayRemove`. */
  elements?: unknown[];
}

/** True for a `FieldValue` of any copy of the client. */
export function isSentinel(value: unknown): value is Sentinel {
  return isObject(value) && "methodName" in value && /^FieldValue\.\w+$/.test(String(value.methodName));
}

/**
 * Gives the value of this engine's client that equals one of another copy: a Timestamp, GeoPoint, reference, vector or
 * Bytes. Undefined for any other value. Throws `FaultFound` for a value that cannot be taken over.
 */
export function ownValue(value: unknown): object | undefined {
  if (!isObject(value)) return undefined;
  if (has(value, "seconds", "number") && has(value, "nanoseconds", "number") && has(value, "toMillis", "function")) {
    return new Timestamp(value.seconds, value.nanoseconds);
  }
  if (has(value, "latitude", "number") && has(value, "longitude", "number") && has(value, "isEqual", "function")) {
    return new GeoPoint(value.latitude, value.longitude);
  }
  if ("firestore" in value && has(value, "path", "string")) return ownReference(value);
  if ("_values" in value && has(value, "toArray", "function")) return FieldValue.vector(numbersOf(value.toArray()));
  if (has(value, "toBase64", "function") && has(value, "toUint8Array", "function"))
    return ownBytes(value.toUint8Array());
  return undefined;
}

const RESOURCE_NAME = /^projects\/([^/]+)\/databases\/([^/]+)\/documents\/(.+)$/s;
/** Clients that make references and never connect, by project and database. */
const clients = new Map<string, Firestore>();

/** References may lead to another database than the one that they are written to. */
function ownReference(value: object): DocumentReference {
  const [, projectId, databaseId, path] = RESOURCE_NAME.exec(resourceNameOf(value)) ?? [];
  if (projectId === undefined || databaseId === undefined || path === undefined) throw new FaultFound(NO_PROJECT);
  const key = `${projectId}/${databaseId}`;
  const client = clients.get(key) ?? new Firestore({ projectId, databaseId });
  clients.set(key, client);
  return client.doc(path);
}

const NO_PROJECT = "is a reference of a client that does not know its project; give the client its projectId";

function resourceNameOf(value: object): string {
  try {
    return "formattedName" in value ? String(value.formattedName) : "";
  } catch {
    // The client throws until it has found the project.
    return "";
  }
}

function numbersOf(values: unknown): number[] {
  if (Array.isArray(values) && values.every((item) => typeof item === "number")) return values;
  throw new FaultFound("is a vector of no numbers");
}

function ownBytes(bytes: unknown): Bytes {
  if (bytes instanceof Uint8Array) return Bytes.fromUint8Array(bytes);
  throw new FaultFound("is Bytes that cannot be read");
}

interface Kinds {
  number: number;
  string: string;
  function: () => unknown;
}

function has<Name extends string, Kind extends keyof Kinds>(
  value: object,
  name: Name,
  kind: Kind,
): value is Record<Name, Kinds[Kind]> {
  return name in value && typeof Reflect.get(value, name) === kind;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
