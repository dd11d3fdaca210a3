import { secretmanager } from "@pulumi/gcp";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { FunctionName, Identities } from "./identities.ts";

/** Those that sign webhooks, and the one that shows and keeps their secrets. */
const SIGNERS: readonly FunctionName[] = ["api", "notify", "deliver"];

/** Every secret, and the functions that read it. */
const READERS: Record<string, readonly FunctionName[]> = {
  YOUTUBE_API_KEY: ["worker"],
  WEBHOOK_MASTER_SECRET: SIGNERS,
  WEBHOOK_ENCRYPTION_KEYS: SIGNERS,
};

/**
 * The secrets, empty, and who may read each. Values are added by hand and never pass through here, so that none is in
 * Pulumi's state. Deletion is refused: without WEBHOOK_MASTER_SECRET every owner's webhook verification would break, and
 * without WEBHOOK_ENCRYPTION_KEYS no endpoint's secret could be read again.
 */
export function declareSecrets(identities: Identities, options: CustomResourceOptions): secretmanager.Secret[] {
  return Object.entries(READERS).map(([secretId, readers]) => {
    const secret = new secretmanager.Secret(
      secretId,
      { secretId, replication: { auto: {} }, deletionProtection: true },
      options,
    );
    for (const reader of readers) {
      new secretmanager.SecretIamMember(
        `${secretId}-${reader}`,
        { secretId: secret.id, role: "roles/secretmanager.secretAccessor", member: identities[reader].member },
        options,
      );
    }
    return secret;
  });
}
