import { FieldPath, type Firestore, type Transaction } from "@google-cloud/firestore";
import type { DocumentTransaction } from "../../job-types/document-transaction.ts";
import { PermanentError } from "../../job-types/job-errors.ts";
import { type Fields, fromFields } from "../../platform/firestore/documents.ts";
import { commitSize } from "./commit-size.ts";
import { demandDocumentPath, documentFields, refusedByFirestore, type WriteKind } from "./document-values.ts";

/**
 * A handler's view of a Firestore transaction: the team's own documents, dates for Timestamps, and field names taken as
 * they are.
 */
export function documentTransaction(db: Firestore, transaction: Transaction): DocumentTransaction {
  let hasWritten = false;
  const count = commitSize();
  const fieldsOf = (path: string, fields: unknown, kind: WriteKind) => {
    const stored = documentFields(path, fields, kind);
    count(path, stored);
    return stored;
  };
  const write = (path: string, call: () => unknown) => {
    demandDocumentPath(path);
    hasWritten = true;
    refusedByFirestore(path, call);
  };
  return {
    async get(path) {
      demandDocumentPath(path);
      if (hasWritten) throw readAfterWrite(path);
      const fields = (await transaction.get(db.doc(path))).data();
      return fields && fromFields(fields);
    },
    create(path, fields) {
      const stored = fieldsOf(path, fields, "create");
      write(path, () => transaction.create(db.doc(path), stored));
    },
    set(path, fields) {
      const stored = fieldsOf(path, fields, "set");
      write(path, () => transaction.set(db.doc(path), stored));
    },
    update(path, fields) {
      const [first, ...rest] = byFieldPath(fieldsOf(path, fields, "update"));
      write(path, () => {
        const document = db.doc(path);
        if (first) transaction.update(document, first[0], first[1], ...rest.flat());
        else transaction.update(document, {});
      });
    },
    delete(path) {
      write(path, () => transaction.delete(db.doc(path)));
    },
  };
}

/** The error of a handler that reads within a transaction after it wrote. */
export function readAfterWrite(path: string): PermanentError {
  return new PermanentError(
    "invalid-commit",
    `A commit reads before it writes; document ${path} was read after a write.`,
  );
}

/** In `update`'s map form a dot in a name would mean a field within a field. */
function byFieldPath(fields: Fields): [FieldPath, unknown][] {
  return Object.entries(fields).map(([name, value]) => [new FieldPath(name), value]);
}
