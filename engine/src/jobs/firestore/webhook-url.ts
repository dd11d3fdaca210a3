import type { DocumentReference } from "@google-cloud/firestore";

/** Reads the URL in `batonJobs/{jobId}/batonPayloads/webhook`; undefined when there is none. */
export async function readWebhookUrl(document: DocumentReference): Promise<string | undefined> {
  const url: unknown = (await document.get()).get("url");
  return typeof url === "string" ? url : undefined;
}
