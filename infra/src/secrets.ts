import { secretmanager } from "@pulumi/gcp";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { type Identities, membersOf } from "./identities.ts";
import type { Plan } from "./plan.ts";

/**
 * Declares the secrets, without values, and who may read each. An operator adds the values with gcloud, so that none is
 * in Pulumi's state. Deletion is refused: without WEBHOOK_MASTER_SECRET every owner's webhook verification would break,
 * and without WEBHOOK_ENCRYPTION_KEYS no endpoint's secret could be read again.
 */
export function declareSecrets(
  secrets: Plan["secrets"],
  identities: Identities,
  options: CustomResourceOptions,
): secretmanager.Secret[] {
  return [...secrets].map(([secretId, readers]) => {
    const secret = new secretmanager.Secret(
      secretId,
      { secretId, replication: { auto: {} }, deletionProtection: true },
      options,
    );
    for (const { accountId, member } of membersOf(identities, readers)) {
      new secretmanager.SecretIamMember(
        `${secretId}-${accountId}`,
        { secretId: secret.id, role: "roles/secretmanager.secretAccessor", member },
        options,
      );
    }
    return secret;
  });
}
