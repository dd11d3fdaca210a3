import { isDeepStrictEqual } from "node:util";
import { Timestamp } from "@google-cloud/firestore";
import type { DocumentTransaction } from "../job-types/document-transaction.ts";
import { PermanentError } from "../job-types/job-errors.ts";
import { commitSize } from "../jobs/firestore/commit-size.ts";
import { readAfterWrite } from "../jobs/firestore/document-transaction.ts";
import { demandDocumentPath, documentFields, type WriteKind } from "../jobs/firestore/document-values.ts";
import { isSentinel, type Sentinel } from "../jobs/firestore/foreign-values.ts";
import { isPlainObject } from "../kit/plain-copy.ts";
import { type Fields, fromFields } from "../platform/firestore/documents.ts";

/** A write of a transaction, applied to the documents by path; throws when its precondition fails. */
type Write = (documents: Map<string, Fields>) => void;

/** The documents of a team in memory, by path, as Firestore would hold them. */
export interface MemoryDocuments {
  /** As `get` gives them. */
  readonly view: ReadonlyMap<string, Fields>;
  /**
   * A transaction and its end: `apply` makes all of its writes, or throws and makes none. `isCurrent` says whether what
   * it read is still so.
   */
  begin(now: Date): { tx: DocumentTransaction; isCurrent(): boolean; apply(): void };
}

/**
 * Makes an empty set of documents. It accepts and refuses the values that Firestore does; `FieldValue` sentinels have
 * their effect.
 */
export function memoryDocuments(): MemoryDocuments {
  let stored = new Map<string, Fields>();
  const view = new Map<string, Fields>();
  return {
    view,
    begin(now) {
      const writes: Write[] = [];
      const reads = new Map<string, Fields | undefined>();
      const isCurrent = () => [...reads].every(([path, fields]) => stored.get(path) === fields);
      const look = (path: string) => {
        const fields = stored.get(path);
        reads.set(path, fields);
        return fields;
      };
      const apply = () => {
        const draft = new Map(stored);
        for (const write of writes) write(draft);
        stored = draft;
        view.clear();
        for (const [path, fields] of stored) view.set(path, fromFields(fields));
      };
      return { tx: transactionOn(look, writes, now), isCurrent, apply };
    },
  };
}

function transactionOn(look: (path: string) => Fields | undefined, writes: Write[], now: Date): DocumentTransaction {
  const count = commitSize();
  const fieldsOf = (path: string, given: unknown, kind: WriteKind) => {
    const fields = documentFields(path, given, kind);
    count(path, fields);
    return fields;
  };
  return {
    async get(path) {
      demandDocumentPath(path);
      if (writes.length > 0) throw readAfterWrite(path);
      const fields = look(path);
      return fields && fromFields(fields);
    },
    create(path, given) {
      const fields = fieldsOf(path, given, "create");
      writes.push((documents) => {
        if (documents.has(path)) throw new PermanentError("document-exists", `Document ${path} exists already.`);
        documents.set(path, settled({}, fields, now));
      });
    },
    set(path, given) {
      const fields = fieldsOf(path, given, "set");
      writes.push((documents) => documents.set(path, settled({}, fields, now)));
    },
    update(path, given) {
      const fields = fieldsOf(path, given, "update");
      writes.push((documents) => {
        const before = documents.get(path);
        if (!before) throw new PermanentError("document-not-found", `Document ${path} does not exist.`);
        documents.set(path, { ...before, ...settled(before, fields, now) });
        for (const [name, value] of Object.entries(fields)) {
          if (isSentinel(value) && value.methodName === "FieldValue.delete") delete documents.get(path)?.[name];
        }
      });
    },
    delete(path) {
      demandDocumentPath(path);
      writes.push((documents) => documents.delete(path));
    },
  };
}

/** The fields with each sentinel's effect on what was there before in its place. */
function settled(before: Fields, fields: Fields, now: Date): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, settledValue(before[name], value, now)]),
  );
}

function settledValue(before: unknown, value: unknown, now: Date): unknown {
  if (isSentinel(value)) return effectOf(value, before, now);
  if (!isMap(value)) return value;
  return settled({}, value, now);
}

function effectOf({ methodName, operand, elements = [] }: Sentinel, before: unknown, now: Date): unknown {
  const list = Array.isArray(before) ? before : [];
  const number = typeof before === "number" ? before : undefined;
  const by = typeof operand === "number" ? operand : 0;
  switch (methodName) {
    case "FieldValue.serverTimestamp":
      return Timestamp.fromDate(now);
    case "FieldValue.increment":
      return (number ?? 0) + by;
    case "FieldValue.minimum":
      return number === undefined ? by : Math.min(number, by);
    case "FieldValue.maximum":
      return number === undefined ? by : Math.max(number, by);
    case "FieldValue.arrayUnion":
      return [...list, ...elements.filter((item, index) => !has(list, item) && !has(elements.slice(0, index), item))];
    case "FieldValue.arrayRemove":
      return list.filter((item) => !has(elements, item));
    default:
      return undefined;
  }
}

function has(list: readonly unknown[], wanted: unknown): boolean {
  return list.some((item) => isDeepStrictEqual(item, wanted));
}

function isMap(value: unknown): value is Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value) && isPlainObject(value);
}
