import { Readable } from "node:stream";
import {
  DocumentReference,
  DocumentSnapshot,
  Firestore,
  Query,
  QuerySnapshot,
  Timestamp,
  WriteBatch,
} from "@google-cloud/firestore";
import sinon from "sinon";
import { z } from "zod";

/** A condition or an order of a query, on one field. */
export interface QueryField {
  path: string;
  /** Of the wire: `EQUAL`, `IN`, `LESS_THAN_OR_EQUAL`, `ASCENDING`, ... */
  kind: string;
}

/** A query as Firestore receives it. */
export interface RecordedQuery {
  collection: string;
  /** Path of the collection: `batonJobs/x/batonSteps`. */
  path: string;
  isGroup: boolean;
  filters: QueryField[];
  orders: QueryField[];
}

/** The queries and deletions that a database received. */
export interface Recording {
  queries: RecordedQuery[];
  /** Paths of the deleted documents. */
  deleted: string[];
  /** The lines of the source that made conditions and orders: `file:line`, the file below `engine/src`. */
  lines: Set<string>;
}

/** A document, or undefined where there is none. Each query of a collection that has one finds it. */
export type Documents = (collection: string) => Record<string, unknown> | undefined;

const Reference = z.object({ fieldPath: z.string() });
const Filter = z.object({ fieldFilter: z.object({ field: Reference, op: z.string() }) });
const Request = z.object({
  parent: z.string(),
  structuredQuery: z.object({
    from: z.tuple([z.object({ collectionId: z.string(), allDescendants: z.boolean().optional() })]),
    where: z.union([Filter, z.object({ compositeFilter: z.object({ filters: z.array(Filter) }) })]).optional(),
    orderBy: z.array(z.object({ field: Reference, direction: z.string() })).optional(),
  }),
});

/**
 * Runs code on a database that records its queries and deletions, and answers from `documents`. No server is asked, and
 * nothing is written. Runs of one process may not overlap: the client's own classes are replaced meanwhile.
 */
export async function recordFirestore(
  documents: Documents,
  run: (db: Firestore) => Promise<unknown>,
): Promise<Recording> {
  const recording: Recording = { queries: [], deleted: [], lines: new Set() };
  const sandbox = sinon.createSandbox();
  try {
    replaceQueries(sandbox, documents, recording);
    replaceDocuments(sandbox, documents, recording);
    await run(new Firestore({ projectId: "demo-recorded" }));
    return recording;
  } finally {
    sandbox.restore();
  }
}

function replaceQueries(sandbox: sinon.SinonSandbox, documents: Documents, { queries, lines }: Recording): void {
  const answer = (asked: Query) => {
    const query = recordedQuery(asked);
    queries.push(query);
    const fields = documents(query.collection);
    return fields === undefined ? [] : [snapshotOf(asked.firestore.doc(`${query.path}/x`), fields)];
  };
  for (const method of ["where", "orderBy"] as const) {
    const original: unknown = Reflect.get(Query.prototype, method);
    sandbox.replace(Query.prototype, method, function (this: Query, ...args: unknown[]) {
      const line = /engine\/src\/(\S+:\d+):\d+/.exec(new Error().stack ?? "")?.[1];
      if (line !== undefined) lines.add(line);
      return typeof original === "function" ? original.apply(this, args) : this;
    });
  }
  sandbox.replace(Query.prototype, "get", async function (this: Query) {
    const docs = answer(this);
    return withFields(QuerySnapshot, { docs, size: docs.length, empty: docs.length === 0 });
  });
  sandbox.replace(Query.prototype, "stream", function (this: Query) {
    return Readable.from(answer(this));
  });
  sandbox.replace(Query.prototype, "count", function (this: Query) {
    const get = async () => {
      queries.push(recordedQuery(this));
      return { data: () => ({ count: 0 }) };
    };
    return withFields(Object, { get });
  });
}

function replaceDocuments(sandbox: sinon.SinonSandbox, documents: Documents, { deleted }: Recording): void {
  const read = (ref: DocumentReference) => snapshotOf(ref, documents(ref.parent.id));
  sandbox.replace(DocumentReference.prototype, "get", async function (this: DocumentReference) {
    return read(this);
  });
  sandbox.replace(Firestore.prototype, "getAll", async (...refs: unknown[]) =>
    refs.flatMap((ref) => (ref instanceof DocumentReference ? [read(ref)] : [])),
  );
  sandbox.replace(DocumentReference.prototype, "delete", async function (this: DocumentReference) {
    deleted.push(this.path);
    return withFields(Object, {});
  });
  sandbox.replace(WriteBatch.prototype, "delete", function (this: WriteBatch, ref: DocumentReference) {
    deleted.push(ref.path);
    return this;
  });
  sandbox.replace(DocumentReference.prototype, "update", async () => withFields(Object, {}));
  sandbox.replace(WriteBatch.prototype, "commit", async () => []);
}

function recordedQuery(query: Query): RecordedQuery {
  const toProto: unknown = Reflect.get(query, "toProto");
  const { parent, structuredQuery } = Request.parse(typeof toProto === "function" ? toProto.call(query) : undefined);
  const [{ collectionId, allDescendants = false }] = structuredQuery.from;
  const { where, orderBy = [] } = structuredQuery;
  const filters = where === undefined ? [] : "compositeFilter" in where ? where.compositeFilter.filters : [where];
  const within = parent.split("/documents/")[1];
  return {
    collection: collectionId,
    path: within === undefined ? collectionId : `${within}/${collectionId}`,
    isGroup: allDescendants,
    filters: filters.map(({ fieldFilter: { field, op } }) => ({ path: field.fieldPath, kind: op })),
    orders: orderBy.map(({ field, direction }) => ({ path: field.fieldPath, kind: direction })),
  };
}

function snapshotOf(ref: DocumentReference, fields: Record<string, unknown> | undefined) {
  const updateTime = fields && Timestamp.fromMillis(0);
  const get = (path: string) => fields?.[path];
  return withFields(DocumentSnapshot, {
    id: ref.id,
    ref,
    exists: fields !== undefined,
    updateTime,
    get,
    data: () => fields,
  });
}

/** An object of that class, made without its constructor. */
function withFields(type: { prototype: object }, fields: object) {
  const made = Object.create(type.prototype);
  for (const [name, value] of Object.entries(fields)) Object.defineProperty(made, name, { value });
  return made;
}
