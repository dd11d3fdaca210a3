import { secretmanager } from "@pulumi/gcp";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { FunctionName, Identities } from "./identities.ts";

/** Every secret, and the functions that read it. */
const READERS: Record<string, readonly FunctionName[]> = {
  YOUTUBE_API_KEY: ["worker"],
  WEBHOOK_MASTER_SECRET: ["api", "notify", "deliver"],
};

/**
 * The secrets, empty, and who may read each. Values are added by hand and never pass through here, so that none is in
 * Pulumi's state. Losing WEBHOOK_MASTER_SECRET would break every owner's webhook verification: deletion is refused.
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
