import { FieldPath, type Firestore, type Transaction } from "@google-cloud/firestore";
import { demandForeignDocument } from "../../core/own-documents.ts";
import type { DocumentTransaction } from "../../core/ports.ts";
import { type Fields, fromFields, toFields } from "./documents.ts";

/** A handler's view of a Firestore transaction: the team's own documents, dates for Timestamps, and field names taken as they are. */
export function documentTransaction(db: Firestore, transaction: Transaction): DocumentTransaction {
  const documentAt = (path: string) => {
    demandForeignDocument(path);
    return db.doc(path);
  };
  return {
    async get(path) {
      const fields = (await transaction.get(documentAt(path))).data();
      return fields && fromFields(fields);
    },
    create(path, fields) {
      transaction.create(documentAt(path), toFields(fields));
    },
    set(path, fields) {
      transaction.set(documentAt(path), toFields(fields));
    },
    update(path, fields) {
      const [first, ...rest] = byFieldPath(toFields(fields));
      const document = documentAt(path);
      if (first) transaction.update(document, first[0], first[1], ...rest.flat());
      else transaction.update(document, {});
    },
    delete(path) {
      transaction.delete(documentAt(path));
    },
  };
}

/** In `update`'s map form a dot in a name would mean a field within a field. */
function byFieldPath(fields: Fields): [FieldPath, unknown][] {
  return Object.entries(fields).map(([name, value]) => [new FieldPath(name), value]);
}
