import { FUNCTION_NAMES } from "../../../engine/src/functions/function-names.ts";
import { COLLECTIONS } from "../../../engine/src/platform/firestore/collections.ts";

/** Says what Baton leaves in a project in the cloud, and how it is deleted there. */
export function leftInCloud(install: string): string {
  const functions = FUNCTION_NAMES.map((name) => `baton-${name}`).join(" ");
  return `
Done here: run "${install}" to bring the lockfile up to date. If Baton was deployed, this stays in the cloud until you delete it:

  the functions, and their messages that are under way (one worker more for each queue of your own: baton-worker-NAME):
    firebase functions:delete ${functions}
  its indexes and TTL policies: the next deploy of indexes asks whether to delete those that your file does not name:
    firebase deploy --only firestore
  its documents, in the collections ${Object.values(COLLECTIONS).join(", ")}:
    firebase firestore:delete --recursive batonJobs
  its topics, the secrets WEBHOOK_MASTER_SECRET and WEBHOOK_ENCRYPTION_KEYS, and files below batonFiles/ in your bucket:
    gcloud pubsub topics list --filter="name~/baton-"
    gcloud secrets list --filter="name~/WEBHOOK_"`;
}
