/** Signs the local cloud's webhooks. Public, since it is in the repository: it protects nothing outside this machine. */
export const LOCAL_WEBHOOK_MASTER_SECRET = "local-cloud-webhook-master-secret-0123456789";

/** The project id of every local cloud. Firebase's tools never look for a real project behind the prefix `demo-`. */
export const LOCAL_PROJECT_ID = "demo-baton";
