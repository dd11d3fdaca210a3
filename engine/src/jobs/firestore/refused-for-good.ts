import { PermanentError } from "../../job-types/job-errors.ts";

/** gRPC statuses of a write that Firestore refuses however often it is tried, with the code that the owner sees. */
const REFUSALS: readonly [status: number, code: string, meaning: string][] = [
  [3, "document-refused", "Firestore refuses a document of this commit"],
  [5, "document-not-found", "A document that this commit updates does not exist"],
  [6, "document-exists", "A document that this commit creates exists already"],
];

/** A PermanentError for what Firestore refused for good; any other error as it is. */
export function asPermanent(error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  const refusal = REFUSALS.find(([status]) => status === error.code);
  return refusal ? new PermanentError(refusal[1], `${refusal[2]}: ${error.message}`, { cause: error }) : error;
}
