/**
 * Signs the local cloud's webhooks. Public, since it is in the repository: it protects nothing outside this machine.
 */
export const LOCAL_WEBHOOK_MASTER_SECRET = "local-cloud-webhook-master-secret-0123456789";

/** Seals the secrets of the local cloud's webhook endpoints: one key, `local`. As public as the one above. */
export const LOCAL_WEBHOOK_ENCRYPTION_KEYS = "local:bG9jYWwtY2xvdWQtd2ViaG9vay1zZWFsaW5nLWtleSE=";

/** The project id of this repository's local clouds. Firebase's tools never look for a real project behind `demo-`. */
export const LOCAL_PROJECT_ID = "demo-baton";

/** The default bucket of a project, which is below the same prefix. */
export function bucketOf(projectId: string): string {
  return `${projectId}.firebasestorage.app`;
}
